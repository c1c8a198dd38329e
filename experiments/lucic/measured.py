"""What evaluated runs say of the models of "Are GANs Created Equal?": the best setting of each, over its seeds."""

import json
import math
import pathlib
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from wgan_jax import workdir
from wgan_jax.evaluation import scores
from wgan_jax.sweep.groups import Statistic, statistic

OF_GAME = {'vae': 'VAE', 'began': 'BEGAN'}
OF_OBJECTIVE = {  # and of the penalty, and whether weights are clipped
  ('minimax', 'none', False): 'MM GAN',
  ('non_saturating', 'none', False): 'NS GAN',
  ('non_saturating', 'dragan', False): 'DRAGAN',
  ('least_squares', 'none', False): 'LSGAN',
  ('wasserstein', 'none', True): 'WGAN',
  ('wasserstein', 'gradient_penalty', False): 'WGAN GP',
}


class Run(NamedTuple):
  """An evaluated run. setting: all of its config but the seed. updates: of its critic. width: of its generator."""

  model: str
  data: str
  setting: str
  seed: int
  score: float
  updates: int
  width: int


class Best(NamedTuple):
  """The setting of a model that did best. runs: one for each seed. settings: how many it was chosen from."""

  runs: tuple[Run, ...]
  settings: int

  @property
  def statistic(self) -> Statistic:
    """Over the seeds, as in the report of a sweep."""
    return statistic(run.score for run in self.runs)

  def __str__(self):
    found = self.statistic
    n, spread = found.n, '' if found.std is None else f' ± {found.std:.1f}'
    chosen = f', best of {self.settings} settings' if self.settings > 1 else ''
    return f'{found.mean:.1f}{spread} ({n} seed{"s" * (n > 1)}{chosen})'


def model_of(config: dict) -> str:
  """The model that a run, of such a config by full key, is one of; '' for none."""
  clipped = config.get('optimizer.critic_loss.clip_weights', 0) > 0
  kind = config.get('game.objective', ''), config.get('game.penalty.name', 'none'), clipped
  return OF_GAME.get(config['game.name']) or OF_OBJECTIVE.get(kind, '')


def runs_of(files: Iterable[pathlib.Path], score: str, split: str) -> list[Run]:
  """The runs of models of the table by their scores.json, with the score of that name in their last evaluation.

  Runs whose score is not finite are left out.

  score: or what it begins with, before the name of the data: FCD of FCD-mnist.
  """
  found = []
  for file in files:
    config = workdir.read_config(file.parent)
    model, data, seed = model_of(config), config['data.name'], config.get('seed', 0)
    names = score, f'{score}-{data}'
    setting = {k: v for k, v in config.items() if k != 'seed' and not k.startswith(workdir.MOVABLE)}
    updates, width = config.get('train.steps', 0) * config.get('game.n_critic', 1), config.get('generator.width', 0)
    for row in [row for e in scores.read(file.parent)[-1:] for row in e['scores']]:
      if model and row['name'] in names and row['split'] == split and math.isfinite(row['value']):
        found.append(Run(model, data, json.dumps(setting, sort_keys=True), seed, row['value'], updates, width))
  return found


def best(runs: Iterable[Run]) -> dict[tuple[str, str], Best]:
  """{(model, data): its best setting}: that with most seeds, and of several such that with the lowest mean.

  The seeds that all settings have are those by which one was chosen. Where it has others, these alone are counted: the
  choice was lucky with the first.
  """
  settings = {}  # {(model, data): {setting: {seed: run}}}
  for run in runs:
    settings.setdefault((run.model, run.data), {}).setdefault(run.setting, {})[run.seed] = run
  found = {}
  for key, of_model in settings.items():
    chosen = min(of_model.values(), key=lambda runs: (-len(runs), np.mean([run.score for run in runs.values()])))
    shared = set.intersection(*map(set, of_model.values())) if len(of_model) > 1 else set()
    fresh = sorted(chosen.keys() - shared) or sorted(chosen)
    found[key] = Best(tuple(chosen[seed] for seed in fresh), len(of_model))
  return found
