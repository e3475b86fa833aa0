"""All settings, read from the environment (or from ENV_FILE, `var/local.env`), checked at start.

docs/operations.md lists every variable. A wrong one stops the process with a sentence that
says what to set.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL
from django.core.exceptions import ImproperlyConfigured

from leadscoring.cluster_settings import read_cluster
from leadscoring.environment import (
    LOOPBACK_HOSTS,
    ROOT,
    VAR_DIR,
    cors_origins,
    database,
    env,
    grade_thresholds,
    secret_key,
    whole_number,
)
from leadscoring.logs import logging_config
from scoring.actionable import DEFAULT, read_actions

VERSION = "0.1.0"
BASE_DIR: Path = ROOT

# --- who may reach it, and how ---------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
if not (ALLOWED_HOSTS or DEBUG):
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the host names that users type, by commas.")
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
SECRET_KEY = secret_key()

# Plain HTTP is for this machine only: API keys and session cookies travel in each request.
HTTPS = env.bool("HTTPS", True)
if not HTTPS and not DEBUG and not LOOPBACK_HOSTS.issuperset(ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        "HTTPS=false is only for a server that answers on loopback: set ALLOWED_HOSTS to "
        f"{','.join(sorted(LOOPBACK_HOSTS))} or leave HTTPS on."
    )
SECURE_SSL_REDIRECT = HTTPS
# A client of the API must notice that it sent its key in the clear: refused, never redirected.
SECURE_REDIRECT_EXEMPT = [r"^api/"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env.bool("BEHIND_TLS_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

# Pages of other origins that may call the API by a key. Never by a cookie: those are our pages'.
CORS_ALLOWED_ORIGINS = cors_origins()
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = (
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "x-api-key",
    "x-request-id",
)
CORS_EXPOSE_HEADERS = (
    "content-disposition",
    "idempotency-replayed",
    "retry-after",
    "www-authenticate",
    "x-request-id",
)

_CSP = {"default-src": [SELF], "object-src": [NONE], "frame-ancestors": [NONE], "base-uri": [SELF]}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **_CSP,
        "script-src": [SELF, NONCE],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:"],
    }
}
# The admin theme's overlays evaluate expressions; nothing but the admin and the login may.
ADMIN_SCRIPT_SRC = [SELF, NONCE, UNSAFE_EVAL]

# --- applications ----------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "leadscoring.admin_config.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "corsheaders",
    "csp",
    "django_vite",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "rest_framework",
    "rest_framework_api_key",
    "simple_history",
    "leadscoring.access",
    "crm",
    "scoring",
]
MIDDLEWARE = [
    # Outside of all: a refusal of any other needs its headers, or a page cannot read it.
    "corsheaders.middleware.CorsMiddleware",
    "leadscoring.api.middleware.ApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "leadscoring.people.Sessions",
    "leadscoring.people.Language",
    "leadscoring.people.Common",
    "leadscoring.people.Csrf",
    "leadscoring.people.Users",
    "leadscoring.people.Messages",
    "leadscoring.people.Frames",
    "leadscoring.people.Scripts",
    "leadscoring.api.middleware.RequestLog",
]
ROOT_URLCONF = "leadscoring.urls"
WSGI_APPLICATION = "leadscoring.wsgi.application"
APPEND_SLASH = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    }
]
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "leadscoring.static.StaticStorage"},
}
# Names with the hash that Django, or that the dashboard's build, has put into them.
WHITENOISE_IMMUTABLE_FILE_TEST = r"\.[0-9a-f]{12}\.\w+$|/dashboard/[^/]+-[\w-]{8}\.\w+$"
# The dashboard, as `make frontend` builds it.
_DASHBOARD = BASE_DIR / "frontend" / "dist"
DASHBOARD_MANIFEST = _DASHBOARD / ".vite" / "manifest.json"
STATICFILES_DIRS = [("dashboard", _DASHBOARD)] if DASHBOARD_MANIFEST.exists() else []
DJANGO_VITE = {
    "default": {"manifest_path": DASHBOARD_MANIFEST, "static_url_prefix": "dashboard"},
}
SILENCED_SYSTEM_CHECKS = [
    # Not built: the page says so, and how to; each command need not.
    "django_vite.W001",
    # They look for two middlewares by name; leadscoring.E005 looks for our subclasses of them.
    "security.W002",
    "security.W003",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = LOGOUT_REDIRECT_URL = "login"
LOGIN_REDIRECT_URL = "dashboard"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- database --------------------------------------------------------------------------------
DATABASES = {"default": database()}

# --- cache: rate limits need one that counts for all processes ---------------------------------
REDIS_URL: str = env.str("REDIS_URL", "")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # More than one counter a key: a full cache throws counters away.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
# A counter that the cache has lost is no reason to refuse.
RATELIMIT_FAIL_OPEN = True
# The server's own variable, so that the checks know how many processes share the cache.
WEB_PROCESSES: int = env.int("GRANIAN_WORKERS", 1)

# --- language, time, money ---------------------------------------------------------------------
LANGUAGE_CODE = env.str("LANGUAGE_CODE", "en")
TIME_ZONE: str = env.str("TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True
CURRENCY: str = env.str("CURRENCY", "EUR")

# --- the API -----------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "leadscoring.errors.handle_exception",
    "DEFAULT_SCHEMA_CLASS": "leadscoring.api.openapi.ApiSchema",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lead scoring",
    "DESCRIPTION": "Which leads will buy, why, and how sure that is.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api",
    "PATH_CONVERTER_OVERRIDES": {
        "external_id": {"type": "string", "minLength": 1, "maxLength": 200},
        "version": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    },
    "POSTPROCESSING_HOOKS": ["leadscoring.api.openapi.add_components"],
}
# For so long a process goes on with what it last saw of an API key.
KEY_SECONDS = 5.0
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# --- tables in the admin: whole lists of people, so only for those who were given the right ------
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"

# --- modelling ---------------------------------------------------------------------------------
# A lead counts as converted if it is won within this many days of the day it is scored.
OUTCOME_WINDOW_DAYS = whole_number("OUTCOME_WINDOW_DAYS", 90, most=3650, unit="days")
GRADE_THRESHOLDS = grade_thresholds()
# What a salesperson can do about a lead, as `POST /api/what-if` may propose it.
ACTIONABLE_FIELDS = read_actions(env.json("ACTIONABLE_FIELDS", DEFAULT))

# For so long a process goes on with the versions it looked up last, if another process chose.
CHOICE_SECONDS = 5.0
# So long news can be read; who was away for longer reloads.
EVENT_HOURS = whole_number("EVENT_HOURS", 48, most=8760, unit="hours")
# A cache: the database holds every model. It may be emptied at any time.
MODEL_DIR: Path = env.path("MODEL_DIR", VAR_DIR / "models")

# --- jobs: what `manage.py worker` does -----------------------------------------------------------
# A worker that has not been heard of for so long is dead: another one goes on with its job.
JOB_LEASE_SECONDS: float = env.float("JOB_LEASE_SECONDS", 30.0)
if not 1 <= JOB_LEASE_SECONDS <= 3600:
    raise ImproperlyConfigured("JOB_LEASE_SECONDS must be from 1 to 3600 seconds.")
# A job on which so many workers in a row get nowhere has failed.
JOB_ATTEMPTS = whole_number("JOB_ATTEMPTS", 5, most=100)
# Then a job that is over goes, with its results.
JOB_KEPT_DAYS = whole_number("JOB_KEPT_DAYS", 14, most=3650, unit="days")
# The largest file that can be sent to be scored or imported.
UPLOAD_MAX_MB = whole_number("UPLOAD_MAX_MB", 256, most=10_000, unit="megabytes")

# --- several machines: a Dask cluster for bulk scoring and training ----------------------------
SCORING_CLUSTER = read_cluster(env)

# --- logs --------------------------------------------------------------------------------------
LOG_LEVEL: str = env.str("LOG_LEVEL", "INFO")
LOGGING = logging_config(LOG_LEVEL)

# --- the admin's looks -------------------------------------------------------------------------
UNFOLD = {
    "SITE_TITLE": "Lead scoring",
    "SITE_HEADER": "Lead scoring",
    "SITE_SYMBOL": "trending_up",
    "SIDEBAR": {"navigation": "leadscoring.navigation.sidebar"},
}
