"""Several processes that play one run together, a host of a pod each or more to a host: how they agree, once they have
found one another (joining.py).

Every process runs the same program on the same global batch, of which it computes its share. What is decided from
something that they do not have in common, a clock or a folder, is decided by the first process and told to the others.
"""

import atexit
import functools
import json
import pathlib
import tempfile
import threading
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax.experimental import multihost_utils

from wgan_jax.errors import UserError

LOST = 'another process of this run was lost'
OF_LOST = 'Gloo', 'NCCL', 'UNAVAILABLE', 'DEADLINE_EXCEEDED', 'ABORTED', 'heartbeat', 'Connection'  # their words
PARTING = 5  # seconds in which they may part together


def share() -> tuple[int, int]:
  """(i, n): this process computes the i-th of n equal parts of each batch."""
  # Whoever has not joined others is alone, and need not have looked at a device to know it.
  return (jax.process_index(), jax.process_count()) if jax.distributed.is_initialized() else (0, 1)


def several() -> bool:
  """Whether there are other processes."""
  return share()[1] > 1


def first() -> bool:
  """Whether this process decides, speaks and writes."""
  return share()[0] == 0


def writable(folder: pathlib.Path) -> pathlib.Path:
  """The folder in the first process; in others one of their own that goes when they end, so that they write nothing."""
  return folder if first() else _scratch()


@functools.cache
def _scratch():
  folder = tempfile.TemporaryDirectory(prefix='wgan_jax-')
  atexit.register(folder.cleanup)
  return pathlib.Path(folder.name)


def all_devices() -> list[jax.Device]:
  """The devices of all processes, those of one process side by side and in the order of `share`."""
  return sorted(jax.devices(), key=lambda device: (device.process_index, device.id))


def lost(error: Exception) -> bool:
  """Whether an error of JAX comes of a process that does not answer any more, as far as its words tell."""
  return several() and any(word in f'{error}' for word in OF_LOST)


def leave() -> None:
  """Parts from the others as they do, who may have met the same error; else soon, for they may wait for this one."""
  if several():
    parting = threading.Thread(target=jax.distributed.shutdown, daemon=True)
    parting.start()
    parting.join(PARTING)


def agreed(tree: Any) -> Any:
  """Arrays (or numbers) of the first process, everywhere, to the bit; others give some of the same shapes and types."""
  if not several():
    return tree
  # As bytes: sums, which carry them, would make 0 of -0.
  flat = jax.tree.map(lambda x: np.atleast_1d(np.ascontiguousarray(x)).view(np.uint8), tree)
  told = multihost_utils.broadcast_one_to_all(flat)
  return jax.tree.map(lambda x, like: np.asarray(x).view(np.asarray(like).dtype).reshape(np.shape(like)), told, tree)


def told(decide: Callable[[], Any]) -> Any:
  """What `decide` returns in the first process, as JSON has it; the others only hear of it.

  Raises:
    UserError: everywhere, when it raises one there.
  """
  if not several():
    return decide()
  content = b''
  if first():
    try:
      answer = {'value': decide()}
    except UserError as error:
      answer = {'error': f'{error}'}
    content = json.dumps(answer).encode()
  length = int(agreed(np.int32(len(content))))
  answer = json.loads(agreed(np.frombuffer(content.ljust(length), np.uint8)).tobytes())
  if 'error' in answer:
    raise UserError(answer['error'])
  return answer['value']


def found(look: Callable[[], tuple[Any, Any] | None], like: Any) -> tuple[Any, Any] | None:
  """(facts, arrays) that `look` finds in the first process, None where it finds nothing.

  look: returns facts, which are told as JSON has them, and arrays of the shapes and types of `like`.
  """
  here = []

  def facts():
    here.append(look())
    return here[0] and [here[0][0]]

  if (there := told(facts)) is None:
    return None
  empty = jax.tree.map(lambda x: np.zeros(x.shape, x.dtype), like)
  return there[0], agreed(here[0][1] if here else empty)


def joined(rows: Any) -> Any:
  """Arrays [rows of all processes, ...] on the host, of each one's own [rows, ...], in the order of `share`."""
  return jax.tree.map(lambda x: multihost_utils.process_allgather(x, tiled=True), rows) if several() else rows


def all_agree(true_here: bool) -> bool:
  """Whether it is true in every process."""
  return bool(np.all(multihost_utils.process_allgather(np.bool_(true_here)))) if several() else true_here
