"""Draws a figure of the lectures and holds it to what all of them promise."""

import re

import pytest

from wgan_jax import vector
from wgan_jax.config import flat
from wgan_jax.lecture.figure import loaded

LOWER = re.compile(r'[a-z]\w')  # begins a title that begins with no symbol, such as k, and no capital
SMALL = 100  # whole numbers below are words of a sentence, such as 'all 8 modes'
NUMBER = re.compile(r'(?<![\w.])(-?\d[\d,]*(?:\.\d+)?)(e-?\d+)?(\s?%)?')


def numbers_in(text):
  """(value, half of its last digit) of each number in a sentence that is no small count."""
  for digits, exponent, percent in NUMBER.findall(text):
    digits = digits.rstrip(',').replace(',', '')
    if '.' in digits or exponent or abs(int(digits)) >= SMALL:
      scale = float(f'1{exponent}') / (100 if percent else 1)
      yield float(digits) * scale, 0.501 * scale * 10.0 ** -len(digits.partition('.')[2])


def known_numbers(figure, config):
  """What a sentence may speak of: what was measured, and what was asked for."""
  for value in [*figure.measured.values(), *flat(config).values()]:
    for number in value if isinstance(value, tuple) else (value,):
      if isinstance(number, (int, float)) or hasattr(number, 'dtype'):
        yield float(number)


def is_labelled(axes):
  """Whether both axes say what they are, or one that they are shared with does; pictures without ticks need not."""
  if not axes.axison or not len(axes.get_xticks()) or axes.get_label() == '<colorbar>':
    return True
  beside, below = axes.get_shared_y_axes().get_siblings(axes), axes.get_shared_x_axes().get_siblings(axes)
  return any(a.get_ylabel() for a in [axes, *beside]) and any(a.get_xlabel() for a in [axes, *below])


@pytest.fixture
def drawn(tmp_path):
  """(name, numbers of its config) -> the figure of experiments/lecture/NAME.py, checked."""

  def draw(name, **changes):
    piece = loaded(f'experiments/lecture/{name}.py')
    config = piece.get_config()[name]
    with config.unlocked():
      config.update_from_flattened_dict(changes)
    figure = piece.draw(config, tmp_path)
    known = list(known_numbers(figure, config))
    for value, half in numbers_in(figure.told):
      assert any(abs(abs(value) - abs(number)) <= half for number in known), f'{value:g} is not measured: {figure.told}'
    for axes in figure.picture.axes if figure.picture else []:
      assert is_labelled(axes), f'{axes.get_title("left")!r} has axes without a label'
      assert not LOWER.match(axes.get_title('left')), f'{axes.get_title("left")!r} begins with no capital letter'
    if figure.picture:
      assert vector.svg(figure.picture, name).startswith('<svg')
    return figure

  return draw
