"""Are PostgreSQL and Redis there to test against? Says what is missing; exit code 1 if anything."""

import os
import sys

import psycopg
import redis


def missing() -> list[str]:
    """A sentence for each service that does not answer."""
    reasons = []
    try:
        psycopg.connect(os.environ["TEST_DATABASE_URL_SERVICES"], connect_timeout=3).close()
    except psycopg.OperationalError as error:
        reasons.append(f"PostgreSQL does not answer ({error}); set TEST_DATABASE_URL_SERVICES.")
    try:
        redis.Redis.from_url(os.environ["TEST_REDIS_URL_SERVICES"], socket_connect_timeout=3).ping()
    except redis.RedisError as error:
        reasons.append(f"Redis does not answer ({error}); set TEST_REDIS_URL_SERVICES.")
    return reasons


if __name__ == "__main__":
    reasons = missing()
    for reason in reasons:
        print(f"Skipped: {reason}", file=sys.stderr)
    sys.exit(1 if reasons else 0)
