"""Real runs on this machine, one of which is preempted in the middle."""

import pathlib
import threading
import time

from wgan_jax import log, status
from wgan_jax.sweep.backends import journal, local
from wgan_jax.sweep.units import Job, Unit

SMALL = [
  '--config=experiments/toy_wgan_gp.py',
  '--config.data.name=8gaussians',
  '--config.generator.width=16',
  '--config.critic.width=16',
  '--config.data.batch_size=16',
  '--config.train.devices=1',
  '--config.train.rounds_per_dispatch=20',
  '--config.log.samples_every_steps=100000',
  '--config.log.n_samples=10',
  '--config.log.n_evaluate=100',
  '--config.log.n_critic_w1=0',
  '--config.checkpoint.every_steps=100000',
]


def jobs_of(root, steps):
  units = [Unit(i, {'train.steps': n}, [*SMALL, f'--config.train.steps={n}']) for i, n in enumerate(steps)]
  return [Job((unit,), [*unit.arguments, f'--workdir={unit.folder(root)}']) for unit in units]


def preempt(root, number, asked):
  """Terminates the process of a unit that is in the middle of its rounds."""
  until = time.monotonic() + 200
  while not asked and time.monotonic() < until:
    time.sleep(0.05)
    if any(row['step'] >= 40 for row in log.read(root / f'{number:03d}')):
      process = next((p for p, numbers in journal.read(root).processes.items() if number in numbers), None)
      if process:
        process.terminate()
        asked.append(process.pid)


def test_a_preempted_run_goes_on_where_it_was_saved(tmp_path, monkeypatch):
  monkeypatch.chdir(pathlib.Path(__file__).parents[3])
  jobs, options, asked = jobs_of(tmp_path, (1_000, 20)), local.options(), []
  options.parallel = 2
  thread = threading.Thread(target=preempt, args=(tmp_path, 0, asked))
  thread.start()
  local.Local(tmp_path, options).submit(jobs, 0, False)
  thread.join()
  assert asked
  folders = [unit.folder(tmp_path) for job in jobs for unit in job.units]
  assert [(s['state'], s['step']) for s in map(status.read, folders)] == [('done', 1_000), ('done', 20)]
  said = (folders[0] / 'log').read_text()
  assert said.count('$ python launch.py') == 2 and 'SIGTERM: saved at round' in said
  assert [row['step'] for row in log.read(folders[0]) if 'critic_loss' in row] == list(range(10, 1_001, 10))
