"""Networks that are told the label in a way that is the same for all of them."""

import flax.linen as nn
import jax
import jax.numpy as jnp

from wgan_jax.networks import layers


class Concatenated(nn.Module):
  """Any network whose input has the label beside it: one-hot entries of a vector, one-hot planes of an image.

  Mirza & Osindero, "Conditional Generative Adversarial Nets", https://arxiv.org/abs/1411.1784; planes as in DCGAN's
  conditional code.

  network: (input [B, dim + classes] or [B, H, W, C + classes], label, *, train) -> anything.
  classes: kinds of labels.
  """

  network: nn.Module
  classes: int

  @nn.compact
  def __call__(self, x, label=None, *, train):
    told = layers.look_up(jnp.eye(self.classes, dtype=x.dtype), label)
    told = told.reshape((x.shape[0],) + (1,) * (x.ndim - 2) + (self.classes,))
    told = jnp.broadcast_to(told, (*x.shape[:-1], self.classes))
    return self.network(jnp.concatenate([x, told], axis=-1), label, train=train)


class Shared(nn.Module):
  """Any network that is given one embedding of the label, [B, features], where others are given the label itself.

  All its norms then take their scales and shifts from it: BigGAN's shared embedding, which no spectral norm and no
  orthogonal regularisation touches. Brock et al., section 3.1, https://arxiv.org/abs/1809.11096.

  network: (z, embedding, *, train) -> samples. classes: kinds of labels. features: of the embedding (128).
  """

  network: nn.Module
  classes: int
  features: int = 128
  kernel_init: jax.nn.initializers.Initializer = nn.initializers.normal(1.0)

  @nn.compact
  def __call__(self, z, label=None, *, train):
    embedding = layers.Embed(self.classes, self.features, self.kernel_init, name='shared')(label)
    return self.network(z, embedding, train=train)


class Embedded(nn.Module):
  """A generator whose latent code has an embedding of the label beside it, [B, dim + features].

  As Huang et al. tell the class, https://arxiv.org/abs/2501.05441; a one-hot label is another way, `Concatenated`.

  network: (z, label, *, train) -> samples. classes: kinds of labels. features: of the embedding (64).
  """

  network: nn.Module
  classes: int
  features: int = 64
  kernel_init: jax.nn.initializers.Initializer = nn.initializers.variance_scaling(1.0, 'fan_in', 'normal')

  @nn.compact
  def __call__(self, z, label=None, *, train):
    embedding = layers.Embed(self.classes, self.features, self.kernel_init, name='embedding')(label)
    return self.network(jnp.concatenate([z, embedding.astype(z.dtype)], axis=1), label, train=train)


class Unlabelled(nn.Module):
  """Any network that would look at the label, and must not."""

  network: nn.Module

  @nn.compact
  def __call__(self, x, label=None, *, train):
    del label
    return self.network(x, None, train=train)
