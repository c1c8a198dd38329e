"""What a decoder's output says of the data: log-likelihoods, one number per sample, in nats."""

import math
from collections.abc import Callable
from typing import NamedTuple

import chex
import jax
import jax.numpy as jnp


class Likelihood(NamedTuple):
  """log_prob: (output, x), both [B, ...] -> [B]. mean: output -> the mean of x, in the range of x."""

  log_prob: Callable
  mean: Callable


def bernoulli() -> Likelihood:
  """Output is logits; x in [-1, 1] stands for probabilities (x + 1) / 2 of white, as is the custom for MNIST.

  log p(x) = sum of t log s + (1 - t) log(1 - s) with t = (x + 1) / 2 and s = sigmoid(output).
  """

  def log_prob(output, x):
    chex.assert_equal_shape([output, x])
    return _sum(-jax.nn.softplus(output) + output * (x + 1) / 2)

  return Likelihood(log_prob, lambda output: 2 * jax.nn.sigmoid(output) - 1)


def gaussian(sigma: float = 1.0) -> Likelihood:
  """Output is the mean of a normal distribution whose standard deviation is `sigma`, in the unit of x."""

  def log_prob(output, x):
    chex.assert_equal_shape([output, x])
    return _sum(-(((x - output) / sigma) ** 2) / 2 - math.log(sigma * math.sqrt(2 * math.pi)))

  return Likelihood(log_prob, lambda output: output)


def _sum(x):
  return jnp.sum(x.reshape(x.shape[0], -1), axis=1)
