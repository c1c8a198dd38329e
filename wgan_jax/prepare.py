"""From a config to what a run is made of: its data, and the game that is played on them."""

from typing import Any, NamedTuple

import numpy as np

from wgan_jax import build, evaluators, priors
from wgan_jax.config import flat
from wgan_jax.data.source import Source
from wgan_jax.engine import Play


class Prepared(NamedTuple):
  """source: of the data. play: the game, and how it is played. real: samples of the data by name, for scores.

  shown: the source that the game is played with, which is not always that of the data as they are.
  """

  source: Source
  play: Play
  real: dict[str, np.ndarray]
  shown: Source


def prepare(config: Any, source: Source | None = None) -> Prepared:
  """What `config` describes; a source that is given takes the place of the data that it names."""
  source = source or build.build_source(config)
  real = evaluators.real_samples(source, config.log.n_evaluate)
  sources = priors.empirical(real['source']) if 'source' in real else None
  play = build.build_play(config, source.shape, source.classes, sources)
  shown = play.game.curriculum(source)
  return Prepared(source, play._replace(draw=shown.draw), real, shown)


def prepare_scores(config: Any, made: Prepared) -> Prepared:
  """The same with more real samples, where samples are asked to be of a class: for a classifier to learn from."""
  if not made.play.game.asks:
    return made
  n = max(config.log.n_evaluate, config.log.n_classifier)
  return made._replace(real=evaluators.real_samples(made.source, n))


def identity(config: Any, source: Source) -> dict[str, Any]:
  """What tells one run from another, by full key: its config, and what the data are."""
  return {**flat(config), **source.facts()}
