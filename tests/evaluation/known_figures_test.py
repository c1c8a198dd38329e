"""What others measured of CIFAR-10 with the original weights of FID's network, which are not ours to ship.

An accelerator takes minutes, two cores of a CPU take hours. So it is skipped where --config.evaluate.weights=auto never
fetched the file or there is no accelerator (JAX_PLATFORMS names one to the tests), unless WGAN_JAX_INCEPTION=PATH asks.
"""

import os
import pathlib

import jax
import pytest

from experiments import base
from wgan_jax import build_features
from wgan_jax.evaluation import against, reals
from wgan_jax.extract import Extractor
from wgan_jax.metrics import frechet
from wgan_jax.metrics.features import fetch

SHARED = pathlib.Path(__file__).parents[3] / 'shared' / 'data' / 'tfds'
PREPARED = pathlib.Path(os.environ.get('WGAN_JAX_TFDS') or SHARED)
ASKED = os.environ.get('WGAN_JAX_INCEPTION', '')
# The user's cache, not that of the tests.
FILE = pathlib.Path(ASKED or pathlib.Path.home() / '.cache' / 'wgan_jax' / 'weights' / fetch.INCEPTION.name)


def of_cifar10(config, splits):
  """Statistics of each split in the features of Inception, the last of the networks."""
  images = [against.real_images(config, split) for split in splits]
  network = build_features.networks(config, images[0].shape)[-1]
  assert network.distance == 'FID' and network.sha256 == fetch.INCEPTION.sha256
  extractor = Extractor(network, images[0].shape, config.evaluate.batch_size, jax.local_devices())
  return [reals.of_split(config, split, x, [extractor])[0] for split, x in zip(splits, images, strict=True)]


@pytest.mark.skipif(not FILE.is_file(), reason=f'no {FILE}')
@pytest.mark.skipif(not (PREPARED / 'cifar10').is_dir(), reason=f'no prepared CIFAR-10 in {PREPARED}')
@pytest.mark.skipif(not ASKED and jax.default_backend() == 'cpu', reason='takes an accelerator, or hours')
def test_cifar10_scores_what_others_measured():
  config = base.get_config()
  config.data.update(name='cifar10', dir=str(PREPARED))
  config.evaluate.update(weights=str(FILE), resizer='legacy_tf', batch_size=256)
  train, test = of_cifar10(config, ('train', 'test'))
  assert (train.n, test.n) == (50_000, 10_000)
  # torch-fidelity's, ten splits of its own permutation.
  assert train.score.mean == pytest.approx(11.24, abs=0.10)
  assert frechet.frechet_distance(train.moments, test.moments) == pytest.approx(3.15, abs=0.1)
