"""What BigGAN adds to a residual pair: chunks of z, attention in its place, bfloat16, rematerialisation."""

import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.networks import heads, layers, norms
from wgan_jax.networks.conditional import Shared
from wgan_jax.networks.plans import BIGGAN, Plan
from wgan_jax.networks.resnet import ResnetCritic, ResnetGenerator, in_chunks, sum_pool
from wgan_jax.networks.spectral import spectral_norm

KEY = jax.random.key(0)
PLAN = Plan((2, 2, 1), (1, 2, 2), 2)
Z, LABEL, IMAGES = jax.random.normal(KEY, (3, 6)), jnp.array([1, 0, 1]), jax.random.normal(KEY, (3, 8, 8, 1))


def pair(dtype=None, remat=False, attention=4):
  options = {'reparameterize': spectral_norm, 'dtype': dtype}
  dense, conv = functools.partial(layers.Dense, **options), functools.partial(layers.Conv, **options)
  parts = {'plan': PLAN, 'attention': attention, 'remat': remat, 'dense': dense, 'conv': conv}
  norm = functools.partial(norms.ModulatedBatchNorm, dense)
  head = functools.partial(heads.Projection, embed=functools.partial(layers.Embed, 2, reparameterize=spectral_norm))
  generator = Shared(ResnetGenerator((8, 8, 1), 8, skip=True, norm=norm, **parts), 2, 5)
  return generator, ResnetCritic(8, sum_pool, wide=True, head=head, **parts)


def test_the_first_chunk_is_for_the_first_layer_and_each_other_beside_the_label():
  z, told = np.arange(12.0).reshape(2, 6), np.float32([[7], [8]])
  first, rest = in_chunks(z, told, 2)
  np.testing.assert_array_equal(first, [[0, 1], [6, 7]])
  np.testing.assert_array_equal(rest, [[[7, 2, 3], [8, 8, 9]], [[7, 4, 5], [8, 10, 11]]])
  np.testing.assert_array_equal(in_chunks(z, None, 2)[1], [[[2, 3], [8, 9]], [[4, 5], [10, 11]]])


def test_a_blocks_chunk_reaches_its_norms_alone():
  generator, _ = pair()
  variables = generator.init(KEY, Z, LABEL, train=True)
  seen = {}
  for name, place in [('first', 0), ('block0', 2), ('block1', 4)]:
    _, state = generator.apply(
      variables, Z.at[:, place].add(1.0), LABEL, train=False, capture_intermediates=True, mutable=['intermediates']
    )
    seen[name] = state['intermediates']['network']
  blocks = {name: [found[f'block{i}']['__call__'][0] for i in range(2)] for name, found in seen.items()}
  # The last block's chunk changes nothing before it, the one before changes both, the first layer's everything.
  assert jnp.any(blocks['block0'][0] != blocks['block1'][0]) and jnp.any(blocks['block0'][1] != blocks['block1'][1])
  plain = generator.apply(variables, Z, LABEL, train=False, capture_intermediates=True, mutable=['intermediates'])[1][
    'intermediates'
  ]['network']['block0']['__call__'][0]
  chex.assert_trees_all_equal(blocks['block1'][0], plain)
  assert jnp.any(blocks['first'][0] != plain)


def test_attention_follows_the_block_that_makes_its_side():
  for attention, there in [(4, True), (0, False)]:
    for network, x in zip(pair(attention=attention), (Z, IMAGES), strict=True):
      names = jax.eval_shape(functools.partial(network.init, train=True), KEY, x, LABEL)['params']
      names = names.get('network', names)
      assert ('SelfAttention_0' in names) == there


@pytest.mark.parametrize('which', [0, 1])
def test_rematerialised_blocks_give_the_same_gradients_and_statistics(which):
  x = (Z, IMAGES)[which]
  plain, remat = pair()[which], pair(remat=True)[which]
  variables = plain.init(KEY, x, LABEL, train=True)

  @functools.partial(jax.jit, static_argnums=0)
  def gradients(network, params):
    def loss(params):
      y, moved = network.apply({**variables, 'params': params}, x, LABEL, train=True, mutable=list(variables))
      return jnp.mean(y**2), {name: tree for name, tree in moved.items() if name != 'params'}

    return jax.value_and_grad(loss, has_aux=True)(params)

  chex.assert_trees_all_close(*(gradients(n, variables['params']) for n in (plain, remat)), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize('which', [0, 1])
def test_in_bfloat16_all_that_is_kept_or_comes_out_is_float32(which):
  x = (Z, IMAGES)[which]
  half, single = pair(jnp.bfloat16)[which], pair()[which]
  variables = half.init(KEY, x, LABEL, train=True)
  assert {leaf.dtype for leaf in jax.tree.leaves(variables)} == {jnp.dtype('float32')}
  y, moved = half.apply(variables, x, LABEL, train=True, mutable=list(variables), capture_intermediates=True)
  inner = moved.pop('intermediates')
  inner = inner.get('network', inner)['block1']['__call__'][0]
  assert inner.dtype == jnp.bfloat16 and y.dtype == jnp.float32
  assert {leaf.dtype for leaf in jax.tree.leaves(moved)} == {jnp.dtype('float32')}
  expected = single.apply(variables, x, LABEL, train=True, mutable=list(variables))[0]
  np.testing.assert_allclose(y, expected, atol=0.05 * np.std(expected) + 0.02)
  assert jnp.any(y != expected)


def test_the_512_pixel_pair_has_its_shapes():
  generator = ResnetGenerator((512, 512, 3), 2, BIGGAN[512])
  images = jax.eval_shape(lambda: generator.init_with_output(KEY, jnp.zeros((1, 8)), train=True)[0])
  critic = ResnetCritic(2, plan=BIGGAN[512])
  logits = jax.eval_shape(lambda: critic.init_with_output(KEY, jnp.zeros(images.shape), train=True)[0])
  chex.assert_shape([images, logits], [(1, 512, 512, 3), (1,)])
