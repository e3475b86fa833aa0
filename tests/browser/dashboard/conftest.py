from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.browser.dashboard.served import PASSWORD, Served, served

# Whatever else the machine does: what has to come comes.
PATIENCE_MS = 30_000


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The application with demo leads and trained models, in processes of its own."""
    if not settings.DASHBOARD_MANIFEST.exists():
        pytest.skip("the dashboard is not built: `make frontend`")  # no Node.js; CI has it
    expect.set_options(timeout=PATIENCE_MS)
    with served(Path(tmp_path_factory.mktemp("dashboard"))) as application:
        yield application


def log_in(page: Page, dashboard: Served, path: str = "/leads") -> Page:
    page.goto(dashboard.url + path)
    page.fill("[name=username]", "boss")
    page.fill("[name=password]", PASSWORD)
    page.click("text=Log in")
    page.wait_for_url(f"**{path}")
    return page


@pytest.fixture
def sales(page: Page, dashboard: Served) -> Page:
    """A page with the list of leads, for who may do everything."""
    page.set_default_timeout(PATIENCE_MS)
    return log_in(page, dashboard)


@pytest.fixture
def second(browser: Browser, dashboard: Served) -> Iterator[Page]:
    """Another browser, with a session of its own."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield log_in(page, dashboard, "/scoring")
    context.close()
