"""A list of 200,000 leads is scrolled without blank rows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard.conftest import log_in
from tests.browser.dashboard.filling import multiply
from tests.browser.dashboard.served import Served, served

LEADS = 200_000
SECONDS = 8
BLANK_MS = 100

# Scrolls 120 pixels a frame; a frame is blank if any row on screen has no lead in it.
SCROLL = """
async (seconds) => {
  const box = document.querySelector("[role=table]");
  const isBlank = () => {
    const { top, bottom, left } = box.getBoundingClientRect();
    for (let y = top + 60; y < bottom - 10; y += 40) {
      const row = document.elementFromPoint(left + 200, y)?.closest("[role=row]");
      if (!row?.querySelector("[data-column=lead] button")) return true;
    }
    return false;
  };
  let blank = 0, since = null, before = performance.now();
  const end = before + 1000 * seconds;
  while (performance.now() < end) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    if (isBlank()) { since ??= before; blank = Math.max(blank, now - since); } else since = null;
    before = now;
    box.scrollTop += 120;
  }
  return { blank, pixels: box.scrollTop };
}
"""


@pytest.fixture
def many(demo: Path, tmp_path: Path) -> Iterator[Served]:
    """The application with as many leads as a large team has."""
    template = Path(shutil.copy(demo, tmp_path / "many.sqlite3"))
    multiply(template, LEADS)
    folder = tmp_path / "served"
    folder.mkdir()
    with served(template, folder) as application:
        yield application


def test_no_row_stays_blank_while_a_long_list_is_scrolled(page: Page, many: Served):
    log_in(page, many)
    expect(page.get_by_text("200,400 leads")).to_be_visible()
    expect(page.locator("[data-column=lead] button").first).to_be_visible()
    measured = page.evaluate(SCROLL, SECONDS)
    assert measured["pixels"] > 0
    assert measured["blank"] < BLANK_MS, measured
