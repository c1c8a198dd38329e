import re

import pytest

from experiments import base, cyclegan_digits, toy_wgan_gp
from wgan_jax.build_names import check_names
from wgan_jax.errors import UserError


@pytest.mark.parametrize(
  'key, line',
  [
    ('game.name', "unknown game.name 'nonsense'; known: acgan, adversarial, "),
    ('game.objective', "unknown game.objective 'nonsense'; known: f_gan, "),
    ('game.penalty.noise', "unknown game.penalty.noise 'nonsense'; known: normal, uniform"),
    ('game.augment.name', "unknown game.augment.name 'nonsense'; known: ada, "),
    ('prior.name', "unknown prior.name 'nonsense'; known: normal, uniform"),
    ('critic.name', "unknown critic.name 'nonsense'; known: began, "),
    ('generator.norm', "unknown generator.norm 'nonsense'; known: batch, "),
    ('critic.activation', "unknown critic.activation 'nonsense'; known: default, "),
    ('optimizer.critic_loss.name', "unknown optimizer.critic_loss.name 'nonsense'; known: adam, rmsprop, sgd"),
    ('optimizer.generator_loss.decay', "unknown optimizer.generator_loss.decay 'nonsense'; known: constant, "),
  ],
)
def test_a_name_that_is_unknown_is_told_with_those_that_are_known(key, line):
  config = toy_wgan_gp.get_config()
  config.update_from_flattened_dict({key: 'nonsense'})
  with pytest.raises(UserError, match=re.escape(line)):
    check_names(config)


def test_a_translator_is_one_of_its_own_kind():
  config = cyclegan_digits.get_config()
  check_names(config)
  config.generator.name = 'mlp'
  with pytest.raises(UserError, match=r"unknown generator.name 'mlp'; known: translator"):
    check_names(config)


@pytest.mark.parametrize('name', ['', 'cifar10', 'mnist', 'folder:/not/here', 'lsun/bedroom', 'digits', 'swissroll'])
def test_data_may_be_elsewhere(name):
  config = base.get_config()
  config.data.name = name
  check_names(config)
  config.data.name = 'stacked_mnits'
  with pytest.raises(UserError, match='did you mean stacked_mnist'):
    check_names(config)
