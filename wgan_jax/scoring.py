"""All that is measured at the looks of a run in training."""

import functools
from typing import Any

import jax
import numpy as np

from wgan_jax import build_features, evaluators, watching
from wgan_jax.data.source import Source
from wgan_jax.extract import Extractor, Reader
from wgan_jax.metrics import labels
from wgan_jax.progress import say
from wgan_jax.watching.judge import Judge


def of_run(
  config: Any,
  source: Source,
  judge: Judge,
  real: dict[str, np.ndarray],
  held_out: dict[str, np.ndarray] | None,
  devices: list[jax.Device],
) -> list[evaluators.Evaluator]:
  """What measures samples, the most telling first, and what watches the critic.

  Args:
    judge: of the game.
    real, held_out: samples by name, of the training data and of data that no network learns from.
    devices: that share the work.
  """
  n, chunk = config.log.n_evaluate, config.data.batch_size
  features = []
  for network in build_features.in_training(config, source.shape):
    if n > network.dimensions:
      features.append(evaluators.of_features(network, real['image'], n, chunk, devices))
    else:
      few = f'--config.log.n_evaluate={n} samples are too few for its {network.dimensions} features'
      say(f'{network.distance}: left out, as {few}')
  # A network that was trained on such data knows its classes; of others a classifier learns them.
  known = build_features.classifiers(config, source.shape)
  readers = [functools.partial(Reader, Extractor(network, source.shape, chunk, devices)) for network in known]
  learn = next(iter(readers), labels.Classifier)
  return [
    *features,
    *evaluators.of_samples(source.density, real, n, judge.game.asks, source.size, learn),
    *watching.of_critic(config, judge, real, held_out, source.size),
  ]
