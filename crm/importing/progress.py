"""A progress bar on a terminal; nothing where nobody watches."""

from __future__ import annotations

from tqdm import tqdm


class Bar:
    """Shows rows, rows per second and, where known, how much is done. A `survey.Progress`."""

    def __init__(self, label: str) -> None:
        # None: only if standard error is a terminal.
        self._bar = tqdm(desc=label, unit=" rows", disable=None)

    def __call__(self, rows: int, fraction: float | None) -> None:
        if fraction:
            self._bar.total = round(rows / fraction)
        self._bar.update(rows - self._bar.n)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_error: object) -> None:
        self._bar.close()
