"""What the settings read from the environment, each refused in words if it cannot be right."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env

ROOT = Path(__file__).resolve().parent.parent
VAR_DIR = ROOT / "var"
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
# As a browser writes it in the header `Origin`.
_ORIGIN = re.compile(r"(https?)://([\w-]+(?:\.[\w-]+)*|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?", re.A)
_DEFAULT_PORTS = frozenset({("https", ":443"), ("http", ":80")})

env = Env()
env.read_env(os.environ.get("ENV_FILE", str(VAR_DIR / "local.env")), recurse=False)


def whole_number(name: str, default: int, *, most: int, unit: str = "") -> int:
    """A setting from 1 to `most`, refused in words if it is not."""
    value: int = env.int(name, default)
    if not 1 <= value <= most:
        raise ImproperlyConfigured(f"{name} must be from 1 to {most} {unit}".rstrip() + ".")
    return value


def secret_key() -> str:
    """The SECRET_KEY, refused if a stranger could guess it."""
    key: str = env.str("SECRET_KEY", "")
    if len(key) < 50 or len(set(key)) < 20 or key.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or weak: set it to at least 50 random characters, e.g. from "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'."
        )
    return key


def cors_origins() -> list[str]:
    """The origins of CORS_ORIGINS, each a page's whose scripts may call the API."""
    origins: list[str] = env.list("CORS_ORIGINS", [])
    for origin in origins:
        if "*" in origin:
            raise ImproperlyConfigured(
                f"CORS_ORIGINS must not hold {origin}: pages of strangers could call the API. "
                "Name each origin, e.g. https://crm.example.com."
            )
        parts = _ORIGIN.fullmatch(origin)
        if parts is None or origin != origin.lower() or parts.group(1, 3) in _DEFAULT_PORTS:
            raise ImproperlyConfigured(
                f"CORS_ORIGINS: {origin!r} is not what a browser sends. Write scheme, host and "
                "port only, in lower case, without a path, a closing slash or the scheme's own "
                "port, by commas, e.g. https://crm.example.com,https://sales.example.com:8443."
            )
        if parts[1] == "http" and parts[2] not in LOOPBACK_HOSTS:
            raise ImproperlyConfigured(
                f"CORS_ORIGINS: {origin} comes in the clear, so that anybody on its way can read "
                "the key that it uses. Serve that page by https://; http:// is for "
                f"{', '.join(sorted(LOOPBACK_HOSTS))}."
            )
    return origins


def database() -> dict[str, Any]:
    """SQLite that survives power cuts and waits for its turn, or what DATABASE_URL names."""
    config: dict[str, Any] = env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")
    if config["ENGINE"].endswith("sqlite3"):
        VAR_DIR.mkdir(exist_ok=True)
        config["OPTIONS"] = {
            # Taking the write lock at BEGIN lets two writers queue instead of failing midway.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000;"
            ),
        }
    else:
        config["ENGINE"] = "leadscoring.postgresql"
        config["CONN_HEALTH_CHECKS"] = True
    # Opening one per request costs more than most requests, closing SQLite's last one a checkpoint.
    config["CONN_MAX_AGE"] = 60
    return config


def grade_thresholds() -> tuple[float, ...] | None:
    """The least probabilities of an A, a B and a C; None: they follow from the share won."""
    given: list[float] = env.list("GRADE_THRESHOLDS", [], subcast=float)
    if not given:
        return None
    if len(given) != 3 or not 1 >= given[0] > given[1] > given[2] > 0:
        raise ImproperlyConfigured(
            "GRADE_THRESHOLDS must be three falling probabilities, those of A, B and C, "
            "e.g. 0.4,0.2,0.08."
        )
    return tuple(given)
