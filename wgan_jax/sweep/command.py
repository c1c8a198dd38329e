"""--sweep: trains all units of a sweep, or goes on with it, shows how it stands, or ends it."""

import shlex
from collections.abc import Sequence
from typing import Any, NamedTuple

from etils import epath

from wgan_jax import lock, remote, status, workdir
from wgan_jax.errors import UserError
from wgan_jax.progress import say
from wgan_jax.sweep import jobs, results, states, status_table, unit_numbers, units
from wgan_jax.sweep.backends import Backend
from wgan_jax.sweep.expand import expand
from wgan_jax.sweep.options import BACKENDS, ONE_PROCESS, Asked
from wgan_jax.sweep.units import Job, Unit

PATIENCE = 10.0  # seconds for a bucket to answer, where it could be done without


class Sweep(NamedTuple):
  """What is asked for of which sweep.

  made: all of its units. chosen: those that are meant. facts: what units.json says of all of them, {} before there is
  one. seen: whether their folder can be read; where not, nothing is known of any.
  """

  asked: Asked
  root: epath.Path
  made: list[Unit]
  chosen: list[Unit]
  facts: dict[str, Any]
  seen: bool

  @property
  def place(self) -> str:
    """The name of the backend: the one asked for, or that the sweep was started on."""
    return self.asked.backend or self.facts.get('backend', 'local')

  @property
  def backend(self) -> Backend:
    """Where its units run."""
    return self.at(self.place)

  def at(self, place: str) -> Backend:
    """Another place where they could."""
    return BACKENDS[place](self.root, self.asked.options[place])

  def states(self, started: Sequence[Job] = ()) -> list[states.State]:
    """How the chosen units stand, of which some may have been started together just now."""
    if not self.seen:
      return [states.State(unit, states.WAITING, {}, unit.folder(self.root) / 'log') for unit in self.chosen]
    logs = {unit.number: job.units[0].folder(self.root) / 'log' for job in started for unit in job.units}
    return states.read(self.root, self.chosen, self.going(self.place), logs)

  def going(self, place: str) -> dict[int, str]:
    """{number: word} of the chosen units that are queued or running at a place."""
    return self.at(place).status(jobs.jobs_of(self.root, self.chosen, most=1))


def run(asked: Asked, experiment: str, shared: dict[str, Any], path: str) -> int:
  """Does with a sweep what the flags ask for. No device is touched: units run in processes of their own.

  experiment: what --config= is given. shared: overrides that all units have. path: the folder of the sweep.

  Returns:
    The exit status: 0 when all went well, 75 when a signal ended it and the same command goes on, 1 when units failed.

  Raises:
    UserError: before anything starts, for what is wrong with any unit.
  """
  root = epath.Path(path).expanduser()
  seen = _can_be_read(root, asked.act)
  if seen:
    units.check(root)
  act, of_file = ACTS[asked.act]
  there = units.frozen(root) if seen else None
  made = expand(experiment, shared, asked.sweep) if of_file else there and there[0]
  if made is None:
    raise UserError(f'there is no sweep in {root}: start it first, or say where it is by --workdir=')
  if there and of_file and _to_be_replaced(asked, root, there, made):
    there = None
  if there and of_file:
    units.agree(root, there[0], made)
  if there and there[1].get('sweep') != asked.sweep:
    raise UserError(f'{root} has the sweep {there[1].get("sweep")}, not {asked.sweep}: choose another --workdir=')
  wanted = {unit.number for unit in made}
  if asked.units is not None:
    wanted = unit_numbers.parse(asked.units, len(made), 'units')
  facts = there[1] if there else {}
  new = {'experiment': experiment, 'sweep': asked.sweep, 'shared': shared, **workdir.circumstances()}
  return act(Sweep(asked, root, made, [unit for unit in made if unit.number in wanted], facts, seen), new)


def _can_be_read(root, act):
  """Whether the folder can, which may be in a bucket; a dry run does without."""
  try:
    remote.check(root, PATIENCE if act == 'dry_run' else remote.PATIENCE)
  except UserError as error:
    if act != 'dry_run':
      raise
    say(f'{error}; it is taken for empty')
    return False
  return True


