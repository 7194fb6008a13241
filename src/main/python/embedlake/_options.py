"""Options as the engine takes them: keys of a job file with their values as text."""

import json
from collections.abc import Mapping

Value = str | bool | int | float | list["Value"] | Mapping[str, "Value"]
"""What an option may be; mappings stand for keys with dots, such as ``limits={"max-tokens": 100_000}``."""


def as_text(options: Mapping[str, Value] | None, keywords: Mapping[str, Value] | None = None) -> dict[str, str]:
    """Options, then keywords, whose underscores stand for dashes.

    >>> as_text({"reduce.dimensions": 32}, {"max_tokens": 128, "limits": {"max-cost": 0.5}})
    {'reduce.dimensions': '32', 'max-tokens': '128', 'limits.max-cost': '0.5'}
    """
    flat = dict(_flat(options or {}))
    flat.update(_flat({name.replace("_", "-"): value for name, value in (keywords or {}).items()}))
    return flat


def _flat(options: Mapping[str, Value], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in options.items():
        if isinstance(value, Mapping):
            pairs += _flat(value, f"{prefix}{name}.")
        else:
            # JSON is YAML: `true`, not `True`.
            pairs.append((prefix + name, value if isinstance(value, str) else json.dumps(value)))
    return pairs
