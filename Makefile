# The two commands a newcomer needs are `make run` and `make test`; `make help` lists them all.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export TEST_DATABASE_URL_SERVICES ?= postgres://postgres@127.0.0.1:5432/postgres
export TEST_REDIS_URL_SERVICES ?= redis://127.0.0.1:6379/9

.PHONY: help setup setup-dev run test test-services check bench lock

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

setup: $(VENV)/.installed ## Install what the application needs

setup-dev: $(VENV)/.installed-dev ## Install what its tests and checks need

test: setup-dev ## All tests that need no outside service
	$(BIN)/pytest -n 2

lock: $(BIN)/uv ## Resolve the pinned requirements again, after editing pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --no-emit-index-url pyproject.toml --extra postgres --extra redis -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --no-emit-index-url pyproject.toml --extra postgres --extra redis --extra dev -c requirements.txt -o requirements-dev.txt
