"""Text that a spreadsheet must not take for a formula, and back."""

from __future__ import annotations

# What Excel and LibreOffice start to compute at, full-width forms included. Taking the first
# character away would not do: "==1+1" would still compute.
TRIGGERS = frozenset("=+-@\t\r\n＝＋－＠")
MARK = "'"


def escape_formula(text: str) -> str:
    """`text` as a spreadsheet will show and not compute it; `unescape_formula` gives it back."""
    return MARK + text if _computes(text) else text


def unescape_formula(text: str) -> str:
    """What `escape_formula` was given."""
    return text[1:] if text.startswith(MARK) and _computes(text) else text


def _computes(text: str) -> bool:
    # Marks that were there before must survive the way back, so they do not end the danger.
    return text.lstrip(MARK)[:1] in TRIGGERS
