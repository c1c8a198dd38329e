"""The pair that grows: every resolution's layers from the start, in modules named by it, of which some are in use.

Karras et al., "Progressive Growing of GANs", appendix A, https://arxiv.org/abs/1710.10196. The level [] says which: at
2 the first three resolutions, at 2.3 the fourth is faded in to 30 %. It is kept in the collection 'memory', so that
samples and checkpoints know it too, and begins at the highest; `grow` sets it. What is above it is not computed.
Outside of the networks images are always of full size: nearest neighbours upwards, means of pixels downwards.
"""

import functools
import itertools
from collections.abc import Callable

import flax.linen as nn
import jax
import jax.numpy as jnp

from wgan_jax.networks import heads, inits, layers, norms
from wgan_jax.networks.convolution import convolve, convolve_transpose, upsample_convolve
from wgan_jax.networks.minibatch import with_deviation
from wgan_jax.networks.plans import channels_of, resolutions
from wgan_jax.networks.resampling import enlarge, shrink


class Stage(nn.Module):
  """h [B, H, W, in] -> convolutions in a row, each with activation and norm behind it.

  plan: (features, kernel size, op) of each. gain: of their initialisation.
  """

  plan: tuple
  conv: Callable
  norm: Callable = norms.NoNorm
  activation: Callable = layers.full
  gain: float = inits.He().gain

  @nn.compact
  def __call__(self, h, label=None, *, train):
    for features, kernel_size, op in self.plan:
      h = self.conv(features, kernel_size, op=op, kernel_init=inits.He(self.gain), train=train)(h)
      h = self.norm()(self.activation(h), label, train=train)
    return h


class Verdict(nn.Module):
  """h [B, H, W, C] of the first resolution -> what `head` makes of it, having been told how samples differ.

  group: of samples that are compared, as in `with_deviation`; 0 for no such channel.
  """

  group: int
  axis_name: str | None
  dense: Callable
  conv: Callable
  norm: Callable
  activation: Callable
  head: Callable

  @nn.compact
  def __call__(self, h, label=None, *, train):
    channels, size = h.shape[-1], h.shape[1:3]
    h = with_deviation(h, self.group, self.axis_name) if self.group else h
    plan = (channels, (3, 3), convolve), (channels, size, functools.partial(convolve, padding='VALID'))
    h = Stage(plan, self.conv, self.norm, self.activation)(h, label, train=train)
    return self.head(functools.partial(self.dense, train=train))(h[:, 0, 0], label, train=train)


class Growing(nn.Module):
  """What both networks have: a level, beside the `sizes` of all resolutions."""

  def setup(self):
    self.sizes = resolutions(*self.shape[:2])
    self.level = self.variable('memory', 'level', lambda: jnp.float32(len(self.sizes) - 1))

  def grow(self, level: jax.Array) -> None:
    """Sets the level []."""
    self.level.value = jnp.float32(level)

  def staged(self, branches: list[Callable], *operands: jax.Array) -> jax.Array:
    """What the branch of this level, (network, share of its resolution, *operands) -> array, makes of the operands."""
    level = jnp.clip(self.level.value, 0, len(branches) - 1)
    last = jnp.ceil(level).astype(jnp.int32)
    if self.is_initializing():  # every branch, for each has variables of its own
      return [branch(self, jnp.float32(1), *operands) for branch in branches][-1]
    return nn.switch(last, branches, self, level - last + 1, *operands)


class ProgressiveGenerator(Growing):
  """z [B, dim] -> images [B, H, W, C] of no bounds, for the paper's last layer is linear.

  shape: of an image. width: channels at most (512 in the paper). output: what images go through.
  """

  shape: tuple[int, int, int]
  width: int = 512
  conv: Callable = layers.Conv
  norm: Callable = norms.PixelNorm
  activation: Callable = layers.leaky_relu
  output: Callable = layers.full

  def setup(self):
    super().setup()
    channels = channels_of(self.sizes, self.width)
    first = functools.partial(convolve_transpose, strides=self.sizes[0])
    beginnings = [(self.sizes[0], first)] + [((3, 3), upsample_convolve)] * (len(channels) - 1)
    plans = [((n, *begin), (n, (3, 3), convolve)) for n, begin in zip(channels, beginnings, strict=True)]
    names = [f'{height}x{width}' for height, width in self.sizes]
    self.stages = [
      Stage(plan, self.conv, self.norm, self.activation, name=name) for plan, name in zip(plans, names, strict=True)
    ]
    self.sphere = norms.PixelNorm()
    colours, in_full = ((self.shape[-1], (1, 1), convolve),), functools.partial(self.conv, dtype=None)
    self.to_images = [Stage(colours, in_full, gain=1.0, name=f'image_{name}') for name in names]

  def __call__(self, z, label=None, *, train):
    z = self.sphere(z, train=train)[:, None, None]
    h = self.stages[0](z, label, train=train)
    return self.output(self.staged([_drawing(n, label, train) for n in range(len(self.sizes))], h))


def _drawing(last, label, train):
  """The generator's branch of a level: the full-size image out of the first resolution's features."""

  def draw(network, share, h):
    for stage in network.stages[1 : last + 1]:
      older, h = h, stage(h, label, train=train)
    image = network.to_images[last](layers.full(h), train=train)
    if last:
      image = _mix(enlarge(network.to_images[last - 1](layers.full(older), train=train), 2), image, share)
    return enlarge(image, network.shape[0] // image.shape[1])

  return draw


class ProgressiveCritic(Growing):
  """images [B, H, W, C] -> logits [B], or what `head` makes.

  It compares samples, so that a logit depends on the group that a sample is in; see `with_deviation`.

  shape: of an image. width: channels at most. group, axis_name: as in `with_deviation`; group 0 compares none.
  """

  shape: tuple[int, int, int]
  width: int = 512
  group: int = 4
  axis_name: str | None = None
  dense: Callable = layers.Dense
  conv: Callable = layers.Conv
  norm: Callable = norms.NoNorm
  activation: Callable = layers.leaky_relu
  head: Callable = heads.Logit

  def setup(self):
    super().setup()
    channels = channels_of(self.sizes, self.width)
    first, *names = [f'{height}x{width}' for height, width in self.sizes]
    parts = self.conv, self.norm, self.activation
    self.verdict = Verdict(self.group, self.axis_name, self.dense, *parts, self.head, name=first)
    self.stages = [
      Stage(tuple((n, (3, 3), convolve) for n in (own, below)), *parts, name=name)
      for (below, own), name in zip(itertools.pairwise(channels), names, strict=True)
    ]
    self.from_images = [
      Stage(((n, (1, 1), convolve),), self.conv, activation=self.activation, name=f'image_{name}')
      for n, name in zip(channels, [first, *names], strict=True)
    ]

  def __call__(self, x, label=None, *, train):
    h = self.staged([_looking(n, label, train) for n in range(len(self.sizes))], x)
    return self.verdict(h, label, train=train)


def _looking(last, label, train):
  """The critic's branch of a level: the first resolution's features of full-size images."""

  def look(network, share, x):
    x = shrink(x, x.shape[1] // network.sizes[last][0])
    h = network.from_images[last](x, train=train)
    for n in range(last, 0, -1):
      h = shrink(network.stages[n - 1](h, label, train=train), 2)
      if n == last:
        h = _mix(network.from_images[n - 1](shrink(x, 2), train=train), h, share)
    return h

  return look


def _mix(old, new, share):
  """(1 - share) old + share new; at 1 exactly the new one."""
  share = share.astype(new.dtype)
  return (1 - share) * old + share * new
