from collections.abc import Iterator

import pytest

from tests.live.site import Site, running_site


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """Shared: it takes seconds to start."""
    with running_site() as site:
        yield site
