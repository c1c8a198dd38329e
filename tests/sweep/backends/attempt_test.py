from tests import processes
from wgan_jax import status
from wgan_jax.sweep.backends.attempt import Attempt
from wgan_jax.sweep.backends.devices import Place
from wgan_jax.sweep.units import Job, Unit

LAUNCH = """import json, pathlib, sys
for i, state in enumerate(['done', 'failed', 'failed']):
  folder = pathlib.Path(sys.argv[1]) / f'00{i}'
  (folder / 'status.json').write_text(json.dumps({'state': state, 'message': f'not finite in round {i}'}))
sys.exit(1)
"""


def test_of_several_units_in_one_program_the_one_that_failed_is_named(tmp_path):
  (tmp_path / 'launch.py').write_text(LAUNCH)
  units = [Unit(i, {}, []) for i in range(3)]
  attempt = Attempt(Job(tuple(units), [f'{tmp_path}']), Place('', {}), tmp_path, tmp_path / 'launch.py')
  processes.until(lambda: attempt.poll() is not None, 60)
  assert attempt.poll() == 1
  assert attempt.failed('exit status 1') == '001: not finite in round 1'
  assert status.read(tmp_path / '000')['state'] == 'done'
