"""Training several runs in one program, each of which is left as if it had been trained alone."""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np
from etils import epath

from wgan_jax import build, remote, status, summary, watching, workdir
from wgan_jax.clock import Clock
from wgan_jax.config import flat
from wgan_jax.dispatch import first_devices
from wgan_jax.dispatch_many import DispatcherOfMany, Numbers
from wgan_jax.engine import Play
from wgan_jax.errors import UserError
from wgan_jax.member import Member
from wgan_jax.prepare import Prepared, identity, prepare, prepare_scores
from wgan_jax.progress import say
from wgan_jax.scoring import Tools
from wgan_jax.stop import Stop
from wgan_jax.train import Run


def train_together(
  configs: Sequence[Any], folders: Sequence[epath.PathLike], claim: Callable[[], None] = lambda: None
) -> int:
  """Trains runs whose configs differ in their seeds and in numbers that change no program, each in its folder.

  claim: called when nothing refuses them, before a folder is claimed.

  Returns:
    The exit status of `status.PREEMPTED` when a signal asked to stop and everything is saved; else of `status.FAILED`
    where one of them ended with an error of its own, while the others went on; else of `status.DONE`.

  Raises:
    UserError: when they cannot be trained together here.
    Exception: what one of them failed of, when that is no user's mistake.
  """
  config = configs[0]
  devices = first_devices(config.train.devices)[: len(configs)]
  made, dispatcher = of_several(configs, devices)
  fresh = dispatcher.fresh(config.data.batch_size // config.train.accumulate)
  like = jax.eval_shape(lambda: fresh(0))  # which calls every loss
  claim()
  clock = Clock()
  with contextlib.ExitStack() as inside:
    names = [identity(config, of.source) for config, of in zip(configs, made, strict=True)]
    claims = [workdir.claimed(f'{folder}', name) for folder, name in zip(folders, names, strict=True)]
    claimed = [inside.enter_context(claim) for claim in claims]
    for folder in claimed:
      inside.enter_context(status.failures(folder))
    stop = inside.enter_context(Stop())
    with clock.measure('set-up'):
      members = _members(configs, made, claimed, devices[:1], clock)
      states = [member.restore(like) or fresh(i) for i, member in enumerate(members)]
    _start(members, states, devices, made[0])
    run = Run(members, dispatcher.gathered(states), dispatcher, clock)
    run.loop(stop)
  return _conclude(run, members, stop)


def of_several(configs: Sequence[Any], devices: list[jax.Device]) -> tuple[list[Prepared], DispatcherOfMany]:
  """(what is made of each config, and is there once where they have it in common; what plays their rounds).

  Raises:
    UserError: when they cannot be played together.
  """
  config = configs[0]
  if config.source.name:
    raise UserError('translations are trained one by one: leave out --config.replicas= or --pack=')
  sources = build.build_sources(config)
  first = sources(config.seed)
  made = [prepare(of, sources(of.seed)._replace(draw=first.draw, resident=first.resident)) for of in configs]
  seeds, shown = [of.seed for of in configs], [of.shown for of in made]
  capacity = min(config.train.rounds_per_dispatch, config.train.steps)
  return made, DispatcherOfMany(_play_of(config, made[0]), differing(configs), seeds, shown, devices, capacity)


def differing(configs: Sequence[Any]) -> Numbers:
  """{full key: values [runs]} of what configs differ in, apart from the seed."""
  keys = [flat(config) for config in configs]
  differ = [key for key in keys[0] if key != 'seed' and len({of_run[key] for of_run in keys}) > 1]
  return {key: np.array([of_run[key] for of_run in keys], np.float32) for key in differ}


def _members(configs, made, folders, devices, clock):
  tools = Tools.of(configs[0], made[0].play.game, made[0].shown, devices)
  members = []
  for config, of, folder in zip(configs, made, folders, strict=True):
    held_out = watching.held_out_samples(config, of.play.game)
    members.append(Member(config, prepare_scores(config, of), held_out, folder, tools.of_seed(config.seed), clock))
  return members


def _play_of(config: Any, made: Prepared) -> Callable[[Numbers], Play]:
  """What makes the game of a run out of the numbers that are its own."""

  def play_of(numbers):
    own = config.copy_and_resolve_references()
    with own.unlocked(), own.ignore_type():  # a number may be traced
      for key, value in numbers.items():
        *groups, name = key.split('.')
        group = own
        for part in groups:
          group = group[part]
        group[name] = value
    return build.build_play(own, made.source.shape, made.source.classes)._replace(draw=made.shown.draw)

  return play_of


def _start(members, states, devices, made):
  networks = None
  for member, state in zip(members, states, strict=True):
    member.start(int(state.step), devices)
    if member.step == 0:
      of = made.play.game, made.shown, member.config.data.batch_size
      networks = networks or summary.parameter_tables(*of, depth=1, width=180)
      member.describe(networks)
  sizes = [f'{name} {sum(x.size for x in jax.tree.leaves(tree)):,}' for name, tree in states[0].params.items()]
  config, where = members[0].config, remote.origin(members[0].folder)
  say(
    f'{len(members)} runs of {config.data.name} ({"x".join(map(str, made.shown.shape))}) in one program on '
    f'{len(devices)} x {devices[0].device_kind}; parameters of each: {", ".join(sizes)}; '
    f'round {min(member.step for member in members):,} of {config.train.steps:,} in {where.parent}'
  )


def _conclude(run, members, stop):
  if run.failed:
    names = ', '.join(members[i].folder.name for i in run.failed)
    say(f'{len(run.failed)} of {len(members)} runs failed: {names}')
  if any(not member.done for i, member in enumerate(members) if i not in run.failed):
    rounds = min(member.step for i, member in enumerate(members) if i not in run.failed)
    say(f'{stop.asked()}: saved at round {rounds:,}; the same command goes on from there')
    return status.EXIT[status.PREEMPTED]
  for error in run.failed.values():
    if not isinstance(error, UserError):
      raise error
  return status.EXIT[status.FAILED if run.failed else status.DONE]
