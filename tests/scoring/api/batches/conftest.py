from __future__ import annotations

import pytest

from tests.http import ApiClient
from tests.scoring.versions import make_version


@pytest.fixture
def api() -> ApiClient:
    make_version(7, is_champion=True, is_active=True)
    return ApiClient("batches", "leads", "predict")
