"""Where the units of a sweep run. A backend starts command lines; schedulers are other people's."""

from collections.abc import Sequence
from typing import Protocol

from wgan_jax.sweep.units import Job

# Words of `Backend.status`.
QUEUED, RUNNING = 'queued', 'running'


class Backend(Protocol):
  """What a sweep asks of the place where its units run.

  Made of (root, options): the folder of the sweep, and the backend's own keys (--slurm.partition=... and such).

  processes: that it starts for each job; several train one run together, and units side by side only one can.
  """

  processes: int

  def submit(self, jobs: Sequence[Job], retries: int, dry_run: bool) -> None:
    """Starts jobs, none of which is running, or says how it would.

    A job that exits with 0 is done, with 75 it was preempted and is to be started again without being asked; any other
    status is a failure, after which it is started again at most `retries` times. Whether this returns before they have
    ended is the backend's affair.

    Raises:
      UserError: when they cannot be started here.
    """

  def status(self, jobs: Sequence[Job]) -> dict[int, str]:
    """{number of a unit: QUEUED or RUNNING} of those that will go on without being submitted again."""

  def cancel(self, jobs: Sequence[Job]) -> None:
    """Ends jobs, queued and running ones, for good: they start again only when they are submitted again."""
