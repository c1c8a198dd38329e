"""What people see of a sweep on this machine: a live table in a terminal, elsewhere a line when something happens."""

import contextlib
import dataclasses
import pathlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import rich.console
import rich.live
import rich.table
import rich.text

from wgan_jax import progress, status
from wgan_jax.sweep import states
from wgan_jax.sweep.backends import RUNNING
from wgan_jax.sweep.backends.gauge import Gauge, Reading
from wgan_jax.sweep.differences import short_names, text, varying
from wgan_jax.sweep.units import Job, Unit

CANCELLED = 'cancelled'  # beside the words of status.py and states.py
COLOURS = {**states.COLOURS, CANCELLED: 'yellow'}
FIRST = RUNNING, status.FAILED  # shown where there is not room for all
SECONDS_BETWEEN = 0.5  # two pictures
AROUND = 4  # lines of a terminal that are not units


@dataclasses.dataclass
class Row:
  """A unit. told: what tells it from the others. place: its devices. since: when its process started."""

  unit: Unit
  told: str
  word: str = states.WAITING
  place: str = ''
  since: float = 0.0
  gauge: Gauge | None = None
  reading: Reading = dataclasses.field(default_factory=Reading)


class Watch:
  """Is told what happens to jobs, and shows it.

  live: the place in a terminal, None where there is none.
  """

  def __init__(self, root: pathlib.Path, jobs: Sequence[Job], live: rich.live.Live | None):
    units = [unit for job in jobs for unit in job.units]
    self._root, self._live, self._shown, self._held_up = root, live, 0.0, set()
    self._rows = {unit.number: Row(unit, told) for unit, told in zip(units, _differences(units), strict=True)}

  def say(self, line: str) -> None:
    """A line of its own, above the table."""
    if self._live:
      self._live.console.print(rich.text.Text(line), soft_wrap=True)
    else:
      progress.say(line)

  def started(self, job: Job, place: str) -> None:
    """A process plays a job on those devices."""
    for row in self._of(job):
      row.word, row.place, row.since = RUNNING, place, time.monotonic()
      row.gauge = Gauge(row.unit.folder(self._root))
    if not self._live:
      told = f' {row.told}' if len(job.units) == 1 and row.told else ''
      self.say(f'{job.name}{told}: running{place and f" on {place}"}')

  def ended(self, job: Job, word: str, why: str = '') -> None:
    """A job is not running any more."""
    for row in self._of(job):
      if row.gauge:
        row.reading = row.gauge.read()
      row.word, row.gauge = word, None
    if self._live and word == status.DONE:
      return
    lasted = f' in {_clock(time.monotonic() - row.since)}' if word == status.DONE and row.since else ''
    self.say(f'{job.name}: {word}{lasted}{why and f": {why}"}')

  def held_up(self, job: Job) -> None:
    """Another process trains in the folder of a job."""
    if job.name not in self._held_up:
      self._held_up.add(job.name)
      self.say(f'{job.name}: another process trains there; waits for it')

  def look(self, now: bool = False) -> None:
    """Draws the table anew, twice a second; `now` in any case."""
    if not self._live or not (now or time.monotonic() - self._shown > SECONDS_BETWEEN):
      return
    self._shown = time.monotonic()
    for row in self._rows.values():
      if row.gauge:
        row.reading = row.gauge.read()
    self._live.update(table(self._rows.values(), self._live.console.height - AROUND), refresh=True)

  def _of(self, job):
    return [self._rows[unit.number] for unit in job.units]


@contextlib.contextmanager
def watch(root: pathlib.Path, jobs: Sequence[Job]) -> Iterator[Watch]:
  """What jobs of a sweep are shown by, on stderr."""
  console = rich.console.Console(stderr=True)
  if not console.is_terminal:
    yield Watch(root, jobs, None)
    return
  with rich.live.Live(console=console, auto_refresh=False) as live:
    watch = Watch(root, jobs, live)
    try:
      yield watch
    finally:
      watch.look(now=True)


def table(rows: Iterable[Row], most: int) -> rich.console.Group:
  """At most so many units, those that run or failed before the others, and how many there are of each kind."""
  rows = [*rows]
  counts = ', '.join(f'{n} {word}' for word, n in Counter(row.word for row in rows).most_common())
  by_interest = sorted(rows, key=lambda row: FIRST.index(row.word) if row.word in FIRST else len(FIRST))
  shown = by_interest[: max(1, most)]
  if len(shown) < len(rows):
    shown = [row for row in shown if row.word in FIRST] or shown
  left_out = f'; {len(rows) - len(shown)} of them not shown' if len(shown) < len(rows) else ''
  names = ['unit', '', 'state', 'round', 'pace', 'score', 'on' if any(row.place for row in shown) else '']
  page = rich.table.Table(*names, box=None, pad_edge=False)
  for column in page.columns:
    column.no_wrap = True
  for row in sorted(shown, key=lambda row: row.unit.number):
    page.add_row(f'{row.unit.number:03d}', rich.text.Text(row.told), *_cells(row))
  return rich.console.Group(page, rich.text.Text(f'{counts}{left_out}', 'dim', no_wrap=True))


def _cells(row):
  reading = row.reading
  wanted = f' of {reading.steps:,}' if reading.steps else ''
  name, score = next(iter(reading.scores.items()), ('', ''))
  pace = ''
  if row.word == RUNNING:
    pace = f'{reading.rate:,.3g}/s' if reading.rate else 'starts'
    pace += f', {_clock(reading.seconds_left)} left' if reading.seconds_left is not None else ''
  return (
    rich.text.Text(row.word, COLOURS.get(row.word, '')),
    f'{reading.step:,}{wanted}' if reading.step or wanted else '',
    pace,
    f'{name} {text(score)}',
    row.place if row.word == RUNNING else '',
  )


def _differences(units: Sequence[Unit]) -> list[str]:
  """What tells each unit from the others: 'seed=3 weight=10'."""
  names = short_names(varying([unit.overrides for unit in units]))
  return [
    ' '.join(f'{name}={text(unit.overrides[key])}' for key, name in names.items() if key in unit.overrides)
    for unit in units
  ]


def _clock(seconds):
  minutes, hours = seconds / 60, seconds / 3600
  return f'{seconds:.0f} s' if seconds < 100 else f'{minutes:.0f} min' if minutes < 100 else f'{hours:.0f} h'
