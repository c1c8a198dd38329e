"""Which games are watched, and for what."""

import importlib
import types

import numpy as np
import pytest

from experiments import digits_wgan_gp
from wgan_jax import build, watching
from wgan_jax.errors import UserError

REAL = {'image': np.zeros((20, 8, 8, 1), np.float32), 'label': np.zeros(20, np.int32)}


def watched(name, held_out=None, **log):
  config = importlib.import_module(f'experiments.{name}').get_config()
  config.log.update(log)
  sources = (lambda keys: None) if name == 'cyclegan_digits' else None
  judge = types.SimpleNamespace(game=build.build_play(config, (8, 8, 1), 10, sources).game)
  return watching.of_critic(config, judge, REAL, held_out, 20)


@pytest.mark.parametrize(
  'name, estimates, alarms',
  [
    ('digits_wgan_gp', 1, 1),
    ('gan_digits', 0, 1),  # its critic estimates another divergence
    ('ebgan_digits', 0, 1),
    ('progressive_digits', 0, 0),  # its critic compares the samples of a group
    ('cramer_digits', 0, 0),
    ('cyclegan_digits', 0, 0),
    ('vae_digits', 0, 0),
  ],
)
def test_a_critic_is_watched_for_what_it_claims(name, estimates, alarms):
  assert len(watched(name)) == estimates
  held_out = REAL if alarms else None  # as `held_out_samples` gives it
  assert len(watched(name, held_out)) == estimates + alarms
  assert len(watched(name, held_out, n_critic_w1=0)) == alarms
  # No checkpoint is best by what its critic says.
  assert all(evaluator.ranks == () for evaluator in watched(name, held_out))


def config_of(**log):
  config = digits_wgan_gp.get_config()
  config.data.split = 'train[:80%]'
  config.log.update(held_out='train[80%:]', **log)
  return config


@pytest.mark.parametrize('judges, n, found', [(True, 7, 7), (True, 1000, 359), (True, 0, None), (False, 7, None)])
def test_so_many_are_held_out_as_there_are_and_are_asked_for(judges, n, found):
  samples = watching.held_out_samples(config_of(n_held_out=n), types.SimpleNamespace(judges=judges))
  assert (samples if samples is None else len(samples['image'])) == found


def test_one_is_too_few_to_test_anything():
  with pytest.raises(UserError, match=r'one held-out sample: set --config.log.n_held_out=2 or more, 0 for no test'):
    watching.held_out_samples(config_of(n_held_out=1), types.SimpleNamespace(judges=True))
