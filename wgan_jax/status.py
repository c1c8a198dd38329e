"""status.json: how far a run has come, for whoever started it. A run that never started has none."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from etils import epath

from wgan_jax import hosts, remote
from wgan_jax.errors import UserError
from wgan_jax.workdir import now, write_json

RUNNING, PREEMPTED, DONE, FAILED = 'running', 'preempted', 'done', 'failed'
EXIT = {DONE: 0, PREEMPTED: 75, FAILED: 1}  # exit statuses; 75 asks whoever started a run to start it again


def write(folder: epath.PathLike, state: str, **facts: Any) -> None:
  """Says in what state a run is: RUNNING, PREEMPTED (and saved), DONE or FAILED; in its bucket too, with all it wrote.

  facts: that go with it: `step` and `steps`, rounds played and wanted; `scores`, the last ones by name; `message`, of
    what failed.
  """
  write_json(epath.Path(folder) / 'status.json', {'state': state, **facts, 'date': now()})
  remote.push(folder)


@contextlib.contextmanager
def failures(folder: epath.PathLike) -> Iterator[None]:
  """Says FAILED of a run, and why in a line, when an error leaves this; what it said last of itself stays beside it.

  A run that has ended inside is left as it is, done or failed.
  """
  before = read(folder)
  try:
    yield
  except Exception as error:
    if (now := read(folder)) != before and now['state'] in (DONE, FAILED):
      raise
    said = {name: value for name, value in now.items() if name not in ('state', 'date')}
    with contextlib.suppress(OSError, UserError):  # a disk that is full, or a bucket out of reach, is what it failed of
      write(folder, FAILED, **{**said, 'message': reason(error)})
    raise


def reason(error: Exception) -> str:
  """What went wrong, in a line."""
  line = hosts.LOST if hosts.lost(error) else f'{error}'.strip().partition('\n')[0]
  return line or type(error).__name__


def read(folder: epath.PathLike) -> dict[str, Any]:
  """What `write` wrote last, {} where nothing is, or nothing that can be read."""
  try:
    found = json.loads((epath.Path(folder) / 'status.json').read_text())
  except (OSError, ValueError):
    return {}
  return found if isinstance(found, dict) and 'state' in found else {}
