"""All that is measured at the looks of a run in training."""

import functools
from typing import Any, NamedTuple

import jax
import numpy as np

from wgan_jax import build_features, evaluators, watching
from wgan_jax.data.source import Source
from wgan_jax.extract import Extractor, Reader
from wgan_jax.game import Game
from wgan_jax.metrics import labels
from wgan_jax.progress import say
from wgan_jax.sample import Sampler
from wgan_jax.watching.judge import Judge


class Tools(NamedTuple):
  """What samples are drawn and looked at with; runs that differ in their seeds alone share what it compiles.

  extractors: of features that distances are measured in. classifiers: those that know the classes of such data.
  """

  sampler: Sampler
  judge: Judge
  extractors: list[Extractor]
  classifiers: list[Extractor]

  @classmethod
  def of(cls, config: Any, game: Game, source: Source, devices: list[jax.Device]) -> 'Tools':
    """Those of the run of a config; `devices` share the work."""
    n, chunk = config.log.n_evaluate, config.data.batch_size
    sampler = Sampler(game, config.seed, chunk, source.classes, devices)
    networks = []
    for network in build_features.in_training(config, source.shape):
      if n > network.dimensions:
        networks.append(network)
      else:
        few = f'--config.log.n_evaluate={n} samples are too few for its {network.dimensions} features'
        say(f'{network.distance}: left out, as {few}')
    # A network that was trained on such data knows its classes; of others a classifier learns them.
    known = build_features.classifiers(config, source.shape)
    made = ([Extractor(network, source.shape, chunk, devices) for network in of] for of in (networks, known))
    return cls(sampler, Judge(game, sampler, chunk, devices), *made)

  def of_seed(self, seed: int) -> 'Tools':
    """The same for a run of another seed."""
    sampler = self.sampler.of_seed(seed)
    return self._replace(sampler=sampler, judge=self.judge.with_codes_of(sampler))


def of_run(
  config: Any, source: Source, tools: Tools, real: dict[str, np.ndarray], held_out: dict[str, np.ndarray] | None
) -> list[evaluators.Evaluator]:
  """What measures samples, the most telling first, and what watches the critic.

  real, held_out: samples by name, of the training data and of data that no network learns from.
  """
  n, judge = config.log.n_evaluate, tools.judge
  learn = next((functools.partial(Reader, classifier) for classifier in tools.classifiers), labels.Classifier)
  return [
    *(evaluators.of_features(extractor, real['image'], n) for extractor in tools.extractors),
    *evaluators.of_samples(source.density, real, n, judge.game.asks, source.size, learn),
    *watching.of_critic(config, judge, real, held_out, source.size),
  ]
