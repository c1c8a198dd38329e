"""A program that becomes another one, which is asked to end when the process that started it ends, however that ends.

    python tether.py PID COMMAND [ARGUMENT ...]

PID: of the process that starts this, by its main thread: Linux watches the thread. Elsewhere than on Linux nothing is
watched.
"""

import ctypes
import os
import signal
import sys

WATCHES = sys.platform == 'linux'
PR_SET_PDEATHSIG = 1  # of Linux's prctl: the signal outlives execve


def main(argv: list[str]) -> None:
  """Returns only when the starter is gone already."""
  starter, command = int(argv[1]), argv[2:]
  if WATCHES:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, *map(ctypes.c_ulong, (signal.SIGTERM, 0, 0, 0)))
    if os.getppid() != starter:  # which ended before Linux was told to watch it
      return
  os.execv(command[0], command)


if __name__ == '__main__':
  main(sys.argv)
