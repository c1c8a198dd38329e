"""What every game promises, a test for each: over all games, and games of two with every part that has a name."""

import functools
import importlib

import chex
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from wgan_jax import build, parallel, priors
from wgan_jax.build_networks import CONDITIONINGS
from wgan_jax.checkpoint import Checkpoints
from wgan_jax.config import flat
from wgan_jax.engine import initial_state, play_round, play_rounds

KEY, BATCH, DEVICES = jax.random.key(11), 16, jax.devices()[:8]
SMALL = dict(width=4, depth=1, code=4, features=4, style=4, categories=3, dim=3, n_critic=2, ahead=2)
PENALTY, AUGMENT = 'game.penalty.name', 'game.augment.name'
# What goes with a game, an objective or a divergence, so that all of it is covered; each that has a name is a case.
WITH = {
  'alae': {AUGMENT: 'instance_noise'},
  'cyclegan': {'generator.width': 2, 'generator.depth': 0, 'critic.width': 2, 'critic.depth': 1},
  'ebgan': {AUGMENT: 'instance_noise'},
  'unrolled': {AUGMENT: 'instance_noise', PENALTY: 'gradient_penalty', 'game.fakes_per_real': 2},
  'progressive': {PENALTY: 'none', 'game.n_critic': 1},  # second derivatives of so many layers take a minute
  'minimax': {AUGMENT: 'instance_noise'},
  'non_saturating': {AUGMENT: 'ada', 'critic.conditioning': 'concatenate'},
  'least_squares': {AUGMENT: 'diffaug', 'game.penalty.consistency': 1.0},
  'wasserstein': {PENALTY: 'gradient_penalty', 'game.penalty.sided': 'one', 'critic.norm': 'layer'},
  'hinge': {'critic.spectral_norm': True, 'critic.conditioning': 'projection', 'generator.norm': 'conditional_batch'},
  'relativistic': {PENALTY: 'r1_r2', 'game.annealing.share': 0.5, 'game.fakes_per_real': 2},
  'kl': {PENALTY: 'r1', 'generator.conditioning': 'shared', 'generator.norm': 'modulated_batch'},
  'reverse_kl': {PENALTY: 'r2', AUGMENT: 'instance_noise'},
  'pearson': {PENALTY: 'zero_centered', 'critic.conditioning': 'inner_product', 'generator.conditioning': 'embedded'},
  'neyman': {PENALTY: 'lipschitz_penalty', 'game.alternative': False},
  'jeffrey': {PENALTY: 'dragan', 'game.fakes_per_real': 2, 'game.alternative': False},
  'jensen_shannon': {'critic.norm': 'batch', AUGMENT: 'rising_bgc'},
}
CASES = {name: (f'{name}_digits', {}) for name in build.GAMES} | {
  'adversarial': ('digits_wgan_gp', {}),
  'unrolled': ('unrolled_toy', {}),
  'clipped': ('digits_wgan_gp', {PENALTY: 'none', 'optimizer.critic_loss.clip_weights': 0.05}),
}
GAMES = sorted(CASES)
CASES |= {name: ('gan_digits', {'game.objective': name}) for name in build.OBJECTIVES if name != 'f_gan'}
CASES |= {name: ('fgan_digits', {'game.divergence': name}) for name in build.DIVERGENCES}


def config_of(case):
  experiment, changes = CASES[case]
  config = importlib.import_module(f'experiments.{experiment}').get_config()
  small = {key: SMALL[key.rpartition('.')[2]] for key in flat(config) if key.rpartition('.')[2] in SMALL}
  config.update_from_flattened_dict(small | changes | WITH.get(case, {}))
  return config


def test_the_cases_cover_everything_that_has_a_name():
  configs = [flat(config_of(case)) for case in CASES]
  assert {c['game.name'] for c in configs} == set(build.GAMES)
  assert {c.get('game.objective') for c in configs} >= set(build.OBJECTIVES)
  assert {c['game.divergence'] for c in configs if c.get('game.objective') == 'f_gan'} == set(build.DIVERGENCES)
  assert {c.get(PENALTY) for c in configs} >= set(build.PENALTIES)
  assert {c.get(AUGMENT) for c in configs} >= set(build.AUGMENTATIONS)
  assert {c[f'{name}.conditioning'] for c in configs for name in ('generator', 'critic')} == set(CONDITIONINGS)


