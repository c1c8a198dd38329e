"""What a run writes down while it trains: metrics.jsonl, and the same for TensorBoard."""

import json
import logging
import pathlib
from collections.abc import Iterator
from typing import Any

import numpy as np


class Log:
  """Scalars and images of one run, by step.

  Everything after `step` is forgotten first, so that a resumed run reads as if it had never stopped.

  Args:
    folder: of the run; gets metrics.jsonl and tensorboard/.
    step: rounds played when this process starts.
  """

  def __init__(self, folder: pathlib.Path, step: int):
    logging.getLogger('tensorboardX').setLevel(logging.ERROR)
    import tensorboardX  # here, because it is slow to import and only training needs it

    kept = [json.dumps(row) for row in read(folder) if row['step'] <= step]
    partial = folder / '.metrics.jsonl.partial'
    partial.write_text(''.join(f'{line}\n' for line in kept))
    partial.replace(folder / 'metrics.jsonl')
    self._rows = (folder / 'metrics.jsonl').open('a', buffering=1)
    self._board = tensorboardX.SummaryWriter(str(folder / 'tensorboard'), purge_step=step + 1, flush_secs=10)

  def scalars(self, step: int, values: dict[str, float]) -> None:
    """One row. Numbers that JSON has no word for are written as the strings nan, inf and -inf."""
    row = {name: value if np.isfinite(value) else f'{value}' for name, value in values.items()}
    self._rows.write(json.dumps({'step': step, **row}) + '\n')
    for name, value in values.items():
      self._board.add_scalar(name, value, step)

  def image(self, step: int, name: str, picture: np.ndarray) -> None:
    """One picture, uint8 [H, W, 3]."""
    self._board.add_image(name, picture, step, dataformats='HWC')

  def close(self) -> None:
    """Flushes and closes both."""
    self._rows.close()
    self._board.close()


def read(folder: pathlib.Path) -> Iterator[dict[str, Any]]:
  """The rows of a run's metrics.jsonl; what is none, such as a last line cut short by a kill, is left out."""
  file = folder / 'metrics.jsonl'
  for line in file.read_text().splitlines() if file.exists() else []:
    try:
      row = json.loads(line)
    except ValueError:
      continue
    if isinstance(row, dict) and 'step' in row:
      yield row
