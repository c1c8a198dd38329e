"""The two stages of the protocol: many settings of each model with one seed, then the best of each with many seeds."""

import pathlib
from collections.abc import Callable
from typing import Any, NamedTuple

from experiments.lucic.models import DATA, MODELS
from experiments.lucic.ranges import drawn
from wgan_jax import status
from wgan_jax.errors import UserError, look_up
from wgan_jax.evaluation import scores
from wgan_jax.progress import say
from wgan_jax.sweep.expand import ARGUMENT
from wgan_jax.sweep.units import Unit, frozen

ROOT = 'runs/are_gans_equal'  # of the folders of the searches, each with the name of its sweep
SEED = 0  # of the draws
NETWORKS = 'generator', 'critic', 'encoder', 'decoder'
OVER = status.DONE, status.FAILED  # a setting that diverges fails: it has no score, and so it is not the best


class Budget(NamedTuple):
  """How much of the protocol is done.

  data: sets of images. settings: of each model that are tried, its authors' the first. seeds: for the best of them.
  updates: of the critic in a run, 0 for those of the paper. width: of all networks. changes: {full key: value}.
  """

  data: tuple[str, ...]
  settings: int = 100
  seeds: int = 50
  updates: int = 0
  width: int = 64
  changes: dict[str, Any] = {}


BUDGETS = {  # by the name of the search's sweep
  'main': Budget(
    ('mnist', 'fashion_mnist'), settings=3, seeds=2, updates=500, width=16, changes={'log.n_evaluate': 1_000}
  ),
  'full': Budget(('mnist', 'fashion_mnist', 'cifar10')),
  'celeba': Budget(('celeb_a',)),
}


def config_of(model: str, data: str) -> Any:
  """That of a run with the settings of a model's authors, as long as in the paper.

  Raises:
    UserError: when there is no such model, or no such set of images.
  """
  config = look_up('model', MODELS, model)()
  config.data.update(name=data, size=look_up('data', DATA, data).size)
  config.ema.decay = 0.0
  with config.unlocked():
    config.update_from_flattened_dict(lengths(data, config.game.get('n_critic', 1)))
  config.checkpoint.keep = 1
  config.log.n_critic_w1 = 0
  config.evaluate.update(when_done=True, checkpoint='best', scores='frechet', against='test:10000')
  return config


def lengths(data: str, n_critic: int, updates: int = 0) -> dict[str, int]:
  """How many rounds make that many updates of the critic, and after how many of them to look, as in the paper's code.

  That is every five epochs, or as large a share of a shorter run.
  """
  steps = (updates or DATA[data].updates) // n_critic
  every = -(-steps * 5 // DATA[data].epochs)
  return {'train.steps': steps, 'checkpoint.every_steps': every, 'log.samples_every_steps': every}


def search(add: Callable[..., None], budget: Budget) -> None:
  """The first stage: calls `add` for each setting of each model on each set of images."""
  for data in budget.data:
    for model, make in MODELS.items():
      config = make()
      widths = {f'{group}.width': budget.width for group in NETWORKS if group in config and budget.width != 64}
      for setting in ({}, *drawn(model, config, budget.settings - 1, SEED)):
        n_critic = setting.get('game.n_critic', config.game.get('n_critic', 1))
        add(f'{model},{data}', **lengths(data, n_critic, budget.updates), **setting, **widths, **budget.changes)


def repeat(add: Callable[..., None], name: str) -> None:
  """The second stage of the search of that name: calls `add` for each seed of each model's best setting.

  Raises:
    UserError: when the search was not made, or is not finished.
  """
  for unit in best(pathlib.Path(ROOT, name), name).values():
    overrides = {key: value for key, value in unit.overrides.items() if key != ARGUMENT}
    for seed in range(1, BUDGETS[name].seeds + 1):
      add(unit.overrides[ARGUMENT], **overrides, seed=seed)


def best(root: pathlib.Path, name: str) -> dict[str, Unit]:
  """{'wgan,mnist': the unit of the search in the folder `root` that has the lowest score}."""
  kept = frozen(root)
  command = f'--sweep={name} --workdir={root}'
  if kept is None:
    raise UserError(f'the best settings are those of a search, and there is none in {root}: run {command} first')
  units = kept[0]
  left = [u for u in units if status.read(u.folder(root)).get('state') not in OVER]
  if left:
    raise UserError(f'{len(left)} of the {len(units)} runs of {root} are not over: go on with {command} first')
  found = {}
  for unit in units:
    if (value := score(unit.folder(root))) is not None:
      found.setdefault(unit.overrides[ARGUMENT], []).append((value, unit.number, unit))
  for model in dict.fromkeys(unit.overrides[ARGUMENT] for unit in units):
    if model not in found:
      say(f'{model}: no setting of it has a score, so there is none to repeat')
  return {model: min(scored)[-1] for model, scored in found.items()}


def score(folder: pathlib.Path) -> float | None:
  """FID against the test images, or what stands in its place, of the last evaluation of a run; None without one."""
  rows = [row for evaluation in scores.read(folder)[-1:] for row in evaluation['scores'] if row['split'] == 'test']
  # FID, FID-768 and such before FCD: every run of a search was evaluated alike.
  distances = [row for name in ('FID', 'FCD') for row in rows if row['name'].startswith(name)]
  return distances[0]['value'] if distances else None
