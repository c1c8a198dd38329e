"""A polite end: SIGTERM and Ctrl-C ask a run to save and stop, in whichever of its processes they arrive."""

import itertools
import os
import signal

from jax.experimental import multihost_utils

from wgan_jax import hosts


class Stopped(BaseException):
  """Work that is not worth finishing was left because a signal asked to stop; says which. It is no error."""


class Stop:
  """While entered, the first signal is only noted; a second Ctrl-C ends the process as it always would.

  A second SIGTERM does not: schedulers send more than one.

  One process notes a signal itself. Of several, JAX notes it in one and tells the others, so that all of them learn of
  it at the same call of `asked`, provided that they call it equally often.
  """

  SIGNALS = (signal.SIGTERM, signal.SIGINT)
  entered: list['Stop'] = []
  calls = itertools.count()  # JAX counts on through all of them

  def __init__(self):
    self._noted, self._before = '', {}

  def __enter__(self) -> 'Stop':
    # Of several processes, a handler for SIGTERM would take the place of JAX's.
    numbers, handler = ((signal.SIGINT,), self._pass_on) if hosts.several() else (self.SIGNALS, self._note)
    self._before = {number: signal.signal(number, handler) for number in numbers}
    self.entered.append(self)
    return self

  def __exit__(self, *exception) -> None:
    self.entered.remove(self)
    self._restore()

  def asked(self) -> str:
    """The signal that came, '' as long as there was none."""
    if hosts.several() and not self._noted and multihost_utils.reached_preemption_sync_point(next(self.calls)):
      self._hear(signal.SIGTERM)
    return self._noted

  def _note(self, number, frame):
    del frame
    self._hear(number)
    if number == signal.SIGINT:
      self._let_go()

  def _hear(self, number):
    for stop in self.entered:  # work within work: all of it is to end
      stop._noted = signal.Signals(number).name

  def _pass_on(self, number, frame):
    del number, frame
    os.kill(os.getpid(), signal.SIGTERM)
    self._let_go()

  def _let_go(self):
    for stop in reversed(self.entered):  # also those around this one: the next Ctrl-C is for none of them
      stop._restore()

  def _restore(self):
    for number, handler in self._before.items():
      signal.signal(number, handler)
    self._before = {}


def check() -> None:
  """Raises Stopped when a signal asked to stop; work that takes long calls this between its parts."""
  for stop in Stop.entered[-1:]:
    if name := stop.asked():
      raise Stopped(name)
