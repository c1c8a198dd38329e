"""Jobs for the backend tpu, for tests."""

from wgan_jax.sweep.backends import tpu
from wgan_jax.sweep.units import Job, Unit

CONFIG = '--config=experiments/toy_wgan_gp.py'


def job(root, *numbers):
  units = tuple(Unit(n, {'seed': n}, [CONFIG, f'--config.seed={n}']) for n in numbers)
  return Job(units, [*units[0].arguments, '--config.data.dir=a b', f'--workdir={root}/{numbers[0]:03d}'])


def options(**differences):
  keys = tpu.options()
  keys.update(differences)
  return keys
