"""What SkyPilot is asked for: a managed job, which starts launch.py on every host of a TPU slice, or of a few machines.

Names, sizes and software of TPU slices: https://cloud.google.com/tpu/docs/runtimes and /v5e, /v6e, ... beside it.
"""

import pathlib
import re
import shlex
from typing import Any, NamedTuple

import ml_collections
import yaml

from wgan_jax import remote
from wgan_jax.errors import UserError
from wgan_jax.sweep.units import Job


class Generation(NamedTuple):
  """runtime: the software of its hosts. per_host: what the number in a slice's name counts, of one of many hosts.
  small: these numbers, of slices of one host.
  """

  runtime: str
  per_host: int
  small: tuple[int, ...]


GENERATIONS = {
  'v2': Generation('tpu-ubuntu2204-base', 8, (8,)),
  'v3': Generation('tpu-ubuntu2204-base', 8, (8,)),
  'v4': Generation('tpu-ubuntu2204-base', 8, (8,)),
  'v5litepod': Generation('v2-alpha-tpuv5-lite', 4, (1, 4, 8)),  # what SkyPilot takes by itself is the software of v5p
  'v5p': Generation('v2-alpha-tpuv5', 8, (8,)),
  'v6e': Generation('v2-alpha-tpuv6e', 4, (1, 4, 8)),
}
ONE_HOST = 8  # up to which a slice of any generation is one host
CUBE = 128  # the number of 4x4x4 chips with two cores each
PORT = 8476  # where the first of several GPU machines waits for the others
# SkyPilot leaves uv on every machine that it starts; the Python of TPU hosts is too old.
SETUP = """uv=~/.local/bin/uv
$uv venv --allow-existing --python 3.12 ~/wgan_jax
$uv pip install --python ~/wgan_jax/bin/python --constraint constraints.txt --editable '.[gcs]' 'jax[{device}]'
"""


def content(job: Job, name: str, options: ml_collections.ConfigDict, retries: int) -> dict[str, Any]:
  """A task for `sky jobs launch`, as what its YAML holds.

  options: those of `tpu.options`. retries: restarts after failures, of which an exit with 75 is none.

  Raises:
    UserError: for a slice that is unknown, or code or a mount that is not where it should be.
  """
  arguments = shlex.join([*job.arguments])
  recovery = {'max_restarts_on_errors': retries, 'recover_on_exit_codes': [75]}
  resources = {'accelerators': options.type, **_runtime(options), 'use_spot': options.spot, 'job_recovery': recovery}
  if options.infra:
    resources['infra'] = options.infra
  task = {'name': name, 'workdir': str(_code(job, options)), 'resources': resources}
  if not _is_tpu(options.type):
    task['num_nodes'] = options.hosts or 1
  if options.mounts:
    task['file_mounts'] = _mounts(options.mounts)
  setup = options.setup or SETUP.format(device='tpu' if _is_tpu(options.type) else 'cuda12')
  # In place of the shell, so that a signal that asks to save and stop reaches it.
  run = f'exec {options.python} launch.py {arguments} {_processes(options)}\n'
  return {**task, 'setup': setup, 'run': run}


def hosts(options: ml_collections.ConfigDict) -> int:
  """How many a job has, on each of which one process plays; 0 where SkyPilot tells when they are there.

  Raises:
    UserError: for what is no slice, or no number of hosts.
  """
  kind = options.type
  if options.hosts < 0:
    raise UserError(f'--tpu.hosts={options.hosts} should be a number of machines, or 0 for what --tpu.type= says')
  if not _is_tpu(kind):
    if re.match(r'(?i)tpu|v\d(-|\d*[a-z])', kind):  # V100-32GB is a GPU
      meant = re.sub('^tpu[^a-z0-9]*', '', kind.lower())
      raise UserError(f'unknown --tpu.type={kind}; did you mean tpu-{meant}? GPUs are called as in A100:8')
    return options.hosts or 1
  return options.hosts or (0 if ':' in kind else _hosts_of(kind))


