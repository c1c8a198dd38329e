"""What tells one drawing from another, and one training: its numbers, and the code that it comes from."""

import hashlib
import json
import pathlib
from collections.abc import Sequence
from typing import Any

import wgan_jax
from wgan_jax.config import flat

PACKAGE = pathlib.Path(wgan_jax.__file__).parent
LECTURE = PACKAGE / 'lecture'
SHOWS_ONLY = LECTURE / 'page.py'  # on which no figure depends
TRAINS = LECTURE / 'playing.py'  # of that folder, what a training depends on
LOOKS = 'log.', 'sample.', 'evaluate.'  # how keys begin that no training depends on


def of_figure(files: Sequence[pathlib.Path], config: Any) -> str:
  """Of a figure that is drawn from files of its own with these numbers."""
  code = [file for file in PACKAGE.rglob('*.py') if file != SHOWS_ONLY]
  return _digest(flat(config), [*files, *sorted(code), *sorted((PACKAGE.parent / 'experiments').glob('*.py'))])


def of_training(config: Any) -> str:
  """Of what an experiment's config trains, whatever looks at it."""
  code = [file for file in PACKAGE.rglob('*.py') if file.parent != LECTURE]
  numbers = {key: value for key, value in flat(config).items() if not key.startswith(LOOKS)}
  return _digest(numbers, [*sorted(code), TRAINS])


def _digest(numbers: dict[str, Any], files: Sequence[pathlib.Path]) -> str:
  digest = hashlib.sha256(json.dumps(numbers, sort_keys=True).encode())
  for file in files:
    digest.update(file.read_bytes())
  return digest.hexdigest()
