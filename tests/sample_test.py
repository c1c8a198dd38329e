import jax
import numpy as np
import pytest

from wgan_jax.sample import Sampler, arcs


@pytest.fixture
def state(make_play, make_feed, begin):
  return begin(make_play(), make_feed(4))


def test_the_same_seed_gives_the_same_samples_and_more_of_them(make_play, state):
  play = make_play()
  few, many = (Sampler(play.game, 0, 4, classes=0).draw(state, n) for n in (6, 20))
  assert few.shape == (6, 2) and many.shape == (20, 2)
  np.testing.assert_array_equal(few, many[:6])
  assert len(np.unique(many, axis=0)) == 20
  assert not np.array_equal(few, Sampler(play.game, 1, 4, classes=0).draw(state, 6))


def test_samples_come_from_the_moving_average(make_play, state):
  sampler = Sampler(make_play().game, 0, 4, classes=0)
  ruined = state.replace(params={**state.params, 'generator': jax.tree.map(lambda x: x * 0, state.params['generator'])})
  np.testing.assert_array_equal(sampler.draw(state, 4), sampler.draw(ruined, 4))
  np.testing.assert_array_equal(sampler.interpolate(state, 2, 3), sampler.interpolate(ruined, 2, 3))
  forgotten = state.replace(ema=jax.tree.map(lambda x: x * 0, state.ema))
  assert not np.array_equal(sampler.draw(state, 4), sampler.draw(forgotten, 4))


def test_an_arc_joins_its_ends_and_keeps_normal_codes_normal():
  start, end = np.random.default_rng(0).normal(size=(2, 4000, 3)).astype(np.float32)
  path = np.asarray(arcs(start, end, 5))
  assert path.shape == (4000, 5, 3)
  np.testing.assert_allclose(path[:, 0], start, atol=1e-6)
  np.testing.assert_allclose(path[:, -1], end, atol=1e-6)
  np.testing.assert_allclose(path.std(axis=(0, 2)), 1.0, atol=0.03)


def test_interpolations_are_rows_of_steps(make_play, state):
  rows = Sampler(make_play().game, 0, 4, classes=0).interpolate(state, 3, 7)
  assert rows.shape == (3, 7, 2)
  steps = np.linalg.norm(np.diff(rows, axis=1), axis=-1)
  assert (steps > 0).all() and steps.max() < np.linalg.norm(rows, axis=-1).max()
