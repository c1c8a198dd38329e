"""What is kept of a figure: its picture as SVG and PNG, and a record of all that the page says of it."""

import hashlib
import json
import math
import pathlib
from typing import Any

from wgan_jax import workdir


def write(folder: pathlib.Path, name: str, facts: dict[str, Any], files: dict[str, bytes]) -> None:
  """Keeps a figure, the record last: what is killed meanwhile is not kept at all.

  files: its pictures by suffix.
  """
  (folder / f'{name}.json').unlink(missing_ok=True)
  for suffix, content in files.items():
    (folder / f'{name}{suffix}').write_bytes(content)
  digests = {suffix: hashlib.sha256(content).hexdigest() for suffix, content in files.items()}
  measured = {key: _number(value) for key, value in facts['measured'].items()}
  workdir.write_json(folder / f'{name}.json', {**facts, 'measured': measured, 'files': digests})


def read(folder: pathlib.Path, name: str) -> dict[str, Any]:
  """The record of a figure that is there as it was kept; nothing where any of it is not."""
  try:
    record = json.loads((folder / f'{name}.json').read_text())
    for suffix, digest in record['files'].items():
      if hashlib.sha256((folder / f'{name}{suffix}').read_bytes()).hexdigest() != digest:
        return {}
    return record
  except (OSError, ValueError, KeyError, TypeError, AttributeError):
    return {}


def _number(value):
  """A number as JSON has it, which knows no infinity."""
  return float(value) if math.isfinite(value) else f'{float(value)}'
