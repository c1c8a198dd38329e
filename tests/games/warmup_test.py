import pytest

from wgan_jax.games.adversarial import Warmup


@pytest.mark.parametrize('warmup', [Warmup(), Warmup(100), Warmup(100, 0, 7), Warmup(9, 5, 0), Warmup(9, 25, 10)])
def test_updates_before_a_round_are_the_sum_of_the_rounds_before_it(make_play, warmup):
  game = make_play(n_critic=5, warmup=warmup).game
  updates = {'critic_loss': 0, 'generator_loss': 0}
  for step in range(60):
    assert game.played_before(step) == updates
    for turn in game.turns_at(step):
      updates[turn.loss] += turn.repeats


def test_the_official_code_trains_the_critic_long_in_these_rounds(make_play):
  game = make_play(n_critic=5, warmup=Warmup(100)).game
  long = [step for step in range(1100) if game.turns_at(step)[0].repeats == 100]
  assert long == [*range(25), 500, 1000]
