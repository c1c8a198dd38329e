"""Small classifiers trained here on real data: residual networks, whose pooled features distances are taken in.

A Frechet distance in them is called FCD-<data>, never FID. `python -m experiments.classifiers` trains them; beside
their weights is told how that was done.
"""

import functools
import json
import pathlib
from typing import Any, NamedTuple

import flax
import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax.errors import UserError, look_up
from wgan_jax.metrics.features import weights
from wgan_jax.metrics.features.network import Network, Outputs
from wgan_jax.networks import layers, norms
from wgan_jax.networks.convolution import convolve, convolve_mean_pool

COMMAND = 'python -m experiments.classifiers'
FOLDER = pathlib.Path(__file__).parent / 'weights_of'
EPSILON = 1e-5  # of batch normalisation
HELD_OUT_DIGITS = slice(0, None, 5)  # of scikit-learn's 1,797, which have no test set of their own


class Classifier(nn.Module):
  """images uint8 [B, H, W, C] -> features [B, widths[-1]], means over pixels after the last ReLU, and logits.

  Convolutions with batch normalisation and ReLU, in residual blocks after He et al., https://arxiv.org/abs/1512.03385;
  what halves an image is a convolution with a mean over 2x2 pixels. Once trained, the normalisations are folded into
  the kernels (`fold`), and nothing of them is left.

  widths: channels of each stage, one half as large as the one before.
  blocks: residual ones in each stage.
  folded: whether the normalisations are folded in.
  """

  widths: tuple[int, ...]
  blocks: tuple[int, ...]
  classes: int = 10
  folded: bool = True

  @nn.compact
  def __call__(self, images, *, train=False):
    def unit(h, width, op=convolve):
      h = layers.Conv(width, op=op, use_bias=self.folded)(h)
      return h if self.folded else norms.BatchNorm(epsilon=EPSILON)(h, train=train)

    h = images.astype(jnp.float32) / 127.5 - 1
    for stage, (width, blocks) in enumerate(zip(self.widths, self.blocks, strict=True)):
      h = jax.nn.relu(unit(h, width, convolve_mean_pool if stage else convolve))
      for _ in range(blocks):
        h = jax.nn.relu(h + unit(jax.nn.relu(unit(h, width)), width))
    features = jnp.mean(h, axis=(1, 2))
    return Outputs(features, layers.Dense(self.classes)(features))


class Kind(NamedTuple):
  """One of the classifiers. title: of its data, for people; shape: of the images that it learned from."""

  title: str
  shape: tuple[int, int, int]
  widths: tuple[int, ...]
  blocks: tuple[int, ...]

  def module(self, **options: Any) -> Classifier:
    return Classifier(self.widths, self.blocks, **options)


KINDS = {
  'mnist': Kind('MNIST', (28, 28, 1), (16, 32, 64), (0, 1, 1)),
  'fashion_mnist': Kind('Fashion-MNIST', (28, 28, 1), (16, 32, 64), (0, 1, 1)),
  'cifar10': Kind('CIFAR-10', (32, 32, 3), (32, 64, 64), (1, 2, 2)),
  'digits': Kind('digits', (8, 8, 1), (32, 64), (1, 1)),
}


def fold(variables: dict) -> dict:
  """The parameters of the folded network that computes what the trained one does with its running statistics."""
  params, statistics = variables['params'], variables['batch_stats']
  folded = dict(params)
  for i in range(len(statistics)):
    learned, gathered = folded.pop(f'BatchNorm_{i}')['BatchNorm_0'], statistics[f'BatchNorm_{i}']['BatchNorm_0']
    scale = learned['scale'] / jnp.sqrt(gathered['var'] + EPSILON)
    bias = learned['bias'] - scale * gathered['mean']
    folded[f'Conv_{i}'] = {'kernel': params[f'Conv_{i}']['kernel'] * scale.reshape(1, 1, 1, -1), 'bias': bias}
  return folded


