"""A real run on this machine that is preempted in the middle."""

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
  '--config.game.penalty.name=none',
  '--config.data.batch_size=16',
  '--config.train.devices=1',
  '--config.train.steps=1000',
  '--config.train.rounds_per_dispatch=20',
  '--config.log.samples_every_steps=1000',
  '--config.log.n_samples=10',
  '--config.log.n_evaluate=100',
  '--config.log.n_critic_w1=0',
  '--config.checkpoint.every_steps=1000',
]


def preempt(root, folder, asked):
  """Terminates the only process, in the middle of its rounds."""
  until = time.monotonic() + 200
  while not asked and time.monotonic() < until:
    time.sleep(0.05)
    if any(row['step'] >= 40 for row in log.read(folder)):
      for process in journal.read(root).processes:
        process.terminate()
        asked.append(process.pid)


def test_a_preempted_run_goes_on_where_it_was_saved(tmp_path, monkeypatch):
  monkeypatch.chdir(pathlib.Path(__file__).parents[3])
  unit, asked = Unit(0, {}, SMALL), []
  folder = unit.folder(tmp_path)
  thread = threading.Thread(target=preempt, args=(tmp_path, folder, asked))
  thread.start()
  backend = local.Local(tmp_path, local.options())
  backend.submit([Job((unit,), [*SMALL, f'--workdir={folder}'])], retries=0, dry_run=False)
  thread.join()
  told, said = status.read(folder), (folder / 'log').read_text()
  assert asked and (told['state'], told['step']) == (status.DONE, 1000)
  assert said.count('$ python launch.py') == 2 and 'SIGTERM: saved at round' in said
  assert [row['step'] for row in log.read(folder) if 'critic_loss' in row] == list(range(10, 1001, 10))
