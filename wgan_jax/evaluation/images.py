"""Measuring images: one pass over the samples and one over each split, through all feature networks at once."""

from typing import Any

import numpy as np

from wgan_jax import build_features, hosts
from wgan_jax.drawing import Drawing
from wgan_jax.errors import UserError
from wgan_jax.evaluation import against, fakes, reals
from wgan_jax.evaluation.measures import OF_FEATURES, OF_KEPT, OF_PIXELS, Pictures
from wgan_jax.evaluation.scores import Scores, Setting
from wgan_jax.evaluation.statistics import Gathering
from wgan_jax.extract import Extractor
from wgan_jax.restored import Restored

MEASURES = (*OF_FEATURES, *OF_PIXELS)
NO_NETWORK = (
  "no classifier of ours knows {}: for FID set --config.evaluate.weights=auto, or to the PATH of Inception's weights"
)


def measure(config: Any, run: Restored, drawing: Drawing, scores: Scores) -> None:
  """Takes all measures of images that are wanted."""
  keys, source, compared = config.evaluate, run.prepared.source, against.read(config)
  networks = build_features.networks(config, source.shape) if any(map(scores.wants, OF_FEATURES)) else []
  extractors = [Extractor(network, source.shape, keys.batch_size, hosts.all_devices()) for network in networks]
  images = [against.real_images(config, c.split) for c in compared]
  real = [reals.of_split(config, c.split, x, extractors) for c, x in zip(compared, images, strict=True)]
  classes = source.classes if drawing.game.conditional else 0
  gatherings = [
    [Gathering(c.n, e.network.dimensions, classes, keys.kept, keys.splits) for c in compared] for e in extractors
  ]
  few = fakes.measured(drawing, extractors, gatherings, max(c.n for c in compared), keys.batch_size, keys.n_pixels)
  for i, c in enumerate(compared):
    for name in filter(scores.wants, () if networks else OF_FEATURES):
      scores.leave_out(name, Setting(c.split, 0, 0), UserError(NO_NETWORK.format(config.data.name)))
    for j, network in enumerate(networks):
      fake = gatherings[j][i].statistics()
      setting = Setting(c.split, real[i][j].n, fake.n, network.name, network.resizer, network.sha256)
      kept = setting.of_kept(len(real[i][j].features), len(fake.features))
      for name in filter(scores.wants, OF_FEATURES):
        values = OF_FEATURES[name](real[i][j], fake, network, keys)
        scores.take(name, kept if name in OF_KEPT else setting, values)
    n = min(len(images[i]), c.n, len(few.samples))
    some, labels = evenly(images[i], n, config.data.invert)
    of_classes = (labels, few.asked[:n]) if classes else (None, None)
    pictures = Pictures(some, few.samples[:n], *of_classes, classes, config.data.name)
    for name in filter(scores.wants, OF_PIXELS):
      scores.take(name, Setting(c.split, n, n), OF_PIXELS[name](pictures))


def evenly(images: Any, n: int, invert: bool) -> tuple[np.ndarray, np.ndarray | None]:
  """n of some images, uint8 [n, H, W, C], from all over the set: it may be in the order of its classes; labels."""
  chosen = np.linspace(0, len(images) - 1, n).round().astype(int)
  examples = [images[int(i)] for i in chosen]
  found = np.stack([example['image'] for example in examples])
  labels = np.array([example['label'] for example in examples]) if 'label' in examples[0] else None
  return 255 - found if invert else found, labels