class Case:
  """A small game, the minibatches of one round, and programs that play it."""

  def __init__(self, name):
    self.name = name
    sources = priors.empirical(np.random.default_rng(1).uniform(-1, 1, (20, 8, 8, 1)).astype(np.float32))
    play = build.build_play(config_of(name), (8, 8, 1), 10, sources if name == 'cyclegan' else None)
    # Steps that are linear in the gradient: Adam's would turn rounding noise into steps of full length.
    rates = {loss: optax.chain(optax.trace(0.9), optax.scale(-0.05)) for loss in play.optimizers}
    clips = {loss: tx for loss, tx in play.optimizers.items() if name == 'clipped' and loss == 'critic_loss'}
    self.play, self.turns = play._replace(optimizers=rates | clips, ema_decay=0.5), play.game.turns
    rng, m = np.random.default_rng(0), sum(turn.repeats for turn in self.turns)
    image, source = rng.uniform(-1, 1, (2, m, BATCH, 8, 8, 1)).astype(np.float32)
    self.feed = {'image': image, 'source': source, 'label': rng.integers(0, 10, (m, BATCH)).astype(np.int32)}
    self.feed['level'] = np.full((m, BATCH), 0.75, np.float32)
    self.begin = jax.jit(self._begin)

  def _begin(self, key):
    batch = jax.tree.map(lambda x: jnp.zeros(x.shape[1:], x.dtype), self.feed)
    fresh = jax.vmap(lambda key: initial_state(self.play, batch, key), axis_name=parallel.AXIS)
    state = jax.tree.map(lambda x: x[0], fresh(key[None]))
    # Initialisation makes spectral vectors converge; here they still have to turn. Augmentations begin in the middle.
    turned = {
      'spectral': lambda x: jnp.full(x.shape, 1 / np.sqrt(x.size)),
      'memory': lambda x: x + 0.25 if jnp.issubdtype(x.dtype, jnp.floating) else x,
    }
    collections = {name: jax.tree.map(turned.get(name, jnp.copy), tree) for name, tree in state.collections.items()}
    return state.replace(collections=collections)

  def on_one_device(self, state, feed, key=KEY, turns=None):
    """A round as one device plays it, which is an axis of length one."""
    feed = jax.tree.map(lambda x: x[:, None], feed)
    play = jax.vmap(lambda x: play_round(self.play, state, x, key, None, turns), in_axes=1, axis_name=parallel.AXIS)
    return jax.tree.map(lambda x: x[0], play(feed))

  def on_devices(self, devices, state):
    """A round as so many devices play it."""
    program = parallel.over_devices(functools.partial(play_rounds, self.play), devices)
    feed = parallel.cut(jax.tree.map(lambda x: x[None], self.feed), devices)
    state, metrics, played = program(parallel.everywhere(state, devices), feed, KEY, np.int32(1), None)
    assert played == 1
    return jax.device_get((state, jax.tree.map(lambda x: x[0], metrics)))


@pytest.fixture(scope='module', params=CASES)
def case(request):
  return Case(request.param)


@pytest.fixture(scope='module')
def state(case):
  return case.begin(KEY)


@pytest.fixture(scope='module')
def one_round(case):
  return jax.jit(case.on_one_device)


@pytest.fixture(scope='module')
def after(one_round, case, state):
  return one_round(state, case.feed)


def assert_close(found, expected, rtol):
  """Equal to a part of the largest number of each array: some gradients are sums of large ones that cancel."""
  for a, b in zip(jax.tree.leaves(found), jax.tree.leaves(jax.device_get(expected)), strict=True):
    np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol * np.abs(b).max() + 1e-6)


def moved(before, after):
  """The networks of {network: tree} in which some number differs; a game's own memory goes by its variables' names."""
  same = {name: jax.tree.map(np.array_equal, before[name], after[name]) for name in before}
  return {name for name, tree in same.items() if not all(jax.tree.leaves(tree))}


def test_a_turn_moves_exactly_what_it_learns_compiled_or_not(case, state):
  networks, first = set(state.params), 0
  for turn in case.turns:
    feed = jax.tree.map(lambda x, a=first, b=first + turn.repeats: x[a:b], case.feed)
    first += turn.repeats
    play = functools.partial(case.on_one_device, turns=(turn,))
    compiled = jax.jit(play)(state, feed)
    assert moved(state.params, compiled[0].params) == set(turn.learns)
    assert moved(state.opt_state, compiled[0].opt_state) == {turn.loss}
    for name, tree in state.collections.items():
      assert moved(tree, compiled[0].collections[name]) & networks <= set(turn.learns), name
    if case.name in GAMES:  # what else is a case differs in formulas, which are tested uncompiled
      with jax.disable_jit():
        assert_close(play(state, feed), compiled, 2e-4)


def test_statistics_of_what_is_learned_move(case, state, after):
  for name, tree in state.collections.items():
    assert moved(tree, after[0].collections[name]) >= {network for network in tree if network in state.params}, name


def test_all_is_finite(after):
  for leaf in jax.tree.leaves(after):
    assert np.isfinite(leaf).all()


def test_eight_devices_end_where_one_does(case, state, after):
  state, metrics = case.on_devices(DEVICES, jax.tree.map(jnp.copy, state))
  assert_close((state, metrics), after, 1e-3)


def test_saved_and_restored_it_goes_on_in_the_same_bits(one_round, case, after, tmp_path):
  checkpoints = Checkpoints(tmp_path, 1, 'x', True)
  checkpoints.save(1, after[0], {})
  checkpoints.close()
  restored = Checkpoints(tmp_path, 1, 'x', True).restore(after[0], print)
  chex.assert_trees_all_equal(one_round(restored, case.feed), one_round(after[0], case.feed))


@pytest.mark.parametrize('case', GAMES, indirect=True)
def test_two_seeds_under_vmap_are_two_runs(one_round, case):
  keys = jax.random.split(KEY)
  states = [case.begin(key) for key in keys]
  alone = [one_round(state, case.feed, key) for state, key in zip(states, keys, strict=True)]
  stacked = jax.tree.map(lambda *x: jnp.stack(x), *states)
  together = jax.jit(jax.vmap(case.on_one_device, (0, None, 0)))(stacked, case.feed, keys)
  assert_close(together, jax.tree.map(lambda *x: jnp.stack(x), *alone), 1e-3)


def test_samples_have_the_shape_of_data(case, state):
  game = case.play.game.clone(axis_name=None)
  label = jnp.arange(6) % 10
  samples = game.apply(state.averaged_variables(), 6, label, method='sample', rngs={'params': KEY})
  chex.assert_shape(samples, (6, 8, 8, 1))
  assert np.abs(samples).max() <= 1
