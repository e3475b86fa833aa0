"""Who is let in, and who is shown out while connected."""

from __future__ import annotations

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.live.site import CORS_ORIGIN, Site, Watch


def refused(watch: Watch) -> int:
    """The code of a socket that is closed before it is told anything."""
    with watch:
        code, told = watch.end()
    assert [each["kind"] for each in told] == ["closing"]
    assert told[0]["payload"]["reason"]
    return code


def test_a_page_of_another_origin_is_refused(site: Site) -> None:
    with site.log_in("root") as browser:
        for origin in (
            "http://evil.example",
            CORS_ORIGIN,
            f"https://127.0.0.1:{site.port}",
            f"http://127.0.0.1:{site.port + 1}",
            "http://127.0.0.1",
            f"http://127.0.0.1:{site.port}.evil.example",
            "null",
        ):
            assert refused(site.watch_as(browser, origin)) == 4403
        with site.watch_as(browser) as watch:
            assert watch.next()["kind"] == "hello"


def test_a_cookie_without_an_origin_is_refused(site: Site) -> None:
    with site.log_in("root") as browser:
        assert refused(site.watch_with(browser.cookies["sessionid"], origin=None)) == 4403


def test_nobody_is_let_in_without_a_session_or_ticket(site: Site) -> None:
    for session in ("", "x" * 32):
        assert refused(site.watch_with(session, site.origin)) == 4401


def test_a_ticket_that_is_used_expired_or_made_up_is_refused(site: Site) -> None:
    used, late = site.ticket(), site.ticket()
    with Watch(connect(site.url(f"ticket={used}"))) as watch:
        assert watch.next()["kind"] == "hello"
    site.elsewhere.run(
        "from leadscoring.access.models import WsTicket\n"
        "from django.utils import timezone\n"
        "WsTicket.objects.update(expires_at=timezone.now())"
    )
    for ticket in (used, late, "", "x" * 43):
        assert refused(Watch(connect(site.url(f"ticket={ticket}")))) == 4401


def test_a_user_without_the_permission_is_refused(site: Site) -> None:
    with site.log_in("eve") as browser:
        assert refused(site.watch_as(browser)) == 4403


def test_a_key_without_the_scope_gets_no_ticket(site: Site) -> None:
    key = site.create_key("weak", scopes="predict")
    assert site.api("POST", "/api/ws-ticket", key=key).status_code == 403


def test_logging_out_closes(site: Site) -> None:
    with (
        site.log_in("root") as browser,
        site.log_in("root") as elsewhere,
        site.watch_as(browser) as watch,
        site.watch_as(elsewhere) as other,
    ):
        watch.next("hello")
        other.next("hello")
        token = {"csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        browser.post("/admin/logout/", data=token, headers={"Referer": site.origin})
        code, told = watch.end()
        assert (code, told[-1]["kind"]) == (4401, "closing")
        site.write_events(1)
        assert other.next("told")["payload"]["n"] == 0


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("ada", "user.is_superuser = False"),
        ("bob", "user.set_password('another one 0123')"),
    ],
)
def test_a_right_taken_away_or_a_new_password_closes(site: Site, name: str, change: str) -> None:
    with site.log_in(name) as browser, site.watch_as(browser) as watch:
        watch.next("hello")
        site.elsewhere.run(
            "from django.contrib.auth.models import User\n"
            f"user = User.objects.get(username={name!r})\n{change}\nuser.save()"
        )
        assert watch.end()[0] == 4401


def test_a_revoked_key_closes(site: Site) -> None:
    key = site.create_key("short-lived")
    with Watch(connect(site.url(f"ticket={site.ticket(key)}"))) as watch:
        watch.next("hello")
        site.elsewhere.run(
            "from leadscoring.access.models import ApiKey\n"
            "ApiKey.objects.filter(name='short-lived').update(revoked=True)"
        )
        assert watch.end()[0] == 4401


@pytest.mark.parametrize("cursor", ["x", "-1", "1e3", "9" * 30, "²"])
def test_a_cursor_that_is_none_is_refused(site: Site, cursor: str) -> None:
    assert refused(site.watch(f"after={cursor}")) == 4400


def test_another_path_is_no_socket(site: Site) -> None:
    with (
        pytest.raises(InvalidStatus) as refusal,
        connect(f"ws://127.0.0.1:{site.port}/ws/other"),
    ):
        pass
    assert refusal.value.response.status_code == 403
