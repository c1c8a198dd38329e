"""What became of a sweep: sweep.csv and sweep.html in its folder, written anew at any time, from what lies there."""

from collections.abc import Sequence
from typing import Any

from etils import epath

from wgan_jax import remote, workdir
from wgan_jax import report as report_of_run
from wgan_jax.errors import UserError
from wgan_jax.progress import say
from wgan_jax.sweep import csv_table, page, runs, units
from wgan_jax.sweep.states import State

CSV, HTML = 'sweep.csv', 'sweep.html'


def write(root: epath.PathLike, known: Sequence[State] = ()) -> None:
  """Writes sweep.csv and sweep.html into the folder of a sweep, whatever its units are doing.

  known: how units stand, of which a backend was asked; of others it is what they last said of themselves.

  Raises:
    UserError: when there is no sweep.
  """
  root = epath.Path(root)
  found = units.frozen(root)
  if found is None:
    raise UserError(f'no sweep in {root} to report on: start one by --sweep=, or say where it is by --workdir=')
  of, facts = found
  there = runs.read(root, of, {state.unit.number: state for state in known})
  workdir.write_text(root / CSV, csv_table.csv_of(there, runs.main_score(there)))
  workdir.write_text(root / HTML, page.html_of(there, facts))


def report(config: Any, path: str) -> int:
  """`--mode=report`: writes the report of the sweep in the folder `path`, or of the run. Returns an exit status."""
  root = epath.Path(path).expanduser()
  remote.check(root)
  if not (root / units.FILE).exists():
    return report_of_run.main(config, path)
  write(root)
  say(f'{root / HTML}\n{root / CSV}')
  return 0
