from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.browser.dashboard.filling import BOSS, PASSWORD, made_once
from tests.browser.dashboard.served import Served, served

DEMO_LEADS = 600
# Whatever else the machine does: what has to come comes.
PATIENCE_MS = 30_000


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the filled databases, the same for all processes that run these tests."""
    if not settings.DASHBOARD_MANIFEST.exists():
        pytest.skip("the dashboard is not built: `make frontend`")  # Node.js is optional; CI has it
    expect.set_options(timeout=PATIENCE_MS)
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def demo(templates: Path) -> Path:
    """A database with demo leads and trained models, to be copied."""
    return made_once(templates / "demo.sqlite3", DEMO_LEADS)


@pytest.fixture(scope="session")
def dashboard(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The application with demo leads and trained models, in processes of its own."""
    with served(demo, tmp_path_factory.mktemp("dashboard")) as application:
        yield application


@pytest.fixture(scope="module")
def new_dashboard(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The application as somebody has just installed it."""
    template = made_once(templates / "new.sqlite3", 0)
    with served(template, tmp_path_factory.mktemp("new")) as application:
        yield application


def log_in(page: Page, dashboard: Served, path: str = "/leads", user: str = BOSS) -> Page:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(dashboard.url + path)
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.click("text=Log in")
    page.wait_for_url(f"**{path}")
    return page


@pytest.fixture
def sales(page: Page, dashboard: Served) -> Page:
    """A page with the list of leads, for who may do everything."""
    return log_in(page, dashboard)


@pytest.fixture
def second(browser: Browser, dashboard: Served) -> Iterator[Page]:
    """Another browser, with a session of its own."""
    context = browser.new_context()
    yield log_in(context.new_page(), dashboard, "/scoring")
    context.close()
