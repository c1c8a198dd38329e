import re

import pytest

from wgan_jax.errors import UserError
from wgan_jax.sweep.expand import config_of

TOY = '--config=experiments/toy_wgan_gp.py'


def test_the_config_of_another_command_line_leaves_this_one_alone():
  three, four = (config_of([TOY, f'--config.seed={seed}', '--config.game.penalty.weight=2']) for seed in (3, 4))
  assert (three.seed, four.seed) == (3, 4)
  assert three.game.penalty.weight == 2.0 and type(three.game.penalty.weight) is float
  assert config_of([TOY]).seed == 0
  with pytest.raises(AttributeError):
    three.sede = 5  # locked


@pytest.mark.parametrize(
  'argument, line',
  [
    ('--config.game.penalty.wieght=2', 'unknown key --config.game.penalty.wieght; close to it: game.penalty.weight'),
    ('--config.seed=1.5', "--config.seed is of type int, such as 0; '1.5' is none"),
    ('--config.train.steps=0', '--config.train.steps must be positive, not 0'),
    ('--workdir=runs/a', 'unknown flag --workdir'),
  ],
)
def test_another_command_line_is_checked_as_its_own_start_would(argument, line):
  with pytest.raises(UserError, match=re.escape(line)):
    config_of([TOY, argument])
