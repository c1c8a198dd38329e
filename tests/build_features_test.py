"""Which feature network looks at which images."""

import numpy as np
import pytest

from experiments import base
from wgan_jax import build_features

STEM = {'conv': (3, 3, 3, 32), 'conv_1': (3, 3, 32, 32), 'conv_2': (3, 3, 32, 64)}  # all of Inception up to 64 features


@pytest.fixture
def stem(tmp_path):
  arrays = {f'{layer}/w': np.ones(shape, np.float32) for layer, shape in STEM.items()}
  np.savez(tmp_path / 'stem.npz', **arrays, **{f'{layer}/b': np.ones(shape[-1:]) for layer, shape in STEM.items()})
  return str(tmp_path / 'stem.npz')


def config_of(data, **evaluate):
  config = base.get_config()
  config.data.name = data
  config.evaluate.update(evaluate)
  return config


def distances(found):
  return [f'{network.distance} {network.resizer}'.strip() for network in found]


def test_all_that_suit_the_data_measure_samples(stem):
  assert distances(build_features.networks(config_of('digits'), (8, 8, 1))) == ['FCD-digits']
  both = config_of('digits', weights=stem, resizer='clean,pytorch')
  assert distances(build_features.networks(both, (8, 8, 1))) == ['FCD-digits', 'FID-64 clean', 'FID-64 pytorch']
  assert build_features.networks(config_of('folder:a'), (8, 8, 3)) == []


@pytest.mark.parametrize(
  'data, shape, weights, expected',
  [
    ('digits', (8, 8, 1), False, 'FCD-digits'),
    ('digits', (8, 8, 1), True, 'FID-64 clean'),
    ('folder:a', (8, 8, 3), True, 'FID-64 clean'),
    ('folder:a', (8, 8, 3), False, ''),
    ('digits', (4, 4, 1), False, ''),
    ('folder:a', (8, 8, 2), True, ''),
  ],
)
def test_one_tells_how_alike_images_are(stem, data, shape, weights, expected):
  config = config_of(data, weights=stem if weights else '', resizer='clean,pytorch')
  found = build_features.preferred(config, shape)
  assert (distances([found])[0] if found else '') == expected


def test_negatives_have_no_classifier():
  config = config_of('digits')
  config.data.invert = True
  assert build_features.preferred(config, (8, 8, 1)) is None
