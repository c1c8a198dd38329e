"""Arithmetic with latent codes: what the samples of some codes have in common, taken away or added.

Radford et al., "DCGAN", section 6.3.2, https://arxiv.org/abs/1511.06434: mean codes of three samples each, "smiling
woman" - "neutral woman" + "neutral man".
"""

import re
from typing import NamedTuple

import numpy as np

from wgan_jax.errors import UserError


class Term(NamedTuple):
  """sign: 1 or -1. numbers: of the samples whose mean code it is."""

  sign: int
  numbers: tuple[int, ...]


LAST = 2**31 - 1  # sample that has a number


def parse(text: str) -> list[Term]:
  """'3,17,22-5,9,30+1,2,8' -> its terms; spaces do not matter.

  Raises:
    UserError: for anything else.
  """
  text = re.sub(r'\s', '', text)
  if not re.fullmatch(r'[+-]?\d+(,\d+)*([+-]\d+(,\d+)*)*', text):
    raise UserError(f"--config.sample.arithmetic takes numbers of samples, '3,17,22-5,9,30+1,2,8' say, not {text!r}")
  found = re.findall(r'([+-]?)([\d,]+)', text)
  terms = [Term(-1 if sign == '-' else 1, tuple(map(int, numbers.split(',')))) for sign, numbers in found]
  if (largest := max(max(term.numbers) for term in terms)) > LAST:
    raise UserError(f'--config.sample.arithmetic: samples are numbered from 0 to {LAST}, {largest} is none')
  return terms


def example(classes: int, shown: list[int]) -> list[Term]:
  """Nine of the first samples; where sample i is of class i modulo classes, six of the first class shown and three of
  the second.
  """
  step, (first, other) = (classes, [*shown, *shown][:2]) if classes else (1, (0, 6))
  numbers = [first + step * i for i in range(6)]
  return [Term(1, (*numbers[:3],)), Term(-1, (*numbers[3:],)), Term(1, tuple(other + step * i for i in range(3)))]


def written(terms: list[Term]) -> str:
  """The text that `parse` makes these terms of."""
  return ''.join(map(signed, terms)).removeprefix('+')


def signed(term: Term) -> str:
  """The part of that text that tells one term, its sign included."""
  return f'{"-" if term.sign < 0 else "+"}{",".join(map(str, term.numbers))}'


def result(terms: list[Term], means: list[np.ndarray]) -> np.ndarray:
  """The signed sum of the terms' mean codes, of one shape."""
  return sum(term.sign * mean for term, mean in zip(terms, means, strict=True))
