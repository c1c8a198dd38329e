"""Checkpoints by orbax: written in the background, atomic, the last few and the best kept, each with a checksum.

Every process of a run holds the whole state, so the first one alone writes and reads it.
"""

import functools
import pathlib
import zlib
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import orbax.checkpoint as ocp

from wgan_jax import hosts, remote
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
    self._folder, self._keep, self._best = folder, keep, best
    self._sign = 1 if higher_is_better else -1
    self._manager, self._scores = None, {}
    if hosts.first():
      self._folder.mkdir(parents=True, exist_ok=True)
      self._manager = manager_in(self._folder, cleanup_tmp_directories=True)

  def restore(self, like: Any, report: Callable[[str], None]) -> Any:
    """The newest state that is whole, as arrays on the host, or None where there is none; the same in every process.

    A checkpoint that cannot be read, or whose bytes are not those that were saved, is reported by name and set aside
    as `torn-<step>`, so that the one before it is taken.

    Args:
      like: a state of the same structure; only its shapes and types matter.
      report: takes a line for people.

    Raises:
      UserError: when the newest was saved by other code, whose states are of another structure.
    """
    found = hosts.found(lambda: self._newest(like, report), like)
    self._scores = dict(found[0]) if found else {}
    return found and found[1]

  def _newest(self, like, report):
    """((step, scores) of each checkpoint, the newest state), None where there is none."""
    state = None
    for step in sorted(self._manager.all_steps(), reverse=True):
      try:
        about = about_of(self._manager, step, like)
        state = state or state_of(self._manager, step, like, about)
        self._scores[step] = about['scores']
      except UserError:
        raise
      except Exception as error:  # a torn file fails in any layer below, each with errors of its own
        aside = _unused(self._folder.parent / f'torn-{step}')
        report(f'checkpoint {step} is torn ({first_line(error)}): set aside as {aside}, taking the one before it')
        (self._folder / str(step)).rename(aside)
    self._manager.reload()
    return None if state is None else (list(self._scores.items()), state)

  def save(self, step: int, state: Any, scores: dict[str, float]) -> None:
    """Copies the state and writes it in the background; without the score in question it cannot be the best.

    Saving a step again takes the place of what was saved of it.
    """
    if self._manager is not None:
      self._write(step, state, scores)
    self._scores[step] = scores

  def saved(self, step: int) -> bool:
    """Whether there is a checkpoint of that step."""
    return step in self._scores

  def scored(self, step: int) -> bool:
    """Whether there is a checkpoint of that step, saved with scores."""
    return bool(self._scores.get(step))

  def _write(self, step, state, scores):
    # A copy: the next round is going to overwrite the donated arrays while they are being written.
    state = jax.tree.map(np.array, state)
    about = ocp.args.JsonSave({'checksum': checksum(state), 'structure': structure(state), 'scores': scores})
    try:
      # What is on disk is thinned out before more is written: a kill while saving leaves all that was to be kept.
      self._manager.wait_until_finished()
      self._forget()
      if step in self._scores:
        self._manager.delete(step)
      self._manager.save(step, args=ocp.args.Composite(state=ocp.args.StandardSave(state), about=about))
    except Exception as error:  # also of the one before it, which was written in the background
      raise UserError(f'could not write a checkpoint in {self._folder}: {first_line(error)}') from error

  def latest(self) -> int:
    """The step of the last checkpoint that was saved."""
    return max(self._scores)

  def close(self) -> None:
    """Returns when everything saved is on disk."""
    if self._manager is None:
      return
    try:
      self._manager.wait_until_finished()
      self._forget()
      self._manager.close()
    except Exception as error:
      raise UserError(f'could not write a checkpoint in {self._folder}: {first_line(error)}') from error

  def _forget(self):
    steps = sorted(self._scores)
    ranked = [step for step in steps if self._best in self._scores[step]]
    best = max(ranked, key=lambda step: self._sign * self._scores[step][self._best], default=None)
    for step in set(steps[: -self._keep]) - {best}:
      self._manager.delete(step)
      del self._scores[step]


def manager_in(folder: pathlib.Path, **options: Any) -> ocp.CheckpointManager:
  """Orbax's manager of a folder; options: those of CheckpointManagerOptions."""
  # Of several processes the first does without the others, which orbax would wait for otherwise.
  if hosts.several():
    options |= {'multiprocessing_options': ocp.options.MultiprocessingOptions(active_processes={0}), 'create': False}
  whole = folder if remote.is_remote(folder) else folder.resolve()  # which makes a folder of here of any other
  return ocp.CheckpointManager(whole, options=ocp.CheckpointManagerOptions(**options))


def about_of(manager: ocp.CheckpointManager, step: int, like: Any) -> dict[str, Any]:
  """What was saved beside a state: its checksum, structure and scores.

  Raises:
    UserError: when the structure is not that of `like`.
  """
  about = manager.restore(step, args=ocp.args.Composite(about=ocp.args.JsonRestore()))['about']
  if about['structure'] != structure(like):
    raise UserError(f'checkpoint {step} in {manager.directory} is of another version: choose another --workdir=')
  return about


def state_of(manager: ocp.CheckpointManager, step: int, like: Any, about: dict[str, Any]) -> Any:
  """The state, as arrays on the host.

  Raises:
    ValueError: when its bytes are not those that were saved; a torn file may raise anything.
  """
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


def first_line(error: Exception) -> str:
  """What an error of the layers below says, short enough for a line."""
  return f'{type(error).__name__}: {f"{error}".strip().partition(chr(10))[0][:120]}'


def _unused(path):
  return next(p for p in [path, *(path.with_name(f'{path.name}.{i}') for i in range(1, 1000))] if not p.exists())
