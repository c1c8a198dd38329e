"""A network that is told the label by concatenation, whatever it takes."""

import flax.linen as nn
import jax
import jax.numpy as jnp


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
    one_hot = jax.nn.one_hot(label, self.classes, dtype=x.dtype)
    one_hot = one_hot.reshape((x.shape[0],) + (1,) * (x.ndim - 2) + (self.classes,))
    one_hot = jnp.broadcast_to(one_hot, (*x.shape[:-1], self.classes))
    return self.network(jnp.concatenate([x, one_hot], axis=-1), label, train=train)
