from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from leadscoring.static import StaticStorage


def test_files_of_the_dashboard_keep_their_names_and_are_compressed(settings, tmp_path: Path):
    built = tmp_path / "dist"
    built.mkdir()
    (built / "main-AbCd_123.js").write_text("import './chart-AbCd_124.js';" * 100)
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [("dashboard", built)]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "leadscoring.static.StaticStorage"}
    }
    call_command("collectstatic", "--noinput", verbosity=0)
    found = {path.name for path in (tmp_path / "static" / "dashboard").iterdir()}
    assert found == {"main-AbCd_123.js", "main-AbCd_123.js.gz"}
    storage = StaticStorage(location=tmp_path / "static", base_url="/static/")
    assert storage.url("dashboard/main-AbCd_123.js") == "/static/dashboard/main-AbCd_123.js"


def test_browsers_may_keep_what_has_a_hash_in_its_name_and_nothing_else():
    def may_keep(url: str) -> bool:
        return re.search(settings.WHITENOISE_IMMUTABLE_FILE_TEST, url) is not None

    assert may_keep("/static/dashboard/main-AbCd_123.js")
    assert may_keep("/static/unfold/css/styles.0123456789ab.css")
    assert not may_keep("/static/unfold/css/some-stylish.css")
    assert not may_keep("/static/dashboard/main.js")
