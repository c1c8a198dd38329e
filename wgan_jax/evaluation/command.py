"""Evaluating a run: a table of scores of one of its checkpoints, and the same as scores.json."""

import pathlib
from typing import Any

import jax

from wgan_jax import hosts, remote, workdir
from wgan_jax.drawing import Drawing, check_truncation
from wgan_jax.errors import unknown
from wgan_jax.evaluation import against, images, points
from wgan_jax.evaluation.scores import Scores, read
from wgan_jax.progress import say
from wgan_jax.restored import restored
from wgan_jax.stop import Stop

KINDS = {1: points, 3: images}  # by the number of axes of a sample


def evaluate(config: Any, path: str) -> int:
  """Measures samples of a run, which may go on training: prints a table, and adds to the run's scores.json.

  Returns:
    The exit status.
  """
  with Stop():
    return _evaluate(config, path)


def _evaluate(config, path):
  keys = config.evaluate
  # What is misspelt is told before a run is restored, which takes a while.
  chosen(keys.scores, tuple({**dict.fromkeys(points.MEASURES), **dict.fromkeys(images.MEASURES)}))
  against.parsed(keys.against)
  run = restored(config, path, keys.checkpoint)
  read(run.folder)  # what is damaged is told before anything is measured
  game, source = run.prepared.play.game, run.prepared.source
  check_truncation('evaluate', keys, game)
  kind = KINDS[len(source.shape)]
  scores = Scores(chosen(keys.scores, kind.MEASURES))
  drawing = Drawing(game, run.state, keys, source.classes, hosts.all_devices())
  kind.measure(config, run, drawing, scores)
  facts = {'step': run.step, **drawing.facts(), 'data': config.data.name, 'training_seed': config.seed}
  facts |= {'devices': jax.device_count(), 'device': jax.local_devices()[0].device_kind}
  if scores.rows:
    if hosts.first():
      scores.show(pathlib.Path(path).expanduser().name, facts)
    file = scores.write(run.folder, {**facts, **workdir.circumstances()})
    remote.push(run.folder)
    say(f'done: {remote.origin(run.folder) / file.name}; --mode=report shows it in report.html')
  scores.check()
  return 0


def chosen(text: str, known: tuple[str, ...]) -> list[str]:
  """The measures that a comma-separated text names, none for ''. Raises a UserError for one that is unknown here."""
  names = [name.strip() for name in text.split(',')] if text else []
  for name in names:
    if name not in known:
      raise unknown('evaluate.scores', name, known)
  return names
