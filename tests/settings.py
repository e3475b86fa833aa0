"""The environment of every test run, whatever this machine has set, then the real settings.

PostgreSQL and Redis come in by TEST_DATABASE_URL and TEST_REDIS_URL (`make test-services`).
"""

import os
import tempfile

os.environ.update(
    ENV_FILE=os.devnull,
    SECRET_KEY="tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
    ALLOWED_HOSTS="127.0.0.1,localhost",
    HTTPS="false",
    DEBUG="false",
    TIME_ZONE="UTC",
    CURRENCY="EUR",
    OUTCOME_WINDOW_DAYS="90",
    GRADE_THRESHOLDS="",
    # Test processes share the cores: threads that wait for each other would take ten times as long.
    OMP_NUM_THREADS="1",
    MODEL_DIR=tempfile.mkdtemp(prefix="leadscoring-models-"),
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL", "sqlite:///:memory:"),
    REDIS_URL=os.environ.get("TEST_REDIS_URL", ""),
    SCORING_CLUSTER="",
    # Tests kill clients, never the server, which so need not wait for its disk.
    PGOPTIONS="-c synchronous_commit=off",
)

from leadscoring.settings import *  # noqa: F403 - only now may they be read

# Hashing passwords slowly on purpose is for production.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The manifest is made by collectstatic, which tests do not run.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405 - from the star above
# Tests choose versions behind the services' back, too.
CHOICE_SECONDS = 0.0
# They revoke keys and look at once.
KEY_SECONDS = 0.0
# Processes that share Redis count apart: in their databases keys and users have the same numbers.
CACHES["default"]["KEY_PREFIX"] = os.environ.get("PYTEST_XDIST_WORKER", "")  # noqa: F405 - from the star above
# Static files straight from their packages: nothing is collected for tests.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
