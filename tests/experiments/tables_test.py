"""The tables that compare objectives: every row builds, and seeds side by side are seeds alone."""

import chex
import jax
import jax.numpy as jnp
import pytest

from experiments.tables import modes, recipes
from wgan_jax import build
from wgan_jax.dispatch import Dispatcher, starting_state
from wgan_jax.parallel import everywhere

ROWS = recipes.recipes()


@pytest.mark.parametrize('row', ROWS)
def test_every_row_is_a_game_on_points(row):
  play = build.build_play(modes.finish(ROWS[row], '8gaussians', 100), (2,))
  assert play.optimizers.keys() == {turn.loss for turn in play.game.turns}


def test_rows_cover_all_objectives_divergences_and_games_of_points():
  games = {config.game.name for config in ROWS.values()}
  assert games == set(build.GAMES) - {'acgan', 'cyclegan', 'progressive'}  # which need labels, and images
  objectives = {config.game.objective for config in ROWS.values() if 'objective' in config.game}
  assert objectives == set(build.OBJECTIVES)
  assert set(recipes.DIVERGENCES) == set(build.DIVERGENCES)


@pytest.mark.parametrize(
  'argument, line',
  [
    ('--only=kl', 'unknown rows kl; known: minimax'),
    ('--data=digits', "invalid choice: 'digits'"),
    ('--seeds=0', '--seeds and --steps must be 1 or more'),
    ('--steps=0', '--seeds and --steps must be 1 or more'),
  ],
)
def test_a_mistake_is_told_before_anything_runs(argument, line, capsys):
  with pytest.raises(SystemExit):
    modes.main([argument])
  assert line in capsys.readouterr().err


@pytest.fixture
def small(monkeypatch):
  monkeypatch.setattr(modes, 'ROUNDS_PER_DISPATCH', 3)
  config = modes.finish(recipes.duel(), '8gaussians', 6)
  config.data.batch_size = 8
  for group in (config.generator, config.critic):
    group.update(width=4, depth=1)
  return config


def test_seeds_side_by_side_are_runs_of_their_own(small):
  _, states, finite = modes.many(small, 2)
  assert finite.tolist() == [True, True]
  source, devices = build.build_source(small), jax.devices()[:1]
  play = build.build_play(small, source.shape)._replace(draw=source.draw)
  for seed in range(2):
    state = everywhere(starting_state(play, source, seed, 8)(), devices)
    alone, _ = Dispatcher(play, source, seed, devices, 6)(state, 0, 6)
    chex.assert_trees_all_close(states[seed], jax.device_get(alone), rtol=2e-3, atol=2e-4)


def test_a_seed_that_leaves_the_finite_numbers_is_counted(small, monkeypatch):
  sources = build.build_sources

  def poisoned(config):
    source = sources(config)(config.seed)

    def draw(resident, minibatch, keys):
      batch = source.draw(resident, minibatch, keys)
      # Some minibatches of some seeds have a sample that is no number.
      return {'image': jnp.where(batch['image'][:1, :1] > 1.4, jnp.nan, 1.0) * batch['image']}

    return lambda seed: source._replace(draw=draw)

  monkeypatch.setattr(build, 'build_sources', poisoned)
  _, _, finite = modes.many(small, 8)
  assert 0 < finite.sum() < 8
