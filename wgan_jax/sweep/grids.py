"""Which units a sweep is made of: grids, lists side by side and random draws, each an iterable of overrides.

def sweep(add):
  for overrides in product(seed=range(5), **{'game.penalty.weight': (1.0, 10.0)}):
    add(**overrides)
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from wgan_jax.errors import UserError

Overrides = dict[str, Any]  # {full key: value}
Draw = Callable[[np.random.Generator], Any]


def product(*parts: Iterable[Overrides], **values: Iterable[Any]) -> Iterator[Overrides]:
  """Every combination, the last one changing fastest.

  parts: other sweeps, combined with one another and with `values`: {full key: those that it takes}.

  Raises:
    UserError: when one key is in two of them.
  """
  parts = [list(part) for part in parts] + [[{key: value} for value in those] for key, those in values.items()]
  for combination in itertools.product(*parts):
    keys = [key for overrides in combination for key in overrides]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
      raise UserError(f'product has {", ".join(twice)} in two of its parts')
    yield {key: value for overrides in combination for key, value in overrides.items()}


def zipit(**values: Iterable[Any]) -> Iterator[Overrides]:
  """The first value of every key together, then the second of every key, and so on.

  Raises:
    UserError: when there are more values of one key than of another.
  """
  values = {key: list(those) for key, those in values.items()}
  if len({len(those) for those in values.values()}) > 1:
    counts = ', '.join(f'{len(those)} of {key}' for key, those in values.items())
    raise UserError(f'zipit takes as many values of each key, not {counts}')
  for those in zip(*values.values(), strict=True):
    yield dict(zip(values, those, strict=True))


def chain(*parts: Iterable[Overrides]) -> Iterator[Overrides]:
  """One sweep after another."""
  return itertools.chain(*parts)


def draws(n: int, seed: int, /, **ways: Draw) -> Iterator[Overrides]:
  """A random search: n units, every key of each drawn anew.

  A key's draws depend on the seed, the key and how many came before, not on n nor on the other keys: a search that
  is made longer, or gets one more key, keeps the units that it had.

  ways: {full key: `log_uniform`, `uniform`, `choice` or any other function of a NumPy generator}.
  """
  generators = {key: np.random.default_rng([seed, *key.encode()]) for key in ways}
  for _ in range(n):
    yield {key: draw(generators[key]) for key, draw in ways.items()}


def uniform(low: float, high: float) -> Draw:
  """Any number between the two, each as likely."""
  if not low < high:
    raise UserError(f'uniform takes a lower and a higher end, not {low} and {high}')
  return lambda generator: float(generator.uniform(low, high))


def log_uniform(low: float, high: float) -> Draw:
  """Any positive number between the two, each order of magnitude as likely."""
  if not 0 < low < high:
    raise UserError(f'log_uniform takes a lower and a higher end, both positive, not {low} and {high}')
  # exp(log(x)) is not always x: the ends stay inside.
  return lambda generator: float(np.clip(np.exp(generator.uniform(np.log(low), np.log(high))), low, high))


def choice(*values: Any) -> Draw:
  """One of the values, each as likely; of any type, tuples too."""
  if not values:
    raise UserError('choice takes at least one value')
  return lambda generator: values[generator.integers(len(values))]
