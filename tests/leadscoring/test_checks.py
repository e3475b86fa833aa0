"""System checks, by their stable ids."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.checks import run_checks

from tests.scoring.versions import make_version


def found(**options: object) -> set[str | None]:
    messages = run_checks(**options)  # type: ignore[arg-type]  # options of one type each
    return {message.id for message in messages if not message.is_silenced()}


@pytest.mark.services
def test_a_sound_installation_has_no_complaints() -> None:
    assert found() == set()


def test_several_processes_need_redis(settings) -> None:
    settings.WEB_PROCESSES = 2
    settings.REDIS_URL = ""
    assert found() == {"leadscoring.E001"}
    settings.REDIS_URL = "redis://127.0.0.1"
    assert found() == set()


@pytest.mark.parametrize("name", ["Csrf", "Frames"])
def test_pages_need_their_protection_from_other_sites(settings, name: str) -> None:
    def protected() -> bool:
        return "leadscoring.E005" not in found(include_deployment_checks=True)

    assert protected()
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if not each.endswith(name)]
    assert not protected()


def test_the_model_cache_should_be_writable(settings, tmp_path: Path) -> None:
    settings.MODEL_DIR = tmp_path / "models"
    assert found() == set()
    file = tmp_path / "file"
    file.touch()
    settings.MODEL_DIR = file / "models"
    assert found() == {"leadscoring.W002"}


@pytest.mark.django_db
def test_the_champion_should_fit_the_window(settings) -> None:
    assert found(databases=["default"]) == set()
    make_version(is_champion=True, outcome_window_days=settings.OUTCOME_WINDOW_DAYS)
    assert found(databases=["default"]) == set()
    settings.OUTCOME_WINDOW_DAYS += 1
    assert found(databases=["default"]) == {"leadscoring.W003"}
    assert found() == set()
