"""What a run writes down while it trains: metrics.jsonl, and the same for TensorBoard."""

import json
import logging
import pathlib
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from etils import epath


class Log:
  """Scalars and images of one run, by step.

  Everything after `step` is forgotten first, so that a resumed run reads as if it had never stopped.

  Args:
    folder: of the run; gets metrics.jsonl and tensorboard/.
    step: rounds played when this process starts; -1 where even the scores before the first round are still to come.
  """

  def __init__(self, folder: pathlib.Path, step: int):
    kept = [json.dumps(row) for row in read(folder) if row['step'] <= step]
    partial = folder / '.metrics.jsonl.partial'
    partial.write_text(''.join(f'{line}\n' for line in kept))
    partial.replace(folder / 'metrics.jsonl')
    self._rows = (folder / 'metrics.jsonl').open('a', buffering=1)
    self._board = _Board(folder / 'tensorboard', step + 1)

  def scalars(self, step: int, values: dict[str, float]) -> None:
    """One row. Numbers that JSON has no word for are written as the strings nan, inf and -inf."""
    row = {name: value if np.isfinite(value) else f'{value}' for name, value in values.items()}
    self._rows.write(json.dumps({'step': step, **row}) + '\n')
    self._board.scalars(step, values)

  def image(self, step: int, name: str, picture: np.ndarray) -> None:
    """One picture, uint8 [H, W, 3]."""
    self._board.image(step, name, picture)

  def close(self) -> None:
    """Flushes and closes both."""
    self._rows.close()
    self._board.close()


class _Board:
  """TensorBoard's events, written at once: tensorboardX's own writer waits for ever when the disk is full.

  first: the step from which on TensorBoard forgets what earlier files say.
  """

  def __init__(self, folder: pathlib.Path, first: int):
    # Here, because it is slow to import and only training needs it.
    from tensorboardX import event_file_writer, summary
    from tensorboardX.proto import event_pb2

    logging.getLogger('tensorboardX.x2num').setLevel(logging.ERROR)  # what is not finite, the run tells itself
    folder.mkdir(exist_ok=True)
    self._summary, self._proto = summary, event_pb2
    self._file = event_file_writer.EventsWriter(str(folder / 'events'))
    self._write(first, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START))

  def _write(self, step, **content):
    self._file.write_event(self._proto.Event(wall_time=time.time(), step=step, **content))

  def scalars(self, step, values):
    for name, value in values.items():
      self._write(step, summary=self._summary.scalar(name, value))
    self._file.flush()

  def image(self, step, name, picture):
    self._write(step, summary=self._summary.image(name, picture, dataformats='HWC'))

  def close(self):
    self._file.close()


def read(folder: epath.Path | pathlib.Path, saying: str = '') -> Iterator[dict[str, Any]]:
  """The rows of a run's metrics.jsonl; what is none, such as a last line cut short by a kill, is left out.

  saying: a name that rows must have; quick, for the others are not looked at.
  """
  file = folder / 'metrics.jsonl'
  for line in file.read_bytes().decode(errors='replace').splitlines() if file.exists() else []:
    if saying not in line:
      continue
    try:
      row = json.loads(line)
    except ValueError:
      continue
    if isinstance(row, dict) and 'step' in row and (not saying or saying in row):
      yield row
