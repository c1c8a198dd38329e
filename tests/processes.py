"""What tests of several processes have in common: ports, waiting, and runs that a signal always finds at work."""

import contextlib
import socket
import time
from collections.abc import Callable

SLOWLY = """import runpy, time
from wgan_jax.dispatch import Dispatcher
play = Dispatcher.play
Dispatcher.play = lambda *arguments: time.sleep({pause}) or play(*arguments)
runpy.run_path('launch.py', {{}}, '__main__')
"""


def slowly(pause: float) -> list[str]:
  """In place of `launch.py` after `python`: the same, with a pause of so many seconds before each dispatch of rounds.

  Of several processes JAX looks for a signal once in a second, in which a quick machine plays all rounds of a test.
  """
  return ['-c', SLOWLY.format(pause=pause)]


def free_ports(n: int) -> list[int]:
  """Ports of this machine that nobody listens at."""
  with contextlib.ExitStack() as stack:
    sockets = [stack.enter_context(socket.socket()) for _ in range(n)]
    for each in sockets:
      each.bind(('127.0.0.1', 0))
    return [each.getsockname()[1] for each in sockets]


def until(condition: Callable[[], object], seconds: float, pause: float = 0.02) -> None:
  """Returns when it is so. Raises a TimeoutError when it has not come to be so within so many seconds."""
  end = time.monotonic() + seconds
  while not condition():
    if time.monotonic() > end:
      raise TimeoutError(f'nothing of the kind happened in {seconds} s')
    time.sleep(pause)
