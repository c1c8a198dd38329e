"""What the keys under `sample` ask for, read once, so that a mistake is told before anything is drawn."""

from typing import Any, NamedTuple

from wgan_jax.drawing import check_truncation
from wgan_jax.errors import UserError, look_up
from wgan_jax.game import Game
from wgan_jax.sampling import arithmetic
from wgan_jax.sampling.animation import FORMATS

LONGEST = 655_350  # milliseconds that a GIF can hold


class Options(NamedTuple):
  """The keys that are more than numbers.

  classes: that are shown, none where the generator is told of none.
  thresholds: of the truncation sheet.
  terms: of the arithmetic.
  """

  classes: list[int]
  thresholds: list[float]
  terms: list[arithmetic.Term]


def read(keys: Any, game: Game, classes: int) -> Options:
  """The options of a sampling.

  Args:
    keys: those under `sample`.
    game: that is sampled.
    classes: kinds of labels in the data.

  Raises:
    UserError: for what the keys cannot mean.
  """
  check_truncation('sample', keys, game)
  look_up('sample.animation.format', FORMATS, keys.animation.format)
  told = classes if game.conditional else 0
  if not 10 <= keys.animation.milliseconds <= LONGEST:
    raise UserError(f'--config.sample.animation.milliseconds must be from 10 to {LONGEST}')
  classes = _classes(keys, told)
  terms = arithmetic.parse(keys.arithmetic) if keys.arithmetic else arithmetic.example(told, classes)
  return Options(classes, _thresholds(keys.truncation.sheet), terms)


def _classes(keys, told):
  if not keys.classes:
    return list(range(min(keys.rows, told)))
  if not told:
    raise UserError('this generator is told no classes: leave out --config.sample.classes')
  try:
    classes = [int(text) for text in keys.classes.split(',')]
  except ValueError as error:
    raise UserError(f"--config.sample.classes is of the form '3,1,4', not {keys.classes!r}") from error
  if wrong := [i for i in classes if not 0 <= i < told]:
    raise UserError(f'--config.sample.classes={keys.classes}: there is no class {wrong[0]}, only 0 to {told - 1}')
  return classes


def _thresholds(text):
  try:
    found = [float(number) for number in text.split(',')]
  except ValueError as error:
    raise UserError(f"--config.sample.truncation.sheet is of the form '2,1,0.5', not {text!r}") from error
  if not all(1e-6 <= t <= 1e6 for t in found):
    raise UserError(f'--config.sample.truncation.sheet={text}: thresholds are from 1e-6 to 1e6')
  return found
