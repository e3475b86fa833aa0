"""What one process decides reaches a server that runs already, within ten seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.live.site import Site

PROMISED_SECONDS = 10.0
REVOKE = """
from leadscoring.access.models import ApiKey
assert ApiKey.objects.filter(name="lost").update(revoked=True) == 1
"""


def within_the_promise(found: Callable[[], bool]) -> bool:
    end = time.monotonic() + PROMISED_SECONDS
    while time.monotonic() < end:
        if found():
            return True
        time.sleep(0.1)
    return False


def predict(site: Site, key: str = "") -> tuple[int, object]:
    """The status, and the number of the version that answers."""
    asked = {"leads": [{"id": "other process", "interactions": 9}], "include": ["model"]}
    answer = site.api("POST", "/api/predict", asked, key=key)
    return answer.status_code, answer.json().get("modelVersion")


def test_a_promotion_and_a_rollback_reach_a_running_server(site: Site) -> None:
    assert predict(site) == (200, 101)
    site.elsewhere.manage("promote", "102", "--reason", "better")
    assert within_the_promise(lambda: predict(site) == (200, 102))
    site.elsewhere.manage("rollback", "--reason", "not better")
    assert within_the_promise(lambda: predict(site) == (200, 101))


def test_a_revoked_key_is_refused_by_a_running_server(site: Site) -> None:
    lost = site.create_key("lost")
    assert predict(site, lost)[0] == 200
    site.elsewhere.run(REVOKE)
    assert within_the_promise(lambda: predict(site, lost)[0] == 401)
    assert predict(site)[0] == 200
