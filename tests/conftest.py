"""On which of several processes a test runs, and whether it runs on PostgreSQL too."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.databases import given

# A busy machine is no defect. On a build server, where Hypothesis has a profile of its own, that is
# what this one begins with.
settings.register_profile(
    "any-machine", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any-machine")

# Each is served by one server of its own.
ONE_SERVER = ("tests/browser/dashboard/demo", "tests/live")


class ByServerAndFile(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """The tests of a file stay together, and the files of a server, in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((folder for folder in ONE_SERVER if file.startswith(f"{folder}/")), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByServerAndFile:
    # By the number of tests browsers would come first, and they have to be last.
    config.option.loadscopereorder = False
    return ByServerAndFile(config, log)


# Fixtures of tests that reach the services in processes of their own.
ELSEWHERE = {"database", "shared_cluster", "site"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out what touches none: it passed on SQLite (`make test`)."""
    if not given():
        return
    left_out = [item for item in items if not _touches_services(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if _touches_services(item)]


def _touches_services(item: pytest.Item) -> bool:
    # pytest-django lets nobody reach the database without one of these.
    marked = any(item.get_closest_marker(name) for name in ("django_db", "services"))
    fixtures = set(getattr(item, "fixturenames", ()))
    return marked or bool(fixtures & {"db", "transactional_db", *ELSEWHERE})
