"""Training a run from wherever it stands to its end."""

import pathlib
import shutil
from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from wgan_jax import evaluators, parallel, pictures, report, scoring, summary, watching, workdir
from wgan_jax.checkpoint import Checkpoints
from wgan_jax.clock import Clock
from wgan_jax.data.source import Source
from wgan_jax.diagnose import all_finite, explain
from wgan_jax.dispatch import Dispatcher, pick_devices, starting_state
from wgan_jax.engine import Play
from wgan_jax.errors import UserError
from wgan_jax.log import Log
from wgan_jax.looks import Looks
from wgan_jax.prepare import identity, prepare
from wgan_jax.progress import Progress, say
from wgan_jax.sample import Sampler
from wgan_jax.stop import Stop
from wgan_jax.watching.judge import Judge

DONE, PREEMPTED = 0, 75  # exit statuses; 75 asks whoever started us to start us again
SECONDS_PER_DISPATCH = 1.0  # how long a signal or a new line of progress may wait
ROWS, COLUMNS = 8, 10  # of an interpolation


def train(config: Any, path: str) -> int:
  """Trains what `config` says in the folder `path`, going on from where that folder stands.

  Returns:
    The exit status: DONE, or PREEMPTED when a signal asked to stop and everything is saved.
  """
  source, play, real, shown = prepare(config)
  devices = pick_devices(config.train.devices, config.data.batch_size, config.train.accumulate)
  size = config.data.batch_size // (len(devices) * play.accumulate)
  fresh = jax.jit(starting_state(play, shown, config.seed, size))
  jax.eval_shape(fresh)  # which calls every loss: what one refuses is told before a folder is claimed
  if play.game.asks:  # more, for a classifier to learn from
    real = evaluators.real_samples(source, max(config.log.n_evaluate, config.log.n_classifier))
  held_out = watching.held_out_samples(config, play.game)
  with workdir.claimed(path, identity(config, source)) as folder, Stop() as stop:
    run = Run(config, shown, play, devices, folder, real, held_out, fresh)
    run.loop(stop)
  if run.step < config.train.steps:
    say(f'{stop.asked}: saved at round {run.step:,}; the same command goes on from there')
    return PREEMPTED
  say(f'done: {folder / "report.html"}')
  return DONE


