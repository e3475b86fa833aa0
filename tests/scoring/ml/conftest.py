from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> Iterator[None]:
    """On small data threads only wait for each other, and for those of other test processes."""
    with threadpool_limits(1):
        yield
