"""The BigGAN chapter: closed forms by hand, and figures of a training too small to learn anything."""

import functools

import jax
import numpy as np
import pytest
import scipy.stats

from wgan_jax.lecture import kept
from wgan_jax.lecture.playing import Stage, Training


@functools.cache
def fresh(width):
  """A BigGAN of digits before its first round, too narrow for anything."""
  from experiments import biggan_digits_short

  config = biggan_digits_short.get_config()
  config.generator.update(width=width, shared=4, attention=2)
  config.critic.update(width=width, attention=2)
  config.prior.dim = 4
  config.train.devices = 1
  config.data.batch_size = 10
  training = Training(config)
  return training, jax.device_get(training._fresh())


@pytest.fixture(autouse=True)
def untrained(monkeypatch):
  """In place of every training: its start, and what noise makes of that in two rounds."""

  def noisy(tree, step):
    noise = np.random.default_rng(step)
    return jax.tree.map(lambda x: x + 0.03 * step * noise.normal(size=x.shape).astype(x.dtype), tree)

  def untrained(config, folder):
    training, state = fresh(2)
    return training, [
      Stage(
        n, state.replace(params=noisy(state.params, n), ema={**state.ema, 'params': noisy(state.ema['params'], n)}), {}
      )
      for n in (0, 1, 2)
    ]

  monkeypatch.setattr(kept, 'kept', untrained)


def test_truncation_measures_each_threshold(drawn):
  figure = drawn('truncation', thresholds=(0.5,), samples=100)
  assert figure.measured['real_is'] > 9 and figure.measured['real_fcd'] < 0.5 < figure.measured['best_fcd']
  assert figure.measured['fcd_least'] != figure.measured['fcd_none']


def test_the_hinge_by_hand(drawn):
  measured = drawn('hinge', apart=1.5).measured
  assert (measured['hinge_right'], measured['hinge_wrong']) == (0, 2 * (1 + 4))
  assert measured['product_right'] == measured['product_wrong'] == -16
  assert (measured['slope_critic'], measured['slope_generator']) == (0, -1)
  assert measured['slope_minimax'] == pytest.approx(-1 / (1 + np.exp(4)), rel=1e-5)
  assert measured['largest_logit'] == pytest.approx(1)
  # Where two densities with middles 1.5 apart cross lies 0.75 from each; below both are two tails.
  assert measured['overlap'] == pytest.approx(2 * scipy.stats.norm.sf(0.75))
  assert measured['best_loss'] == pytest.approx(2 * measured['overlap'], abs=1e-3)
