"""What tells units of a sweep from one another, for people: keys that are not the same in all, short, and values."""

import json
from collections.abc import Sequence
from typing import Any


def varying(overrides: Sequence[dict[str, Any]]) -> list[str]:
  """Keys whose values are not the same in all, in order."""
  keys = dict.fromkeys(key for of in overrides for key in of)
  return [key for key in keys if len({json.dumps(of[key]) if key in of else '' for of in overrides}) > 1]


def short_names(keys: Sequence[str]) -> dict[str, str]:
  """{key: its last parts, as many as tell it from the other keys}."""
  short = {}
  for key in keys:
    parts = key.split('.')
    ends = ['.'.join(parts[i:]) for i in range(len(parts) - 1, -1, -1)]
    short[key] = next(end for end in ends if sum(f'.{other}'.endswith(f'.{end}') for other in keys) == 1 or end == key)
  return short


def text(value: Any) -> str:
  """A value as it stands beside others."""
  return f'{value:.4g}' if isinstance(value, float) else f'{value}'
