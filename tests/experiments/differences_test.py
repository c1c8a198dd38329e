"""An experiment says its differences from others and nothing else: whatever is left out changes its config."""

import ast
import pathlib
import types

import pytest

from wgan_jax.config import flat

FILES = sorted(f for f in pathlib.Path('experiments').glob('*.py') if not f.stem.startswith('base'))


def config_of(tree, name):
  module = types.ModuleType(name)
  exec(compile(ast.unparse(tree), name, 'exec'), module.__dict__)
  return flat(module.get_config())


def without_one(tree):
  """Takes out each statement and each keyword of get_config by turns; yields it as text while it is out."""
  (function,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == 'get_config')
  for node in ast.walk(function):
    for part in (getattr(node, 'body', []), getattr(node, 'keywords', [])):
      for i, child in enumerate(list(part)):
        if len(part) > 1 or isinstance(child, ast.keyword):
          del part[i]
          yield ast.unparse(child)
          part.insert(i, child)


@pytest.mark.parametrize('file', FILES, ids=lambda file: file.stem)
def test_nothing_in_an_experiment_is_said_twice(file):
  tree = ast.parse(file.read_text())
  config, idle = config_of(tree, file.stem), []
  for text in without_one(tree):
    try:
      idle += [text] if config_of(tree, file.stem) == config else []
    except Exception:  # what cannot be left out is not said twice
      continue
  assert not idle
