"""A batch computed in micro-batches, one after another, is the batch in one piece."""

import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from wgan_jax import Adversarial, LeCam, Play, dragan, gradient_penalty, hinge, initial_state, play_rounds, wasserstein
from wgan_jax.augmentations import instance_noise
from wgan_jax.engine import play_turn
from wgan_jax.errors import UserError
from wgan_jax.game import Game, Turn
from wgan_jax.networks import heads, layers, norms
from wgan_jax.networks.augmented import Augmented
from wgan_jax.networks.conditional import Concatenated
from wgan_jax.networks.mlp import MlpCritic, MlpGenerator
from wgan_jax.networks.spectral import spectral_norm
from wgan_jax.parallel import AXIS, cut, everywhere, over_devices
from wgan_jax.priors import normal

KEY, ROUNDS, BATCH, CLASSES = jax.random.key(3), 2, 16, 3


def wgan_gp(axis_name):
  """With layer normalisation in both networks."""
  return Adversarial(
    generator=MlpGenerator((2,), 8, 2, norm=norms.LayerNorm),
    critic=MlpCritic(8, 2, norm=norms.LayerNorm),
    prior=normal(3),
    objective=wasserstein(),
    penalty=gradient_penalty(),
    n_critic=2,
    axis_name=axis_name,
  )


def conditional(axis_name):
  """Hinge loss, spectral norms, labels, twice as many fakes, noise that fades, a memory with a count in it."""
  dense, embed = (functools.partial(x, reparameterize=spectral_norm) for x in (layers.Dense, layers.Embed))
  head = functools.partial(heads.Projection, embed=functools.partial(embed, CLASSES))
  return LeCam(
    generator=Concatenated(MlpGenerator((2,), 8, 1, dense), CLASSES),
    critic=Augmented(MlpCritic(8, 1, dense, head=head), instance_noise(0.1, 50), axis_name),
    prior=normal(3),
    objective=hinge(),
    n_critic=2,
    fakes_per_real=2,
    weight=10.0,
    start=1,
    axis_name=axis_name,
  )


def draw(resident, minibatch, keys):
  del resident
  return {**minibatch, 'image': minibatch['image'] + 0.1 * jax.vmap(lambda key: jax.random.normal(key, (2,)))(keys)}


def play_of(game, accumulate=1):
  # Steps that are linear in the gradient: Adam's would turn rounding noise into steps of full length.
  optimizers = {turn.loss: optax.chain(optax.trace(0.9), optax.scale(-0.05)) for turn in game.turns}
  return Play(game, optimizers, draw, ema_decay=0.5, accumulate=accumulate)


class Case:
  """A small game and two rounds of it, which `end` plays in however many pieces."""

  def __init__(self, make_game, begin):
    rng = np.random.default_rng(0)
    image = rng.normal(1.0, 0.5, (ROUNDS, 3, BATCH, 2)).astype(np.float32)
    self.feed = {'image': image, 'label': rng.integers(0, CLASSES, image.shape[:3]).astype(np.int32)}
    self.make_game = make_game
    self.state = begin(play_of(make_game(None)), jax.tree.map(lambda x: x[0, 0], self.feed))

  def end(self, devices, parts):
    """(state, metrics, rounds played)."""
    play, devices = play_of(self.make_game(AXIS), parts), jax.devices()[:devices]
    program = over_devices(lambda *arguments: play_rounds(play, *arguments), devices)
    state = everywhere(jax.tree.map(jnp.copy, self.state), devices)
    return jax.device_get(program(state, cut(self.feed, devices), KEY, np.int32(ROUNDS), None))


@pytest.fixture(scope='module', params=[wgan_gp, conditional])
def case(request, begin):
  return Case(request.param, begin)


@pytest.fixture(scope='module')
def whole(case):
  return case.end(1, 1)


@pytest.mark.parametrize('devices, parts', [(1, 4), (2, 2)])
def test_pieces_end_where_the_whole_does(case, whole, devices, parts):
  end = case.end(devices, parts)
  chex.assert_trees_all_close(end, whole, rtol=1e-4, atol=1e-5)
  chex.assert_trees_all_equal_dtypes(end[0], case.state)
  assert end[2] == ROUNDS
  for before, after in zip(trees(case.state), trees(end[0]), strict=True):
    assert not all(jax.tree.leaves(jax.tree.map(np.array_equal, before, after)))


def trees(state):
  """Parameters and collections of each network, and what else is in them."""
  return [tree for collection in (state.params, *state.collections.values()) for tree in collection.values()]


class Normalising(Game):
  """One network, a batch normalisation, whose output descends to zero."""

  network: norms.BatchNorm = norms.BatchNorm()

  @property
  def turns(self):
    return (Turn('loss', ('network',)),)

  @property
  def averaged(self):
    return ()

  def loss(self, batch):
    y = self.network(batch['image'], train=True)
    return jnp.mean(y[:, 0]), {'largest': jnp.max(batch['image'])}


def test_batch_statistics_and_metrics_are_means_over_micro_batches():
  play, x = play_of(Normalising(), 4), np.random.default_rng(0).normal(2.0, 3.0, (BATCH, 2)).astype(np.float32)
  state, metrics = play_turn(play, play.game.turns[0], initial_state(play, {'image': x[:4]}, KEY), {'image': x}, KEY)
  parts, (statistics,) = x.reshape(4, 4, 2), state.collections['batch_stats']['network'].values()
  np.testing.assert_allclose(statistics['mean'], 0.1 * x.mean(0), rtol=1e-5)
  np.testing.assert_allclose(statistics['var'], 0.9 + 0.1 * parts.var(axis=1).mean(0), rtol=1e-5)
  np.testing.assert_allclose(metrics['largest'], parts.max(axis=(1, 2)).mean(), rtol=1e-6)
  np.testing.assert_allclose(state.params['network']['BatchNorm_0']['bias'], [-0.05, 0], atol=1e-7)


def test_a_loss_of_the_whole_batch_refuses_before_anything_is_trained(make_play, make_feed):
  play, batch = make_play(penalty=dragan()), make_feed(8)
  state = initial_state(play, batch, KEY)
  cut = play._replace(accumulate=2)
  line = (
    'this game compares samples of the whole batch, of which 2 micro-batches see a part each: '
    'set --config.train.accumulate=1'
  )
  for refused in (lambda: initial_state(cut, batch, KEY), lambda: play_turn(cut, cut.game.turns[0], state, batch, KEY)):
    with pytest.raises(UserError) as caught:
      refused()
    assert f'{caught.value}' == line
  initial_state(play, batch, KEY)  # the scope was left with the error
