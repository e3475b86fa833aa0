# The two commands a newcomer needs are `make run` and `make test`; `make help` lists them all.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export TEST_DATABASE_URL_SERVICES ?= postgres://postgres@127.0.0.1:5432/postgres
export TEST_REDIS_URL_SERVICES ?= redis://127.0.0.1:6379/9

MANAGE := $(BIN)/python manage.py
PORT ?= 8000

# Whether there is a Node.js that can build the dashboard.
NODE := $(shell node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a == 22 && b >= 12) || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null && command -v npm)
NPM_INSTALLED := frontend/node_modules/.package-lock.json
DASHBOARD := frontend/dist/.vite/manifest.json

.PHONY: bench check check-frontend check-python check-types frontend help installed lock node quality run schema serve setup setup-dev setup-torch test test-services test-torch

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet uv

$(VENV)/.installed: requirements.txt $(BIN)/uv
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(BIN)/uv
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

var/local.env:
	@mkdir -p var
	@umask 077 && $(PYTHON) -c "import secrets; print('SECRET_KEY=' + secrets.token_urlsafe(50)); print('ALLOWED_HOSTS=127.0.0.1,localhost'); print('HTTPS=false')" > $@

$(NPM_INSTALLED): frontend/package-lock.json
	cd frontend && npm ci --silent

$(DASHBOARD): $(NPM_INSTALLED) frontend/vite.config.ts $(shell find frontend/src -type f)
	cd frontend && npm run --silent build -- --logLevel warn

node:
	@test -n '$(NODE)'

# Not left to the make below, which would install beside this one when jobs run in parallel.
frontend: $(if $(NODE),$(NPM_INSTALLED)) ## Build the dashboard (Node.js 20.19 or later)
ifeq ($(NODE),)
	@echo 'Node.js 20.19 or later is not installed: the dashboard is not built. All else works.'
else
	@$(MAKE) --no-print-directory --silent $(DASHBOARD)
endif

var/static/staticfiles.json: $(VENV)/.installed var/local.env $(wildcard $(DASHBOARD)) $(filter-out var/%,$(wildcard */static/*/*))
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@touch $@

installed: $(VENV)/.installed var/local.env frontend
	@$(MAKE) --no-print-directory --silent var/static/staticfiles.json

setup: installed ## Install the application, with settings for this machine alone
	@$(MANAGE) migrate --verbosity 0

run: installed ## Serve http://127.0.0.1:8000 with demo data and a trained model
	@$(MANAGE) quickstart --port $(PORT)
	$(BIN)/python -m leadscoring.with_worker $(BIN)/granian --interface asgi --host 127.0.0.1 --port $(PORT) --workers 1 leadscoring.asgi:application

serve: setup ## Serve as in production, by the settings of the environment: see docs/operations.md
	$(BIN)/python manage.py check --deploy
	$(BIN)/python -m leadscoring.serve

setup-dev: $(VENV)/.installed-dev ## Install what its tests and checks need

test: setup-dev frontend ## All tests that need no outside service
	$(BIN)/pytest -n 2

test-services: setup-dev ## The tests again, on PostgreSQL and Redis (skipped, with the reason, where there are none)
	@if $(BIN)/python -m tests.services; then \
	  TEST_DATABASE_URL=$(TEST_DATABASE_URL_SERVICES) TEST_REDIS_URL=$(TEST_REDIS_URL_SERVICES) $(BIN)/pytest -n 2 tests/crm tests/leadscoring tests/live tests/scoring --ignore tests/scoring/ml; \
	elif [ "$$CI" = true ]; then exit 1; fi

# pip, not uv: it takes a wheel that lies on the machine, where there is one.
$(VENV)-torch/.installed: requirements-dev.txt
	$(PYTHON) -m venv $(VENV)-torch
	$(VENV)-torch/bin/pip install --quiet uv
	VIRTUAL_ENV=$(VENV)-torch $(VENV)-torch/bin/uv pip install --quiet --require-hashes -r requirements-dev.txt
	$(VENV)-torch/bin/pip install --quiet torch==2.13.0 skorch==1.4.0
	@touch $@

setup-torch: $(VENV)-torch/.installed

test-torch: setup-torch ## The neural network on PyTorch, in an environment of its own
	$(VENV)-torch/bin/pytest tests/scoring/ml/training/test_neural_torch.py

check-frontend: $(NPM_INSTALLED) ## The dashboard's lint, types, unit tests and drift from the API
	cd frontend && npm run --silent check

check: check-types check-frontend check-python ## Lint, types, import contracts, migrations, schema drift, deploy check

check-types: setup-dev
	$(BIN)/mypy .

check-python: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	@mkdir -p var
	$(BIN)/python -m tests.deployment "makemigrations --check --dry-run" \
		"check --deploy --fail-level WARNING" \
		"spectacular --fail-on-warn --validate --file var/openapi.yaml"
	diff -u docs/openapi.yaml var/openapi.yaml

schema: setup-dev ## Write docs/openapi.yaml and the dashboard's types again after a change of the API
	$(BIN)/python -m tests.deployment "spectacular --fail-on-warn --validate --file docs/openapi.yaml"
ifneq ($(NODE),)
	@$(MAKE) --no-print-directory --silent $(NPM_INSTALLED)
	cd frontend && npm run --silent types
endif

bench: setup-dev ## Speed as ratios against an honest peer (ONLY=name for one row); writes var/bench.json
	$(BIN)/python -m tests.benchmarks $(ONLY)

# AutoGluon wants other versions of what we use, so it has an environment of its own.
$(VENV)-autogluon/.installed:
	$(PYTHON) -m venv $(VENV)-autogluon
	$(VENV)-autogluon/bin/pip install --quiet uv
	VIRTUAL_ENV=$(VENV)-autogluon $(VENV)-autogluon/bin/uv pip install --quiet "autogluon.tabular[lightgbm,catboost,xgboost,fastai,ray]==1.6.3"
	@touch $@

quality: setup-dev ## Predictions beside AutoML's on open data (SETS="bank salvirt"); make .venv-autogluon/.installed first for AutoGluon
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.benchmarks.quality $(SETS)

lock: $(BIN)/uv ## Resolve the pinned requirements again, after editing pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --no-emit-index-url pyproject.toml --extra postgres --extra redis --extra cluster -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --no-emit-index-url pyproject.toml --extra postgres --extra redis --extra cluster --extra dev -c requirements.txt -o requirements-dev.txt
