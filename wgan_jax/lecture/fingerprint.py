"""What tells one drawing from another, and one training: its numbers, and the code that it comes from."""

import ast
import hashlib
import json
import pathlib
from collections.abc import Sequence
from typing import Any

import wgan_jax
from wgan_jax.config import flat

PACKAGE = pathlib.Path(wgan_jax.__file__).parent
LECTURE = PACKAGE / 'lecture'
SHOWS_ONLY = LECTURE / 'page.py', LECTURE / 'records.py'  # on which no figure depends
TRAINS = LECTURE / 'playing.py'  # of that folder, what a training depends on
LOOKS = 'log.', 'sample.', 'evaluate.'  # how keys begin that no training depends on


def of_figure(files: Sequence[pathlib.Path], config: Any) -> str:
  """Of a figure that is drawn from files of its own, of which the first is its program, with these numbers."""
  code = [file for file in PACKAGE.rglob('*.py') if file not in SHOWS_ONLY]
  return _digest(flat(config), [*files, *sorted(experiments_of(files[0])), *sorted(code)])


def experiments_of(file: pathlib.Path) -> set[pathlib.Path]:
  """The experiments that a program imports, and those that these are made from."""
  found, left = set(), [file]
  while left:
    for node in ast.walk(ast.parse(left.pop().read_text())):
      if isinstance(node, ast.ImportFrom) and (node.module or '').split('.')[0] == 'experiments':
        module = PACKAGE.parent.joinpath(*node.module.split('.'))
        named = [module.with_suffix('.py'), *(module / f'{alias.name}.py' for alias in node.names)]
        paths = {path for path in named if path.is_file()}
        left += paths - found
        found |= paths
  return found


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
