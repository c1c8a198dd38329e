import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax.networks.resnet64 import Resnet64Critic, Resnet64Generator

KEY = jax.random.key(0)


def test_a_pair_maps_codes_to_images_to_logits():
  images, variables = jax.eval_shape(
    lambda z: Resnet64Generator((64, 32, 3), 2).init_with_output(KEY, z, train=True), jnp.ones((3, 5))
  )
  logits = jax.eval_shape(lambda x: Resnet64Critic(2, remat=True).init_with_output(KEY, x, train=True)[0], images)
  chex.assert_shape([images, logits], [(3, 64, 32, 3), (3,)])
  assert variables['params']['Dense_0']['kernel'].shape == (5, 4 * 2 * 16)


def test_the_critic_ends_in_maps_of_16th_the_side_without_a_relu_and_has_one_bias_in_a_branch():
  x = np.random.default_rng(0).normal(size=(2, 32, 16, 3)).astype(np.float32)
  critic = Resnet64Critic(2, head=lambda dense: lambda features, label, train: features)
  features, variables = jax.jit(functools.partial(critic.init_with_output, train=True))(KEY, x)
  chex.assert_shape(features, (2, 2 * 1 * 16))
  assert jnp.min(features) < 0 < jnp.max(features)
  for i in range(4):
    block = variables['params'][f'DownBlock_{i}']
    assert ['bias' in block[f'Conv_{j}'] for j in range(3)] == [False, True, True]  # the third is the shortcut's
