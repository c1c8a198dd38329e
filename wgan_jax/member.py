"""A run as it lies in its folder: what is measured of it, and all that is written down there."""

import contextlib
import pathlib
from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from wgan_jax import evaluators, hosts, log, pictures, remote, report, scoring, status, stop, workdir
from wgan_jax.checkpoint import Checkpoints
from wgan_jax.clock import Clock
from wgan_jax.diagnose import all_finite, explain
from wgan_jax.errors import UserError
from wgan_jax.evaluation.command import evaluate
from wgan_jax.prepare import Prepared
from wgan_jax.progress import say
from wgan_jax.state import TrainState

ROWS, COLUMNS = 8, 10  # of an interpolation


class Member:
  """One of the runs that are trained together, or the only one. Whoever plays its rounds holds its state.

  Args:
    config: of the run.
    made: of the config.
    held_out: samples by name of data that no network learns from, or None.
    folder: that the run has claimed.
    tools: of the run.
    clock: tells where the time goes.

  Attributes:
    step: rounds played.
  """

  def __init__(
    self,
    config: Any,
    made: Prepared,
    held_out: dict[str, np.ndarray] | None,
    folder: pathlib.Path,
    tools: scoring.Tools,
    clock: Clock,
  ):
    self.config, self.folder, self.step = config, folder, 0
    self._game, self._real, self._clock, self._sampler = made.play.game, made.real, clock, tools.sampler
    self._scores = {}  # the last ones
    self._evaluators = scoring.of_run(config, made.shown, tools, made.real, held_out)
    self._checkpoints = self._open_checkpoints()

  def _open_checkpoints(self) -> Checkpoints:
    known = evaluators.ranks(self._evaluators)
    checkpoint = self.config.checkpoint
    best = checkpoint.best or known[0]
    if best not in known:
      raise UserError(f'--config.checkpoint.best={best} is not measured here; known: {", ".join(known)}')
    folder = remote.origin(self.folder) / 'checkpoints'
    return Checkpoints(folder, checkpoint.keep, best, best in evaluators.HIGHER_IS_BETTER)

  def restore(self, like: TrainState) -> TrainState | None:
    """The state that the run goes on from, None where it begins. like: a state of which only the shapes matter."""
    return self._checkpoints.restore(like, say)

  def start(self, step: int, devices: list[jax.Device]) -> None:
    """Writes down that the run starts after so many rounds, and forgets what it had logged after them."""
    self.step = step
    self._log = log.Log(self.folder, step if step or self.looked else -1)
    workdir.record_start(self.folder, step, devices)
    self._scores = status.read(self.folder).get('scores', {})
    if not self.done:
      self._tell(status.RUNNING)

  def describe(self, networks: str) -> None:
    """Writes down tables of layers."""
    (self.folder / 'networks.txt').write_text(networks)

  def _tell(self, state: str) -> None:
    status.write(self.folder, state, step=self.step, steps=self.config.train.steps, scores=self._scores)

  def record(self, history: dict[str, np.ndarray], state: Callable[[], TrainState]) -> dict[str, float]:
    """Takes in that rounds were played. Returns the metrics of the last one.

    Args:
      history: metrics by name, each [rounds played].
      state: returns that after them.

    Raises:
      UserError: where the last of these rounds is not finite; what was good is written down.
    """
    first, self.step = self.step, self.step + len(next(iter(history.values())))
    for i in range(first, self.step):
      metrics = {name: float(values[i - first]) for name, values in history.items()}
      if not all(np.isfinite(list(metrics.values()))):
        self._give_up(metrics, state())
      if (i + 1) % self.config.log.every_steps == 0 or i + 1 == self.config.train.steps:
        self._log.scalars(i + 1, metrics)
    return metrics

  def look(self, state: TrainState) -> None:
    """Evaluates and draws the samples of now, and saves the state with its scores."""
    keys, step = self.config.log, self.step
    with self._clock.measure('samples and scores'):
      fake, asked = self._sampler.draw(state, max(keys.n_evaluate, keys.n_samples))
      scores = evaluators.scores_at(evaluators.Look(step, state, fake, asked), self._evaluators)
      if step % keys.samples_every_steps == 0 or step == self.config.train.steps:
        self._draw(fake[: keys.n_samples], state)
    self._log.scalars(step, scores)
    self.save(state, scores)
    self._scores = scores
    self._tell(status.RUNNING)

  def _draw(self, fake: np.ndarray, state: TrainState) -> None:
    real = self._real['image'][: self.config.log.n_samples]
    self._show('samples', pictures.picture(fake, real))
    self._show('interpolation', pictures.paths(self._sampler.interpolate(state, ROWS, COLUMNS), real))
    if fake.ndim == 4:
      few = {name: x[:COLUMNS] for name, x in self._real.items()}
      for name, rows in self._sampler.shows(state, few).items():
        self._show(name, pictures.paths(rows, real))

  def _show(self, name: str, picture: np.ndarray) -> None:
    folder = self.folder / name
    folder.mkdir(exist_ok=True)
    (folder / f'{self.step:08d}.png').write_bytes(pictures.png(picture))
    self._log.image(self.step, name, picture)

  def save(self, state: TrainState, scores: dict[str, float]) -> None:
    """Writes a checkpoint. Raises a UserError where the state is not finite."""
    if not all_finite(state):
      self._give_up({}, state)
    with self._clock.measure('checkpoints'):
      self._checkpoints.save(self.step, state, scores)

  @property
  def looked(self) -> bool:
    """Whether the state of now is saved with its scores."""
    return self._checkpoints.scored(self.step)

  @property
  def done(self) -> bool:
    """Whether all rounds are played, and the last look was taken."""
    return self.step >= self.config.train.steps and self.looked

  def keep(self, state: TrainState) -> None:
    """Has the state of now saved, in the background."""
    if not self._checkpoints.saved(self.step):
      self.save(state, {})

  def close(self) -> None:
    """Returns when everything is on disk that a run is to go on from, and says so of it."""
    self._close()
    if not self.done:
      self._tell(status.PREEMPTED)

  def report(self) -> None:
    """Writes its report."""
    with self._clock.measure('reports'):
      report.write(self.folder)

  def conclude(self) -> None:
    """Evaluates what is done where that is asked for, which a signal may stop, and says whether that was all."""
    workdir.record_times(self.folder, self._clock.seconds)
    if self.done and self.config.evaluate.when_done:
      # The first of several processes has the folder of the run.
      folder, state = hosts.told(lambda: (f'{self.folder}', status.read(self.folder).get('state')))
      if state != status.DONE:
        stop.check()  # a signal that came before this
        evaluate(self.config, folder)
        self.report()
    self._tell(status.DONE if self.done else status.PREEMPTED)

  def interrupt(self) -> None:
    """Says of a run that has not ended that it is to go on."""
    if status.read(self.folder).get('state') != status.DONE:
      self._tell(status.PREEMPTED)

  def leave(self) -> None:
    """Leaves on disk what was saved of a run that has failed; another error would hide what it failed of."""
    with contextlib.suppress(Exception):
      self._close()

  def _close(self) -> None:
    self._checkpoints.close()
    self._log.close()
    workdir.record_times(self.folder, self._clock.seconds)

  def _give_up(self, metrics: dict[str, float], state: TrainState) -> None:
    where = explain(self._game.turns_at(self.step - 1), metrics, state)
    if metrics:
      self._log.scalars(self.step, metrics)
    self._close()
    self.report()
    kept = self._checkpoints.latest()
    raise UserError(f'not finite in round {self.step:,} {where}; the last good checkpoint is of round {kept:,}')
