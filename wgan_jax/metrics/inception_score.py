"""Inception score: how sure a classifier is of each sample, and how many classes it sees in all."""

from typing import NamedTuple

import numpy as np
import scipy.special

from wgan_jax.errors import UserError
from wgan_jax.metrics import checks


class Score(NamedTuple):
  """mean and std: of the scores of the splits; std with the divisor `splits`, as the paper's code has it."""

  mean: float
  std: float


class InceptionScore:
  """exp(E_x KL(p(y|x) || p(y))) for each of several splits, where p(y) is the mean of p(y|x) over the split.

  Salimans et al., "Improved Techniques for Training GANs", section 4, https://arxiv.org/abs/1606.03498; 10 splits of
  5,000 samples. It lies between 1 and the number of classes. In a split of n samples, with sums over them,

    KL = sum_x sum_y p(y|x) log p(y|x) / n - sum_y p(y) log p(y)

  which is kept as one number and one vector a split, however many samples there are.

  Args:
    n: how many samples are going to be added.
    splits: into how many equal parts.
    seed: of the permutation that samples are dealt out by, numpy's RandomState, which is torch-fidelity's and its
      default; None for the order that they come in, which is the paper's and must not be an order by class.
  """

  def __init__(self, n: int, splits: int = 10, seed: int | None = 2020):
    if not 1 <= splits <= n:
      raise UserError(f'{n} samples in {splits} splits: take at least one sample for each split')
    places = np.empty(n, int)
    order = np.arange(n) if seed is None else np.random.RandomState(seed).permutation(n)
    places[order] = np.arange(n)
    self._split = np.searchsorted(np.arange(1, splits + 1) * n // splits, places, side='right')  # [n]
    self._sizes = np.bincount(self._split)
    self._negative_entropy = np.zeros(splits)
    self._classes: np.ndarray | None = None  # [splits, K], sums of p(y|x)
    self.n = 0

  def add(self, logits: np.ndarray) -> 'InceptionScore':
    """Takes a chunk [B, K] in and returns itself."""
    logits = checks.features(logits, 'logit', dimensions=None if self._classes is None else self._classes.shape[1])
    if self.n + len(logits) > len(self._split):
      raise UserError(f'{self.n + len(logits)} samples where {len(self._split)} were announced')
    logs = scipy.special.log_softmax(logits.astype(np.float64), axis=1)
    shares, split = np.exp(logs), self._split[self.n : self.n + len(logits)]
    if self._classes is None:
      self._classes = np.zeros((len(self._sizes), logits.shape[1]))
    dealt = (split == np.arange(len(self._sizes))[:, None]).astype(np.float64)  # [splits, B], ones and zeros
    self._classes += dealt @ shares
    self._negative_entropy += dealt @ np.sum(shares * logs, axis=1)
    self.n += len(logits)
    return self

  def score(self) -> Score:
    """When all samples were added."""
    if self.n < len(self._split):
      raise UserError(f'{self.n} samples of the {len(self._split)} that were announced: add the others first')
    marginal = self._classes / self._sizes[:, None]
    kl = self._negative_entropy / self._sizes - np.sum(scipy.special.xlogy(marginal, marginal), axis=1)
    scores = np.exp(kl)
    return Score(float(scores.mean()), float(scores.std()))


def inception_score(logits: np.ndarray, splits: int = 10, seed: int | None = 2020) -> Score:
  """The same of all logits at once, [N, K]."""
  return InceptionScore(len(logits), splits, seed).add(logits).score()
