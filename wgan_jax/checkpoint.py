"""Checkpoints by orbax: written in the background, atomic, the last few and the best kept, each with a checksum."""

import functools
import pathlib
import zlib
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import orbax.checkpoint as ocp

from wgan_jax.errors import UserError


class Checkpoints:
  """The checkpoints in one folder, by step.

  Args:
    folder: made when it is not there.
    keep: how many of the last are kept.
    best: the score by which one more is kept, a key of the scores given to `save`.
    higher_is_better: whether the best has the highest score.
  """

  def __init__(self, folder: pathlib.Path, keep: int, best: str, higher_is_better: bool):
    self._folder, self._keep, self._best = folder.resolve(), keep, best
    self._sign = 1 if higher_is_better else -1
    self._manager = ocp.CheckpointManager(
      self._folder, options=ocp.CheckpointManagerOptions(cleanup_tmp_directories=True)
    )
    self._scores = {}

  def restore(self, like: Any, report: Callable[[str], None]) -> Any:
    """The newest state that is whole, as arrays on the host, or None where there is none.

    A checkpoint that cannot be read, or whose bytes are not those that were saved, is reported by name and set aside
    as `torn-<step>`, so that the one before it is taken.

    Args:
      like: a state of the same structure; only its shapes and types matter.
      report: takes a line for people.

    Raises:
      UserError: when the newest was saved by other code, whose states are of another structure.
    """
    state = None
    for step in sorted(self._manager.all_steps(), reverse=True):
      try:
        about = _about(self._manager, step, like)
        state = state or _state(self._manager, step, like, about)
        self._scores[step] = about['scores']
      except UserError:
        raise
      except Exception as error:  # a torn file fails in any layer below, each with errors of its own
        aside = _unused(self._folder.parent / f'torn-{step}')
        report(f'checkpoint {step} is torn ({_first_line(error)}): set aside as {aside}, taking the one before it')
        (self._folder / str(step)).rename(aside)
    self._manager.reload()
    return state

  def save(self, step: int, state: Any, scores: dict[str, float]) -> None:
    """Copies the state and writes it in the background; without the score in question it cannot be the best."""
    # A copy: the next round is going to overwrite the donated arrays while they are being written.
    state = jax.tree.map(np.array, state)
    about = ocp.args.JsonSave({'checksum': checksum(state), 'structure': structure(state), 'scores': scores})
    try:
      # What is on disk is thinned out before more is written: a kill while saving leaves all that was to be kept.
      self._manager.wait_until_finished()
      self._forget()
      self._manager.save(step, args=ocp.args.Composite(state=ocp.args.StandardSave(state), about=about))
    except Exception as error:  # also of the one before it, which was written in the background
      raise UserError(f'could not write a checkpoint in {self._folder}: {_first_line(error)}') from error
    self._scores[step] = scores

  def latest(self) -> int:
    """The step of the last checkpoint that was saved."""
    return max(self._scores)

  def close(self) -> None:
    """Returns when everything saved is on disk."""
    try:
      self._manager.wait_until_finished()
      self._forget()
      self._manager.close()
    except Exception as error:
      raise UserError(f'could not write a checkpoint in {self._folder}: {_first_line(error)}') from error

  def _forget(self):
    steps = sorted(self._scores)
    ranked = [step for step in steps if self._best in self._scores[step]]
    best = max(ranked, key=lambda step: self._sign * self._scores[step][self._best], default=None)
    for step in set(steps[: -self._keep]) - {best}:
      self._manager.delete(step)
      del self._scores[step]


def read(
  folder: pathlib.Path, like: Any, which: str, rank: Callable[[dict[str, float]], float], report: Callable[[str], None]
) -> tuple[int, Any] | None:
  """(step, state) of a checkpoint, for looking at: nothing in the folder changes, and a run may go on writing there.

  Args:
    folder: of `Checkpoints`.
    like: as in `Checkpoints.restore`.
    which: 'newest', 'best', or the step of one. Where the newest or best cannot be read, the next is taken.
    rank: scores -> how good they are, minus infinity where they do not tell.
    report: takes a line for people.

  Returns:
    None where there is none that can be read.

  Raises:
    UserError: when there is no such step, or it was saved by other code.
  """
  if not folder.is_dir():
    return None
  options = ocp.CheckpointManagerOptions(read_only=True, create=False)
  with ocp.CheckpointManager(folder.resolve(), options=options) as manager:
    abouts = {
      step: about
      for step in sorted(manager.all_steps(), reverse=True)
      for about in _try(step, report, _about, manager, step, like)
    }
    order = {'newest': [*abouts], 'best': sorted(abouts, key=lambda step: rank(abouts[step]['scores']), reverse=True)}
    if which not in order and which not in map(str, abouts):
      there = ', '.join(map(str, reversed(abouts))) or 'none'
      raise UserError(f'no checkpoint {which} in {folder}: name newest, best or one of those there ({there})')
    for step in order[which] if which in order else [int(which)]:
      for state in _try(step, report, _state, manager, step, like, abouts[step]):
        return step, state
    if which not in order:
      others = ', '.join(str(step) for step in abouts if str(step) != which) or 'none'
      raise UserError(f'checkpoint {which} in {folder} is torn: name newest, best or another ({others})')
  return None


def _try(step, report, call, *arguments):
  """[what `call` returns], or [] where it finds that a file is torn, or was removed by the run meanwhile."""
  try:
    return [call(*arguments)]
  except UserError:
    raise
  except Exception as error:  # a torn file fails in any layer below, each with errors of its own
    report(f'checkpoint {step} cannot be read ({_first_line(error)}): passed over')
    return []


def _about(manager, step, like):
  about = manager.restore(step, args=ocp.args.Composite(about=ocp.args.JsonRestore()))['about']
  if about['structure'] != structure(like):
    raise UserError(f'checkpoint {step} in {manager.directory} is of another version: choose another --workdir=')
  return about


def _state(manager, step, like, about):
  like = jax.tree.map(lambda x: np.empty(x.shape, x.dtype), like)
  found = manager.restore(step, args=ocp.args.Composite(state=ocp.args.StandardRestore(like)))
  state = jax.tree.map(np.asarray, found['state'])
  if checksum(state) != about['checksum']:
    raise ValueError('its checksum does not match')
  return state


def checksum(tree: Any) -> int:
  """CRC-32 of all arrays of a tree, in order."""
  return functools.reduce(lambda crc, x: zlib.crc32(np.ascontiguousarray(x).tobytes(), crc), jax.tree.leaves(tree), 0)


def structure(tree: Any) -> int:
  """CRC-32 of the names, shapes and types of all arrays of a tree."""
  leaves = jax.tree_util.tree_leaves_with_path(tree)
  return zlib.crc32(repr([(jax.tree_util.keystr(path), x.shape, f'{x.dtype}') for path, x in leaves]).encode())


def _first_line(error):
  return f'{type(error).__name__}: {f"{error}".strip().partition(chr(10))[0][:120]}'


def _unused(path):
  return next(p for p in [path, *(path.with_name(f'{path.name}.{i}') for i in range(1, 1000))] if not p.exists())
