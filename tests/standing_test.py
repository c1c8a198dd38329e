import functools
from collections.abc import Callable

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax import priors, standing
from wgan_jax.games.alae import Alae
from wgan_jax.networks import layers, norms
from wgan_jax.networks.spectral import spectral_norm
from wgan_jax.parallel import AXIS


class Generator(nn.Module):
  """z [B, dim] -> points [B, 2]; a norm is given z itself, another what a spectral layer makes of it."""

  norm: Callable = functools.partial(norms.BatchNorm, AXIS)

  @nn.compact
  def __call__(self, z, label=None, *, train):
    h = self.norm()(z, label, train=train)
    return self.norm()(layers.Dense(2, reparameterize=spectral_norm, train=train)(jnp.tanh(h)), label, train=train)


@pytest.fixture(scope='module')
def play(make_play):
  return make_play(generator=Generator())


@pytest.fixture(scope='module')
def variables(play, make_feed, begin):
  return begin(play, make_feed(4)).averaged_variables()


@pytest.fixture(scope='module')
def codes():
  """Four batches of 16 codes whose means and variances are far apart."""
  rng = np.random.default_rng(0)
  return (rng.normal(size=(4, 16, 3)) * rng.uniform(0.5, 2, (4, 1, 3)) + rng.normal(size=(4, 1, 3))).astype(np.float32)


def first_norm(statistics):
  """(mean, var) of the norm that is given codes."""
  (found,) = statistics['BatchNorm_0'].values()
  return found['mean'], found['var']


def stand(game, variables, batches):
  one_pass = jax.jit(lambda variables, z, label: standing.of_pass(game, variables, z, label))
  return standing.standing_statistics(one_pass, variables, batches)


def test_they_are_the_mean_and_variance_of_all_that_the_norm_met(play, variables, codes):
  found = stand(play.game, variables, [(z, None) for z in codes])['batch_stats']['generator']
  mean, var = first_norm(found)
  everything = np.float64(codes.reshape(-1, 3))
  np.testing.assert_allclose(mean, everything.mean(axis=0), rtol=1e-5)
  np.testing.assert_allclose(var, everything.var(axis=0), rtol=1e-4)


def test_a_mean_far_from_zero_costs_no_precision(play, variables, codes):
  passes = [standing.of_pass(play.game, variables, z, None) for z in codes]
  moved = [jax.tree.map_with_path(lambda p, x: x + 1000.0 * ('mean' in jax.tree_util.keystr(p)), s) for s in passes]
  (_, var), (_, far) = (first_norm(standing.pooled(found)['generator']) for found in (passes, moved))
  np.testing.assert_allclose(far, var, rtol=1e-4)


def test_nothing_else_changes(play, variables, codes):
  after = stand(play.game, variables, [(z, None) for z in codes])
  assert set(after) == set(variables) >= {'params', 'spectral', 'batch_stats'}
  for name in set(variables) - {'batch_stats'}:
    jax.tree.map(np.testing.assert_array_equal, after[name], variables[name])
  jax.tree.map(np.testing.assert_array_equal, after['batch_stats']['critic'], variables['batch_stats']['critic'])
  assert jax.tree.structure(after['batch_stats']) == jax.tree.structure(variables['batch_stats'])


def test_what_was_there_before_has_no_part_in_them(play, variables, codes):
  batches = [(z, None) for z in codes]
  other = {**variables, 'batch_stats': jax.tree.map(lambda x: x + 7, variables['batch_stats'])}
  first, second = (stand(play.game, v, batches)['batch_stats']['generator'] for v in (variables, other))
  jax.tree.map(np.testing.assert_array_equal, first, second)


def standardised(x):
  return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5)


def test_samples_are_normalised_by_them_with_spectral_vectors_at_rest(play, variables, codes):
  after = stand(play.game, variables, [(codes[0], None)])
  told, own = (play.game.apply(v, codes[0], method='generate') for v in (after, variables))
  kernel, vectors = (jax.device_get(variables[name]['generator']['Dense_0']) for name in ('params', 'spectral'))
  sigma = np.vdot(vectors['u'], kernel['kernel'].T @ vectors['v'])
  h = np.tanh(standardised(codes[0])) @ kernel['kernel'] / sigma + kernel['bias']
  np.testing.assert_allclose(told, standardised(h), atol=1e-3)
  assert not np.allclose(told, own, atol=1e-2)
  (second,) = jax.device_get(after['batch_stats']['generator']['BatchNorm_1']).values()
  np.testing.assert_allclose(second['var'], h.var(axis=0), rtol=1e-3)  # of vectors that turned, sigma is another


def test_without_batches_or_norms_nothing_happens(make_play, make_feed, begin, play, variables, codes):
  assert stand(play.game, variables, []) is variables
  plain = make_play(generator=Generator(norms.NoNorm))
  untouched = begin(plain, make_feed(4)).averaged_variables()
  met = []
  assert stand(plain.game, untouched, (met.append(0) or (z, None) for z in codes)) is untouched
  assert len(met) == 1  # the first pass tells, and saves the others


def test_every_network_on_the_way_to_a_sample_has_its_own(codes):
  parts = {name: Generator() for name in ('mapping', 'generator', 'encoder', 'critic')}
  game = Alae(prior=priors.normal(3), **parts)
  variables = game.init(jax.random.key(0), codes[0], method='generate')
  assert set(variables['batch_stats']) == {'mapping', 'generator'}
  after = stand(game, variables, [(z, None) for z in codes])['batch_stats']
  np.testing.assert_allclose(first_norm(after['mapping'])[0], codes.reshape(-1, 3).mean(axis=0), rtol=1e-5)
  assert np.abs(first_norm(after['generator'])[0]).max() > 0
