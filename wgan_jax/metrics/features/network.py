"""What every feature network is: a pure function of weights and images, and the facts to name beside each number."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax


class Outputs(NamedTuple):
  """What a network says of B images.

  features: [B, D] float32, of the layer that distances are taken in.
  logits: [B, K] float32, None for a network without (all) its last layers.
  """

  features: jax.Array
  logits: jax.Array | None


class Network(NamedTuple):
  """A feature network with its weights.

  name: for people: 'Inception v3 (2015-12-05), pool3'.
  distance: what a Frechet distance in its features is called: 'FID', 'FID-768' or 'FCD-mnist'.
  sha256: of the file that the weights are from.
  resizer: how images are made as large as it wants them, '' where it takes them as they are.
  weights: a tree of arrays.
  apply: (weights, images uint8 [B, H, W, C]) -> Outputs, a pure function that may be compiled.
  dimensions: D of its features.
  unfit: the shape (H, W, C) of images -> '' where it can look at them, else what it would need, 'images of 28x28x1'.
  """

  name: str
  distance: str
  sha256: str
  resizer: str
  weights: Any
  apply: Callable[[Any, jax.Array], Outputs]
  dimensions: int
  unfit: Callable[[tuple[int, ...]], str] = lambda shape: ''
