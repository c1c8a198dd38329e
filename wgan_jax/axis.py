"""What one piece of a batch has to know of the others: devices hold pieces side by side, micro-batches come in turn."""

import contextlib
import contextvars
from collections.abc import Iterator

import jax

from wgan_jax.errors import UserError

_PART = contextvars.ContextVar('part', default=(0, 1))


@contextlib.contextmanager
def part_of(part: int | jax.Array, parts: int) -> Iterator[None]:
  """Inside, a device computes micro-batch number `part` of the `parts` that its share of the batch is cut into.

  What is mapped over devices finds its place by the name of the axis. What a scan computes one after another has no
  such name, so this scope stands for one: it is asked while the scan's body is traced, in Python, and where it is not
  entered nothing is added to the program. A function that is jitted inside of a loss would keep the `part` that it was
  first traced with; losses jit nothing themselves.
  """
  token = _PART.set((part, parts))
  try:
    yield
  finally:
    _PART.reset(token)


def place(axis_name: str | None) -> int | jax.Array:
  """The number, in the order of the global batch, of the piece that is computed here; 0 where there is but one."""
  part, parts = _PART.get()
  device = 0 if axis_name is None else jax.lax.axis_index(axis_name)
  return device if parts == 1 else device * parts + part


def gathered(x: jax.Array, axis_name: str | None) -> jax.Array:
  """The rows of all devices, in their order: [B / devices, ...] -> [B, ...]; x itself without an axis.

  Each device then computes the same loss of the whole batch. Backwards, a device's rows collect the gradients of all
  devices' copies of that loss, and the mean over devices, which the engine takes, makes one of them again.

  Raises:
    UserError: among micro-batches, of which each is gone when the next one comes.
  """
  _, parts = _PART.get()
  if parts > 1:
    raise UserError(
      f'this game compares samples of the whole batch, of which {parts} micro-batches see a part each: set '
      '--config.train.accumulate=1'
    )
  return x if axis_name is None else jax.lax.all_gather(x, axis_name, tiled=True)
