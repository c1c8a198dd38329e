"""status.json: how far a run has come, for whoever started it. A run that never started has none."""

import datetime
import json
from typing import Any

from etils import epath

from wgan_jax.workdir import write_json

RUNNING, PREEMPTED, DONE, FAILED = 'running', 'preempted', 'done', 'failed'
EXIT = {DONE: 0, PREEMPTED: 75, FAILED: 1}  # exit statuses; 75 asks whoever started a run to start it again


def write(folder: epath.PathLike, state: str, **facts: Any) -> None:
  """Says in what state a run is: RUNNING, PREEMPTED (and saved), DONE or FAILED.

  facts: that go with it: `step` and `steps`, rounds played and wanted; `scores`, the last ones by name; `message`, of
    what failed.
  """
  date = datetime.datetime.now(datetime.UTC).isoformat(timespec='seconds')
  write_json(epath.Path(folder) / 'status.json', {'state': state, **facts, 'date': date})


def read(folder: epath.PathLike) -> dict[str, Any]:
  """What `write` wrote last, {} where nothing is, or nothing that can be read."""
  try:
    found = json.loads((epath.Path(folder) / 'status.json').read_text())
  except (OSError, ValueError):
    return {}
  return found if isinstance(found, dict) and 'state' in found else {}