def text(task: dict[str, Any]) -> str:
  """A task as YAML, shell lines as they are."""
  return yaml.dump(task, Dumper=_Dumper, sort_keys=False, width=1000)


class _Dumper(yaml.SafeDumper):
  """Writes what has several lines as several lines."""


_Dumper.add_representer(
  str, lambda dumper, s: dumper.represent_scalar('tag:yaml.org,2002:str', s, style='|' if '\n' in s else None)
)


def _is_tpu(kind):
  return kind.startswith('tpu-')


def _slice(kind):
  """(generation, size) of 'tpu-v5litepod-16'."""
  found = re.fullmatch(r'tpu-(\w+)-(\d+)', kind)
  if not found or found[1] not in GENERATIONS:
    kinds = ', '.join(f'tpu-{generation}-N' for generation in GENERATIONS)
    raise UserError(f'unknown --tpu.type={kind}; known: {kinds}; of others say --tpu.runtime= and --tpu.hosts=')
  return GENERATIONS[found[1]], int(found[2])


def _hosts_of(kind):
  """Of a slice that is known."""
  generation, size = _slice(kind)
  small = generation.small
  # Of many hosts there are powers of two, and whole cubes.
  if size not in small and (size <= ONE_HOST or (size & (size - 1) and size % CUBE)):
    sizes = ', '.join(map(str, [*small, 2 * ONE_HOST, 4 * ONE_HOST]))
    raise UserError(f'--tpu.type={kind} is no slice: there are {sizes}, ...; of another one say --tpu.hosts=')
  return 1 if size <= ONE_HOST else size // generation.per_host


def _runtime(options):
  """The software of TPU hosts; slices in Kubernetes, such as tpu-v6e-slice:4, have that of their image."""
  if not _is_tpu(options.type) or (':' in options.type and not options.runtime):
    return {}
  return {'accelerator_args': {'runtime_version': options.runtime or _slice(options.type)[0].runtime}}


def _processes(options):
  """Flags of launch.py: one process on each host, and how many are expected."""
  if not _is_tpu(options.type):
    if options.hosts <= 1:
      return '--num_processes=1'
    first = f'"$(echo "$SKYPILOT_NODE_IPS" | head -n1):{PORT}"'
    return f'--coordinator={first} --num_processes={options.hosts} --process_id="$SKYPILOT_NODE_RANK"'
  return f'--num_processes={hosts(options) or "$SKYPILOT_NUM_NODES"}'


def _code(job, options):
  """The folder that SkyPilot copies to every host, and launch.py starts in."""
  folder = pathlib.Path(options.workdir).expanduser().resolve()
  if not (folder / 'launch.py').is_file():
    raise UserError(
      f'no launch.py in --tpu.workdir={options.workdir}: it is the folder of the code, copied to all hosts'
    )
  for file in re.findall(r'(?m)^--config=([^:\n]+)', '\n'.join(job.arguments)):
    if pathlib.Path(file).is_absolute() or not (folder / file).is_file():
      raise UserError(f'--config={file} is not in {folder}, which is all that is copied: name a file in it, from there')
  return folder


def _mounts(text):
  """{there: here} of 'THERE=HERE,...'."""
  pairs = [pair.partition('=') for pair in text.split(',')]
  if not all(there and here for there, _, here in pairs):
    raise UserError(f'--tpu.mounts={text} should be THERE=HERE,..., such as ~/tensorflow_datasets=gs://bucket/tfds')
  mounts = {there.strip(): here.strip() for there, _, here in pairs}
  for here in mounts.values():
    if not remote.is_remote(here) and not pathlib.Path(here).expanduser().exists():
      raise UserError(f'no {here} on this machine, which --tpu.mounts= names: a folder, a file, or gs://BUCKET/...')
  return mounts
