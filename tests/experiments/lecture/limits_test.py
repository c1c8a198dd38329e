"""Numbers with which a figure would be nonsense, or would never be done, are told in one line before any work."""

import math
import warnings

import pytest

from wgan_jax.errors import UserError


@pytest.mark.parametrize(
  'message, name, numbers',
  [
    ('doublings=30: at most 10', 'critic_steps', dict(doublings=30)),
    ('rate=-0.1 and gamma=0.3', 'critic_steps', dict(rate=-0.1)),
    ('coins=5000: at most 100', 'bernoulli_pairs', dict(coins=5000)),
    ('x2_to_y6=100000: at most 1000', 'bakery_assignment', dict(x2_to_y6=100_000)),
    ('stages=300: at most 20', 'mode_collapse', dict(stages=300)),
    ('at most 4,096', 'batch_size', dict(batches=(100_000,))),
    ('above 0, not to 0', 'two_gaussians', dict(clip=0.0)),
    ('weight of the penalty must be more than 0', 'two_gaussians', dict(weight=-5.0)),
    ('rate and clip must be more than 0', 'dirac_gan', dict(rate=-0.2)),
    ('sigma 0 or more', 'dirac_gan', dict(sigma=-1.0)),
    ('decay=1:', 'dirac_gan', dict(decay=1.0)),
    ('sigma=0 and rate', 'learning_process', dict(sigma=0.0)),
    ('probability=2', 'errata', dict(probability=2.0)),
    ('weight=-1', 'errata', dict(weight=-1.0)),
    ('gap=0:', 'errata', dict(gap=0.0)),
    ('largest_n=1:', 'convergence', dict(largest_n=1)),
    (r'start=1e\+30', 'w1_example', dict(start=1e30)),
    ('width=1e-09', 'w1_example', dict(width=1e-9)),
    (r'apart=1e\+09', 'hinge', dict(apart=1e9)),
    ('reach=0:', 'hinge', dict(reach=0.0)),
  ],
)
def test_what_no_figure_could_have_is_told(drawn, message, name, numbers):
  with pytest.raises(UserError, match=message) as error:
    drawn(name, **numbers)
  assert '\n' not in f'{error.value}'


@pytest.mark.parametrize(
  'name, numbers',
  [
    ('hinge', dict(apart=0.01, reach=100.0)),
    ('hinge', dict(apart=100.0, reach=0.01)),
    ('w1_example', dict(start=-1e6, width=1e-6)),
    ('w1_example', dict(start=1e6, width=1e6)),
    ('convergence', dict(largest_n=2)),
    ('bakery_assignment', dict(x2_to_y6=1000)),
  ],
)
def test_the_outermost_numbers_are_drawn_without_a_warning(drawn, name, numbers):
  with warnings.catch_warnings():
    warnings.simplefilter('error', RuntimeWarning)
    figure = drawn(name, **numbers)
  assert figure.measured and not any(map(math.isnan, figure.measured.values()))  # divergences may be infinite
