"""Texts as literals of SQL."""

import re

# A quote and a backslash mean something in literals, and `$` begins a variable of Spark's wherever it stands.
_SPECIAL = re.compile(r"(['\\$])")


def literal(text: str) -> str:
    """A constant expression that is this text, whatever the session's settings for literals are.

    >>> literal("reviews"), literal("it's")
    ("'reviews'", "concat('it', char(39), 's')")
    """
    parts = [part for part in _SPECIAL.split(text) if part]
    if len(parts) < 2 and not _SPECIAL.fullmatch(text):
        return f"'{text}'"
    return "concat(" + ", ".join(f"char({ord(part)})" if _SPECIAL.fullmatch(part) else f"'{part}'" for part in parts) + ")"