def save(name: str, folded: dict, facts: dict[str, Any], folder: pathlib.Path = FOLDER) -> None:
  """Writes NAME.npz, in float16, and beside it NAME.json: how it was made."""
  arrays = {key: np.asarray(x, np.float16) for key, x in flax.traverse_util.flatten_dict(folded, sep='/').items()}
  folder.mkdir(parents=True, exist_ok=True)
  np.savez_compressed(folder / f'{name}.npz', **arrays)
  _told_in(folder, name).write_text(json.dumps(facts, indent=2) + '\n')


def tell(name: str, more: dict[str, Any], folder: pathlib.Path = FOLDER) -> None:
  """Adds to what is told beside the weights."""
  path = _told_in(folder, name)
  path.write_text(json.dumps({**json.loads(path.read_text()), **more}, indent=2) + '\n')


def classifier(name: str, shape: tuple[int, ...] = (), folder: pathlib.Path = FOLDER) -> Network:
  """One of KINDS with its weights.

  Args:
    shape: of the images (H, W, C) that it is going to look at, if not those it learned from: larger squares. It reduces
      them by antialiased bicubic interpolation, and says so as its resizer.

  Raises:
    UserError: for an unknown name, a shape that does not suit it, or files that are not its own.
  """
  kind = look_up('classifier', KINDS, name)
  shape = tuple(shape) or kind.shape
  if not _suits(kind, shape):
    raise UserError(f'the classifier of {kind.title} needs images of {_times(kind.shape)}, or larger squares')
  module, path = kind.module(), folder / f'{name}.npz'
  arrays, sha256 = weights.read(path)
  tree = flax.traverse_util.unflatten_dict(arrays, sep='/')
  expected = jax.eval_shape(module.init, jax.random.key(0), jnp.zeros((1, *kind.shape), jnp.uint8))['params']
  if jax.tree.map(np.shape, tree) != jax.tree.map(np.shape, expected):
    raise UserError(f'{path} does not hold the classifier of {kind.title}: make it by {COMMAND} --data={name}')
  facts = json.loads(_told_in(folder, name).read_text())
  able = (
    f'right on {100 * facts["test_accuracy"]:.1f} % of {facts["tested_on"]}'
    if 'test_accuracy' in facts
    else 'not tested'
  )
  return Network(
    name=f'classifier of {kind.title} ({able})',
    distance=f'FCD-{name}',
    sha256=sha256,
    resizer='' if shape == kind.shape else f'bicubic to {_times(kind.shape)}',
    weights=tree,
    apply=functools.partial(_apply, module, kind.shape),
    dimensions=kind.widths[-1],
    unfit=lambda other: '' if tuple(other) == shape else f'images of {_times(shape)}',
  )


def for_data(name: str, shape: tuple[int, ...]) -> Network | None:
  """The classifier that learned from the data of this name, for images of a shape (H, W, C).

  None where none suits, and for one of KINDS that was not trained yet.
  """
  there = name in KINDS and (FOLDER / f'{name}.npz').exists()
  return classifier(name, shape) if there and _suits(KINDS[name], shape) else None


def _apply(module: Classifier, own: tuple[int, int, int], tree: Any, images: jax.Array) -> Outputs:
  # Accelerators would otherwise multiply in 10 bits, which features that are compared should not have.
  with jax.default_matmul_precision('float32'):
    if images.shape[1:] != own:
      images = jnp.clip(jax.image.resize(images.astype(jnp.float32), (len(images), *own), 'cubic'), 0, 255)
    return module.apply({'params': tree}, images)


def _told_in(folder, name):
  return folder / f'{name}.json'


def _suits(kind, shape):
  return len(shape) == 3 and shape[2] == kind.shape[2] and shape[0] == shape[1] >= kind.shape[0]


def _times(shape):
  return 'x'.join(map(str, shape))
