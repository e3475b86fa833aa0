"""What can be wrong with a file, its mapping, or a single cell."""

from __future__ import annotations

from crm.errors import CrmError


class ImportProblem(CrmError):
    """The file as a whole cannot be read, or not in the way that was asked for."""

    code = "import"


class CellProblem(Exception):
    """One cell does not hold what its column is read as; the message is for people."""


def samples(texts: list[str] | tuple[str, ...], most: int = 3) -> str:
    """The first few of `texts` for a message, each short."""
    shown = ", ".join(repr(text[:40]) for text in texts[:most])
    return f"{shown}, …" if len(texts) > most else shown