class Run:
  """What one process holds while it trains: the state, and the files that it writes.

  real, held_out: samples by name, of the training data and of data that no network learns from.
  fresh: makes the state of round 0.
  """

  def __init__(
    self,
    config: Any,
    source: Source,
    play: Play,
    devices: list[jax.Device],
    folder: pathlib.Path,
    real: dict,
    held_out: dict | None,
    fresh: Callable,
  ):
    self._config, self._source, self._play, self._folder = config, source, play, folder
    self._clock = Clock()
    with self._clock.measure('set-up'):
      self._real = real
      self._sampler = Sampler(play.game, config.seed, config.data.batch_size, source.classes, devices)
      judge = Judge(play.game, self._sampler, config.data.batch_size, devices)
      self._looks = Looks.of(config)
      self._evaluators = scoring.of_run(config, source, judge, real, held_out, devices)
      self._checkpoints = self._open_checkpoints()
      state = self._checkpoints.restore(jax.eval_shape(fresh), say) or fresh()
      self._state = parallel.everywhere(state, devices)
    self.step = int(self._state.step)
    self._log = Log(folder, self.step)
    capacity = min(config.train.rounds_per_dispatch, config.train.steps)
    self._dispatcher = Dispatcher(play, source, config.seed, devices, capacity)
    workdir.record_start(folder, self.step, devices)
    say(self._headline(devices))
    if self.step == 0:
      self._tabulate()
    images = sum(turn.repeats for turn in play.game.turns) * config.data.batch_size
    self._progress = Progress(self.step, config.train.steps, images)

  def _open_checkpoints(self) -> Checkpoints:
    known = evaluators.ranks(self._evaluators)
    checkpoint = self._config.checkpoint
    best = checkpoint.best or known[0]
    if best not in known:
      raise UserError(f'--config.checkpoint.best={best} is not measured here; known: {", ".join(known)}')
    return Checkpoints(self._folder / 'checkpoints', checkpoint.keep, best, best in evaluators.HIGHER_IS_BETTER)

  def _headline(self, devices: list[jax.Device]) -> str:
    sizes = [f'{name} {sum(x.size for x in jax.tree.leaves(tree)):,}' for name, tree in self._state.params.items()]
    shape = 'x'.join(map(str, self._source.shape))
    return (
      f'{self._config.data.name} ({shape}) on {len(devices)} x {devices[0].device_kind}; '
      f'parameters: {", ".join(sizes)}; '
      f'round {self.step:,} of {self._config.train.steps:,} in {self._folder}'
    )

  def _tabulate(self) -> None:
    """Shows the networks, and writes down their layers."""
    of = self._play.game, self._source, self._config.data.batch_size
    say(summary.parameter_tables(*of, depth=0, width=shutil.get_terminal_size((120, 24)).columns))
    (self._folder / 'networks.txt').write_text(summary.parameter_tables(*of, depth=1, width=180))

  def loop(self, stop: Stop) -> None:
    """Plays what is left, or until `stop` is asked for, and leaves everything on disk."""
    if self.step == 0:
      self._look()
    while self.step < self._config.train.steps and not stop.asked:
      self._play_some()
      if self._looks.at(self.step):
        self._look()
    if not self._looks.at(self.step):
      self._save({})
    self._close()

  def _close(self) -> None:
    self._checkpoints.close()
    self._progress.close()
    self._log.close()
    workdir.record_times(self._folder, self._clock.seconds)
    report.write(self._folder)

  def _play_some(self) -> None:
    n = min(self._looks.after(self.step) - self.step, self._clock.rounds_in(SECONDS_PER_DISPATCH))
    n = self._dispatcher.alike(self.step, n)
    compiled = self._dispatcher.compiled(self.step)
    with self._clock.rounds(n, compiled):
      self._state, history = self._dispatcher(self._state, self.step, n)
    first, self.step = self.step, self.step + len(next(iter(history.values())))
    if not compiled:
      self._progress.restart_clock(self.step)
    for i in range(first, self.step):
      metrics = {name: float(values[i - first]) for name, values in history.items()}
      if not all(np.isfinite(list(metrics.values()))):
        self._give_up(metrics)
      if (i + 1) % self._config.log.every_steps == 0 or i + 1 == self._config.train.steps:
        self._log.scalars(i + 1, metrics)
    self._progress.update(self.step, metrics)

  def _look(self) -> None:
    """Evaluates and draws the samples of now, and saves the state with its scores."""
    log, step = self._config.log, self.step
    with self._clock.measure('samples and scores'):
      fake, asked = self._sampler.draw(self._state, max(log.n_evaluate, log.n_samples))
      scores = evaluators.scores_at(evaluators.Look(step, self._state, fake, asked), self._evaluators)
      self._log.scalars(step, scores)
      if step % log.samples_every_steps == 0 or step == self._config.train.steps:
        self._draw(fake[: log.n_samples])
    self._save(scores)

  def _draw(self, fake: np.ndarray) -> None:
    real = self._real['image'][: self._config.log.n_samples]
    self._show('samples', pictures.picture(fake, real))
    self._show('interpolation', pictures.paths(self._sampler.interpolate(self._state, ROWS, COLUMNS), real))
    if fake.ndim == 4:
      few = {name: x[:COLUMNS] for name, x in self._real.items()}
      for name, rows in self._sampler.shows(self._state, few).items():
        self._show(name, pictures.paths(rows, real))

  def _show(self, name: str, picture: np.ndarray) -> None:
    folder = self._folder / name
    folder.mkdir(exist_ok=True)
    (folder / f'{self.step:08d}.png').write_bytes(pictures.png(picture))
    self._log.image(self.step, name, picture)

  def _save(self, scores: dict[str, float]) -> None:
    if not all_finite(self._state):
      self._give_up({})
    with self._clock.measure('checkpoints'):
      self._checkpoints.save(self.step, self._state, scores)

  def _give_up(self, metrics: dict[str, float]) -> None:
    turns = self._play.game.turns_at(self.step - 1)
    where = explain(turns, metrics, self._state)
    if metrics:
      self._log.scalars(self.step, metrics)
    self._close()
    kept = self._checkpoints.latest()
    raise UserError(f'not finite in round {self.step:,} {where}; the last good checkpoint is of round {kept:,}')
