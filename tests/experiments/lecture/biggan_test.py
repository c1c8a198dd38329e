"""The BigGAN chapter: closed forms by hand, and figures of a training too small to learn anything."""

import functools
import importlib.util

import jax
import numpy as np
import pytest
import scipy.spatial
import scipy.stats

from wgan_jax.data import digits
from wgan_jax.data.cache import Images
from wgan_jax.errors import UserError
from wgan_jax.lecture import kept, playing
from wgan_jax.lecture.playing import Stage, Training


@functools.cache
def fresh(width):
  """A BigGAN of digits before its first round, too narrow for anything."""
  from experiments import biggan_digits_short

  config = biggan_digits_short.get_config()
  config.generator.update(width=width, shared=4)
  config.critic.width = width
  config.prior.dim = 4
  config.train.devices = 1
  config.data.batch_size = 10
  training = Training(config)
  return training, jax.device_get(training._fresh())


def figure_of(name):
  """The module of a figure."""
  spec = importlib.util.spec_from_file_location(name, f'experiments/lecture/{name}.py')
  module = importlib.util.module_from_spec(spec)
  spec.loader.exec_module(module)
  return module


@pytest.fixture(autouse=True)
def untrained(monkeypatch):
  """In place of every training: its start, and what noise makes of that in two rounds; and few digits."""

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

  few = digits.load()
  monkeypatch.setattr(kept, 'kept', untrained)
  monkeypatch.setattr(digits, 'load', lambda side=0: Images(few.images[:200], few.labels[:200]))


def test_truncation_measures_each_threshold(drawn):
  figure = drawn('truncation', thresholds=(0.5,), samples=100)
  assert figure.measured['real_is'] > 9 and figure.measured['real_fcd'] < figure.measured['best_fcd']
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


@pytest.mark.parametrize('numbers', [{'reach': 1.0}, {'reach': 100.0}, {'apart': 30.0}])
def test_what_the_hinge_costs_hangs_on_no_axis_and_no_small_density(drawn, numbers):
  measured = drawn('hinge', **numbers).measured
  assert measured['largest_logit'] == pytest.approx(1)
  assert measured['best_loss'] == pytest.approx(4 * scipy.stats.norm.sf(numbers.get('apart', 2.0) / 2), rel=1e-3)


def test_gaussians_that_are_one_have_no_best_hinge_critic(drawn):
  with pytest.raises(UserError, match='both above 0'):
    drawn('hinge', apart=0.0)


def test_condition_numbers_of_the_kernels(drawn):
  measured = drawn('orthogonality').measured
  blocks = fresh(2)[1].params['generator']['network']
  kernels = [
    kernel.reshape(-1, kernel.shape[-1])
    for path, kernel in jax.tree_util.tree_leaves_with_path(blocks)
    if path[-1].key == 'kernel' and kernel.shape[-1] > 1 and kernel.size >= kernel.shape[-1] ** 2
  ]
  assert measured['condition_start'] == pytest.approx(max(map(np.linalg.cond, kernels)), rel=1e-4)
  assert measured['layers'] == len(kernels) and measured['of_a_diagonal'] == 0 and measured['less_beta'] == 0


def test_what_stands_off_the_diagonal_by_hand():
  off_diagonal = figure_of('orthogonality').off_diagonal
  # W^T W = [[2, 1], [1, 1]], whose squares sum to 7, of which 2 are off the diagonal.
  assert off_diagonal(np.array([[1.0, 0.0], [1.0, 1.0]])) == pytest.approx((2 / 7) ** 0.5)


def test_interpolation_tells_lines_from_arcs(drawn):
  measured = drawn('interpolation', paths=20, steps=5).measured
  assert measured['length_lines'] == pytest.approx(0.5**0.5, abs=0.15) and measured['length_classes'] == 1
  assert measured['detour_lines'] >= 1


def test_an_even_path_and_a_jump():
  even, jump = np.linspace(0, 1, 5), np.array([0.0, 0, 1, 1, 1])
  measure = figure_of('interpolation').jump_and_detour
  assert measure(even.reshape(1, 5, 1)) == pytest.approx((1, 1)) and measure(jump.reshape(1, 5, 1)) == (4, 1)
  there_and_back = np.array([0.0, 2, 1]).reshape(1, 3, 1)
  assert measure(there_and_back) == pytest.approx((4 / 3, 3))


def test_class_vectors_are_compared_with_images(drawn):
  measured = drawn('class_embedding', samples=100).measured
  assert 0 <= measured['right'] <= 1 and measured['moved_generator'] > 0


def test_rank_correlation_of_distances(drawn):
  rank_correlation = figure_of('class_embedding').rank_correlation
  x = np.random.default_rng(0).normal(size=(10, 3))
  assert rank_correlation(x, 2 * x, 0) == pytest.approx((1, 1 / 2001))
  y = np.random.default_rng(1).normal(size=(10, 3))
  pdist = scipy.spatial.distance.pdist
  assert rank_correlation(x, y, 0)[0] == pytest.approx(scipy.stats.spearmanr(pdist(x), pdist(y)).statistic)


def test_coefficients_of_a_moving_average(drawn):
  measured = drawn('ema_or_raw', samples=100, rounds=3).measured
  assert measured['sum'] == pytest.approx(1 + 0.99 + 0.99**2) and measured['limit'] == pytest.approx(100)
  assert measured['with_factor'] == pytest.approx(1 - 0.99**3) and measured['looks'] == 2


class Noise:
  """A training whose samples are noise of each round."""

  def __init__(self, config):
    self.sampler, self.batch = self, config.data.batch_size

  def stages(self, rounds, what):
    yield from (Stage(n, (self.batch, n), {}) for n in rounds)

  def draw(self, state, n):
    assert state[0] * state[1] <= 64
    return np.random.default_rng(state).uniform(-1, 1, (n, 8, 8, 1)).astype(np.float32), None


def test_batches_see_as_many_images(drawn, monkeypatch):
  monkeypatch.setattr(playing, 'Training', Noise)
  figure = drawn('batch_size', batches=(8, 16), rounds=4, samples=80)
  assert figure.measured['by_round_16'] == figure.measured['by_image_16'] and figure.measured['images'] == 64
  assert figure.measured['by_round_8'] != figure.measured['by_image_8']
  assert [row[1] for row in figure.table[1:5]] == ['4', '4', '8', '4']
  with pytest.raises(UserError, match='divide the last one'):
    drawn('batch_size', batches=(8, 12), rounds=2)


def test_attention_is_added_in_the_measure_of_gamma(drawn):
  measured = drawn('self_attention', samples=20).measured
  assert measured['gamma_generator'] != 0 and 0 < measured['added'] < 1
  assert 0 < measured['entropy'] <= measured['even'] == pytest.approx(np.log(4))
  assert measured['moved'] > 0


def test_attention_is_what_the_layer_adds():
  training, state = fresh(2)
  module, variables = figure_of('self_attention'), state.averaged_variables()
  assert module.own_quarter(4).tolist() == [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3]
  z, label = training.sampler.codes(variables, np.arange(3))
  weights, added = module.attention(training.play.game.clone(axis_name=None), variables, z, label)
  np.testing.assert_allclose(weights.sum(axis=-1), np.ones((3, 16)), rtol=1e-5)
  assert added == 0  # before the first round
