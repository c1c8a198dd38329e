"""What every figure of the lectures has, and what it may use."""

import ast
import pathlib
import shlex
import sys

import pytest

from experiments.lecture import all as everything
from wgan_jax.config import check_figures, flat
from wgan_jax.lecture.figure import LECTURES, loaded

FOLDER = pathlib.Path('experiments/lecture')
FIGURES = sorted(file.stem for file in FOLDER.glob('*.py') if file.stem != 'all')
USES = {'wgan_jax', 'experiments', 'numpy', 'scipy', 'sklearn', 'jax', 'flax', 'optax', *sys.stdlib_module_names}


def test_the_page_shows_each_figure_once():
  shown = [name for names in everything.CHAPTERS.values() for name in names]
  assert sorted(shown) == FIGURES


def test_its_config_is_valid_and_names_all_numbers():
  config = everything.get_config()
  check_figures(config, flat(config))
  assert set(config) == {'lecture', *FIGURES}


@pytest.mark.parametrize('name', FIGURES)
def test_a_figure_says_what_it_is_and_how_to_draw_it(name):
  piece = loaded(FOLDER / f'{name}.py')
  tree = ast.parse(piece.path.read_text())
  start, *flags = shlex.split(piece.command.removeprefix('python launch.py '))
  assert start == f'--config=experiments/lecture/{name}.py' and piece.hint.endswith('.')
  known = {f'--config.{name}.{key}': value for key, value in flat(piece.get_config()[name]).items()}
  for key, _, value in (flag.partition('=') for flag in flags):
    assert value != f'{known[key]}', 'the command changes nothing'
  about = piece.about
  assert about.title and about.claim and about.lectures and set(about.lectures) <= set(range(len(LECTURES)))
  for text in (about.title, about.claim, about.erratum, about.source):
    assert text == text.strip() and '  ' not in text
  assert flat(piece.get_config()[name]), 'a figure without a number has nothing to turn'
  imported = {
    (node.module if isinstance(node, ast.ImportFrom) else alias.name).partition('.')[0]
    for node in ast.walk(tree)
    if isinstance(node, ast.Import | ast.ImportFrom)
    for alias in node.names
  }
  assert imported <= USES
