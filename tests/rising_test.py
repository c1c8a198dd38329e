"""R3GAN's augmentation: ADA's pipeline with a hole, and a probability by the count of updates."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax import ada
from wgan_jax.augmentations import rising_bgc

N = 2000
KEYS = jax.random.split(jax.random.key(0), N)
GREY = jnp.full((N, 8, 8, 1), 0.5)
# Compiled in half the time; what runs here is small.
quick = functools.partial(jax.jit, compiler_options={'xla_backend_optimization_level': 0})


@pytest.fixture(scope='module')
def changed():
  """What 2000 keys make of one grey image at p = 1/2: nothing moves what is grey all over."""
  return np.asarray(quick(rising_bgc().apply)(GREY, KEYS, jnp.float32(0.5)))


def test_nothing_changes_at_the_start():
  augmentation = rising_bgc()
  assert augmentation.initial == 0
  np.testing.assert_allclose(quick(augmentation.apply)(GREY, KEYS, jnp.float32(0)), GREY)


def test_a_hole_is_there_with_probability_p(changed):
  # A hole has its centre anywhere: always some of its 4x4 pixels are inside.
  holes = (changed == 0).sum(axis=(1, 2, 3))
  assert abs(np.mean(holes > 0) - 0.5) < 0.04
  assert holes.max() == 16 and holes[holes > 0].min() >= 4


def test_colours_change_half_as_often(changed):
  # Grey keeps its value where neither brightness nor contrast is drawn, each with 1/4; corners see few holes.
  middle = np.array([np.max(np.abs(image[image != 0] - 0.5)) for image in changed])
  assert abs(np.mean(middle < 1e-6) - 0.75**2) < 0.04


def test_the_pipeline_takes_a_probability_for_colours_alone():
  x = jax.random.uniform(jax.random.key(1), (4, 8, 8, 3))
  np.testing.assert_allclose(quick(ada.bgc)(x, KEYS[:4], jnp.float32(0), jnp.float32(0)), x, atol=1e-6)
  changed = quick(ada.bgc)(GREY[:50], KEYS[:50], jnp.float32(0), jnp.float32(1))
  assert np.all(np.ptp(changed, axis=(1, 2, 3)) < 1e-5) and np.std(changed) > 0.05
  moved = quick(ada.bgc)(x, KEYS[:4], jnp.float32(1), jnp.float32(0))
  assert np.max(moved) <= np.max(x) + 1e-5 and not np.allclose(moved, x)


@pytest.mark.parametrize('updates, expected', [(0, 0.0), (500, 0.2), (1000, 0.4), (9000, 0.4)])
def test_p_rises_with_the_updates_whatever_the_critic_says(updates, expected):
  adapt = rising_bgc(0.4, 1000).adapt
  np.testing.assert_allclose(adapt(jnp.float32(0.9), jnp.int32(updates), jnp.float32(-1)), expected, atol=1e-6)


def test_gradients_reach_what_is_behind_it():
  x = jax.random.normal(jax.random.key(2), (5, 8, 8, 3))
  gradient = quick(jax.grad(lambda x: jnp.sum(rising_bgc().apply(x, KEYS[:5], jnp.float32(0.5)))))(x)
  assert np.all(np.any(gradient != 0, axis=(1, 2, 3)))
