r"""How long a Frechet distance of 10,000 images takes, here and by pytorch-fid, measured side by side on this machine.

    python -m experiments.benchmarks.fid --weights=PATH [--layer=768] [--images=256] [--repeats=3]

The two take turns on the same images of 32x32 pixels, with the same weights and resizer, in batches of 50 as is
pytorch-fid's habit; each time is the least of the repeats, because what else the machine does only adds to it.
Statistics and distance are of 10,000 features drawn from a Gaussian. Needs `pip install -e '.[peers]'`.

Measured with real weights up to layer 768, two cores of an Intel Xeon that others used a little too (load 2 to 5),
jax 0.10.2, torch 2.14.1, pytorch-fid 0.3.0, scipy 1.17, 2026-11-26:

                                         pytorch-fid    wgan_jax  pytorch-fid/ours
    features, ms an image                      82.76       48.30              1.71
    mean and covariance of 10,000, s            0.08        0.15              0.52
    distance, s                                 0.39        0.20              1.90
    all of it for 10,000 images, s            828.09      483.31              1.71
    features differ by 1.0e-06 of the largest, distances by 5.6e-12

With --images=50 it was 2.07 just before, and 2.80 at a load of 8: others' work hurts torch's threads, which wait for
one another, more than ours. In processor time on one core features took 88.8 ms an image there and 78.1 here, 1.14
times less (least of 6, batches of 16, the same day).
"""

import argparse
import time
from collections.abc import Callable

import jax
import numpy as np

try:
  from pytorch_fid import fid_score

  from experiments.benchmarks import torch_fid
except ImportError as error:
  raise SystemExit(f"error: there is no pytorch-fid to be timed beside: pip install -e '.[peers]' ({error})") from error

from experiments.benchmarks.rounds import machine
from wgan_jax.extract import Extractor
from wgan_jax.metrics.features import inception, inception_weights, weights
from wgan_jax.metrics.frechet import gaussian_distance
from wgan_jax.metrics.moments import Moments

TOTAL = 10_000  # images of the distance that the times are added up for
BATCH = 50
LINE = '{:<34}{:>14}{:>12}{:>18}'


def least(repeats: int, *runs: Callable[[], object]) -> list[float]:
  """Seconds of each, the least of the repeats, taken in turns."""
  times = [[seconds(run) for run in runs] for _ in range(repeats)]
  return [min(column) for column in zip(*times, strict=True)]


def seconds(run: Callable[[], object]) -> float:
  start = time.perf_counter()
  run()
  return time.perf_counter() - start


def extraction(path: str, layer: int, images: np.ndarray, repeats: int) -> tuple[float, float, float]:
  """Seconds an image, theirs and ours, and the largest difference of features as a share of the largest feature."""
  arrays, sha256 = weights.read(path)
  network = inception.inception(inception_weights.tree_of(arrays), layer, 'pytorch', sha256)
  theirs = torch_fid.extractor(network.weights, layer, BATCH)
  ours = Extractor(network, images.shape[1:], BATCH, jax.devices())
  expected, found = theirs(images), ours(images).features  # compiles too
  times = least(repeats, lambda: theirs(images), lambda: ours(images))
  return *(t / len(images) for t in times), np.max(np.abs(found - expected)) / np.max(np.abs(expected))


def statistics(features: np.ndarray, repeats: int) -> list[float]:
  """Seconds of mean and covariance, theirs and ours."""

  def theirs():
    return np.mean(features, axis=0), np.cov(features, rowvar=False)

  return least(repeats, theirs, lambda: Moments().add(features).covariance)


def distance(real: np.ndarray, fake: np.ndarray, repeats: int) -> tuple[float, float, float]:
  """Seconds of the distance, theirs and ours, and the relative difference of the two."""
  moments = [part for x in (real, fake) for part in (x.mean(axis=0), np.cov(x, rowvar=False))]
  ways = fid_score.calculate_frechet_distance, gaussian_distance
  theirs, ours = (way(*moments) for way in ways)
  return *least(repeats, *(lambda way=way: way(*moments) for way in ways)), abs(ours / theirs - 1)


def main():
  parser = argparse.ArgumentParser(description='The time of a Frechet distance, beside pytorch-fid.')
  parser.add_argument('--weights', required=True, help="of Inception: pytorch-fid's file or a folded one")
  parser.add_argument('--layer', type=int, default=768, choices=list(inception.STAGES))
  parser.add_argument('--images', type=int, default=256, help='of which features are taken')
  parser.add_argument('--repeats', type=int, default=3, help='measurements, of which the least is printed')
  asked = parser.parse_args()
  print(machine())
  rng = np.random.default_rng(0)
  images = rng.integers(0, 256, (asked.images, 32, 32, 3), dtype=np.uint8)
  *each, off = extraction(asked.weights, asked.layer, images, asked.repeats)
  mixing = rng.normal(size=(asked.layer, asked.layer)) / asked.layer**0.5
  real, fake = (rng.normal(shift, size=(TOTAL, asked.layer)) @ mixing for shift in (0.0, 0.1))
  moments, (*distances, apart) = statistics(fake, asked.repeats), distance(real, fake, asked.repeats)
  rows = {
    'features, ms an image': [1000 * t for t in each],
    f'mean and covariance of {TOTAL:,}, s': moments,
    'distance, s': distances,
    f'all of it for {TOTAL:,} images, s': [TOTAL * t + m + d for t, m, d in zip(each, moments, distances, strict=True)],
  }
  print(LINE.format('', 'pytorch-fid', 'wgan_jax', 'pytorch-fid/ours'))
  for title, (theirs, ours) in rows.items():
    print(LINE.format(title, f'{theirs:.2f}', f'{ours:.2f}', f'{theirs / ours:.2f}'))
  print(f'features differ by {off:.1e} of the largest, distances by {apart:.1e}')


if __name__ == '__main__':
  main()
