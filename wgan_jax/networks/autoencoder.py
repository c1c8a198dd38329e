"""A critic that judges by how well it can reconstruct: an encoder and a decoder, e.g. those of a DCGAN."""

from typing import NamedTuple

import flax.linen as nn
import jax


class Reconstruction(NamedTuple):
  """What an auto-encoder says of x: x as it saw it, its reconstruction of the same shape, its code [B, dim]."""

  input: jax.Array
  output: jax.Array
  code: jax.Array


class Autoencoder(nn.Module):
  """samples [B, ...] -> Reconstruction.

  encoder: (x, label, *, train) -> code [B, dim]. decoder: (code, label, *, train) -> samples.
  """

  encoder: nn.Module
  decoder: nn.Module

  @nn.compact
  def __call__(self, x, label=None, *, train):
    code = self.encoder(x, label, train=train)
    return Reconstruction(x, self.decoder(code, label, train=train), code)
