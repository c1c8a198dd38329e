"""A sweep of four units, flags and all, in a place that makes believe."""

import pytest
from absl import flags
from ml_collections import config_flags

from wgan_jax import config, status
from wgan_jax.sweep import command, options, packs, results

FILE = """from experiments import base
def get_config():
  config = base.get_config()
  config.data.name = '8gaussians'
  return config
def sweep(add):
  for seed in range(4): add(seed=seed)
def sweep_two(add):
  for seed in range(2): add(seed=seed)
def sweep_wrong(add):
  add(seed=1)
  add(**{'game.penalty.wieght': 0.1})
"""


def says_nothing(folder, number):
  del number
  folder.mkdir(exist_ok=True)
  (folder / 'log').write_text('warming up\nerror: no such thing\n\n')


def never_starts(folder, number):
  del folder, number


def told(state, **facts):
  def tell(folder, number):
    del number
    folder.mkdir(exist_ok=True)
    status.write(folder, state, **facts)

  return tell


def done(folder, number):
  folder.mkdir(exist_ok=True)
  status.write(folder, status.DONE, step=9, steps=9, scores={'w1': number / 10})


class Place:
  """A backend that does with each unit what `fates` say, done by default, and writes down what it was asked."""

  fates, going, asked, processes = {}, {}, [], 1
  told, says_nothing, never_starts = (staticmethod(fate) for fate in (told, says_nothing, never_starts))

  def __init__(self, root, options):
    self.root, self.options = root, options

  @classmethod
  def submitted(cls):
    """Numbers of the units of each call."""
    calls = [commands for what, commands, *_ in cls.asked if what == 'submit']
    return [[int(command[-1][-3:]) for command in commands] for commands in calls]

  def submit(self, jobs, retries, dry_run):
    self.asked.append(('dry_run' if dry_run else 'submit', [job.arguments for job in jobs], retries))
    for job in [] if dry_run else jobs:
      for unit in job.units:
        self.fates.get(unit.number, done)(unit.folder(self.root), unit.number)

  def status(self, jobs):
    return {unit.number: self.going[unit.number] for job in jobs for unit in job.units if unit.number in self.going}

  def cancel(self, jobs):
    self.asked.append(('cancel', [unit.number for job in jobs for unit in job.units]))


@pytest.fixture
def place(monkeypatch):
  monkeypatch.setitem(options.BACKENDS, 'local', Place)
  monkeypatch.setitem(options.BACKENDS, 'tpu', type('Elsewhere', (Place,), {'going': {}, 'processes': 4}))
  monkeypatch.setattr(results, 'write', lambda root, known: (root / 'sweep.html').write_text(''))
  monkeypatch.setattr(packs, 'groups', lambda units, most: [units[i : i + most] for i in range(0, len(units), most)])
  Place.fates, Place.going, Place.asked = {}, {}, []
  return Place


@pytest.fixture
def launch(place, tmp_path):
  """launch(*arguments) -> the exit status, by way of launch.py's flags."""
  (tmp_path / 'mine.py').write_text(FILE)

  def launch(*arguments):
    argv = ['launch.py', f'--config={tmp_path / "mine.py"}', f'--workdir={tmp_path / "w"}', *arguments]
    values = flags.FlagValues()
    options.define(argv, values)
    config_flags.DEFINE_config_file('config', lock_config=True, flag_values=values, sys_argv=argv)
    flags.DEFINE_string('workdir', None, '', flag_values=values)
    flags.DEFINE_string('mode', 'train', '', flag_values=values)
    config.parse(argv, values)
    options.together(values)
    asked = options.asked(values)
    return asked and command.run(asked, *options.shared(values), values.workdir)

  return launch
