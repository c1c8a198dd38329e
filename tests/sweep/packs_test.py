import pytest

from wgan_jax.sweep import packs
from wgan_jax.sweep.units import Unit

TOY = '--config=experiments/toy_wgan_gp.py'


def units(*arguments):
  return [Unit(i, {}, [TOY, *own]) for i, own in enumerate(arguments)]


def numbers(groups):
  return [[unit.number for unit in group] for group in groups]


def test_units_that_differ_in_numbers_alone_go_together_and_no_more_than_asked():
  learning = '--config.optimizer.critic_loss.learning_rate='
  of = units(['--config.seed=1'], ['--config.critic.width=64'], [f'{learning}0.1'], [f'{learning}0.2'])
  assert numbers(packs.groups(of, 9)) == [[0, 2, 3], [1]]
  assert numbers(packs.groups(of, 2)) == [[0, 2], [1], [3]]
  assert numbers(packs.groups(of, 1)) == [[0], [1], [2], [3]]


@pytest.mark.parametrize('key', [key for key in packs.PACKABLE if key != 'seed'])
def test_a_number_that_no_program_is_made_of(key):
  key = key.replace('*', 'generator_loss')
  assert numbers(packs.groups(units([f'--config.{key}=0.25'], [f'--config.{key}=0.5']), 9)) == [[0, 1]]


@pytest.mark.parametrize('key', packs.NOTHING_AT_ZERO)
def test_what_is_not_even_computed_at_zero(key):
  key = key.replace('*', 'critic_loss')
  assert numbers(packs.groups(units([f'--config.{key}=0.0'], [f'--config.{key}=0.5']), 9)) == [[0], [1]]


def test_a_set_that_is_translated_is_of_its_own_seed():
  of = units([], ['--config.seed=1'], [])
  of = [unit._replace(arguments=['--config=experiments/cyclegan_digits.py', *unit.arguments[1:]]) for unit in of]
  assert numbers(packs.groups(of, 9)) == [[0, 2], [1]]


@pytest.mark.parametrize(
  'key, value',
  [
    ('game.n_critic', 2),
    ('train.steps', 20),
    ('log.every_steps', 3),
    ('checkpoint.every_steps', 3),
    ('optimizer.critic_loss.last_b2', 0.5),
    ('game.least_squares.fake', 0.5),
    ('ema.start', 3),
    ('data.name', '8gaussians'),
    ('data.batch_size', 32),
  ],
)
def test_anything_else_is_another_program(key, value):
  assert numbers(packs.groups(units([], [f'--config.{key}={value}']), 9)) == [[0], [1]]