def _start(sweep, new):
  root, asked = sweep.root, sweep.asked
  _check_pack(sweep)
  with lock.held(root, lock.SWEEP):
    if (before := sweep.facts.get('backend', sweep.place)) != sweep.place and (going := sweep.going(before)):
      raise UserError(
        f'{before} has units {unit_numbers.text(sorted(going))}: --backend={before} goes on with them, '
        f'and --backend={before} --cancel ends them'
      )
    if before != sweep.place or not sweep.facts:
      units.freeze(root, sweep.made, {**(sweep.facts or new), 'backend': sweep.place})
    left = _left(sweep)
    there = jobs.jobs_of(root, left, asked.pack)
    if asked.pack == 1 and sweep.backend.processes == 1 and (most := jobs.largest(left)) > 1:
      say(f'{most} of these differ in numbers alone and could share one start and one compilation: --pack={most}')
    if there:
      sweep.backend.submit(there, asked.retries, dry_run=False)
    return _conclude(sweep, there)


def _check_pack(sweep):
  n = sweep.backend.processes  # which comes first: a backend refuses keys that it could not use
  if sweep.asked.pack > 1 and n > 1:
    raise UserError(
      f'--pack={sweep.asked.pack} needs jobs of one process, and these have {n}: leave it out, or choose '
      f'{ONE_PROCESS[sweep.place]}'
    )


def _left(sweep):
  """The units that are to be started; says how many there are."""
  found = sweep.states()
  left = [state.unit for state in found if state.word in (*states.BROKEN, *states.LEFT)]
  some = f'{len(found)} of ' if len(found) < len(sweep.made) else ''
  say(f'--sweep={sweep.asked.sweep}, {some}{len(sweep.made)} units in {sweep.root}: {states.counted(found)}')
  return left


def _conclude(sweep, started):
  """Writes and says what became of the units. Returns the exit status."""
  found = sweep.states(started)
  results.write(sweep.root, found)
  for state in found:
    if state.word in states.BROKEN:
      say(f'unit {state.unit.number:03d} {state.word}: {state.message}; see {state.log}')
  say(f'{states.counted(found)}: {sweep.root / "sweep.html"}')
  words = {state.word for state in found}
  if words & {*states.LEFT}:
    say('stopped; the same command goes on from there')
    return status.EXIT[status.PREEMPTED]
  return status.EXIT[status.FAILED if words & {*states.BROKEN} else status.DONE]


def _dry_run(sweep, new):
  del new
  _check_pack(sweep)
  there = jobs.jobs_of(sweep.root, _left(sweep), sweep.asked.pack)
  for job in there:
    print(shlex.join(['python', 'launch.py', *job.arguments]))  # noqa: T201
  sweep.backend.submit(there, sweep.asked.retries, dry_run=True)
  return 0


def _status(sweep, new):
  del new
  found = sweep.states()
  status_table.show(sweep.root, found)
  results.write(sweep.root, found)
  say(f'{states.counted(found)} ({sweep.place}): {sweep.root / "sweep.html"}')
  return 0


def _cancel(sweep, new):
  del new
  going = sweep.going(sweep.place)
  doomed = [unit for unit in sweep.chosen if unit.number in going]
  if doomed:
    sweep.backend.cancel(jobs.jobs_of(sweep.root, doomed, most=1))
  said = f'cancelled {unit_numbers.text(sorted(going))}' if doomed else 'nothing is queued or running'
  say(f'{sweep.place}: {said}; without --cancel the same command starts what is not done')
  return 0


# (what is done, whether with the units that the experiment's file has now or those that were started)
ACTS = {'start': (_start, True), 'dry_run': (_dry_run, True), 'status': (_status, False), 'cancel': (_cancel, False)}


def _to_be_replaced(asked, root, there, made):
  """Whether other units are wanted than are there, of which none ever started or is to."""
  theirs, facts = there
  if [unit.arguments for unit in theirs] == [unit.arguments for unit in made] or units.begun(root, theirs):
    return False
  return not Sweep(asked, root, theirs, theirs, facts, True).going(facts.get('backend', 'local'))
