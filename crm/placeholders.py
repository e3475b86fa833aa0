"""Words that people and forms put where they know nothing. Compared without case and spaces.

Numbers such as 999 are placeholders only where somebody says so for a column.
"""

PLACEHOLDERS = frozenset(
    {
        "",
        "-",
        "--",
        ".",
        "?",
        "#n/a",
        "(none)",
        "[]",
        "n.a.",
        "n/a",
        "na",
        "nan",
        "nil",
        "none",
        "not available",
        "not known",
        "not provided",
        "null",
        "select",
        "select one",
        "please select",
        "tbd",
        "undefined",
        "unknown",
        "unspecified",
    }
)


def is_placeholder(text: str) -> bool:
    """Whether `text` stands for "not known"."""
    return text.strip().casefold() in PLACEHOLDERS
