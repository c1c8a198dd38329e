"""The command line: `python launch.py --config=experiments/digits_wgan_gp.py`."""

import functools
import os
import signal
import sys
import threading
import traceback

from absl import flags, logging

# Before JAX starts: its C++ parts would tell newcomers about XLA's internals.
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
# Ctrl-C ends a start at once; training then has an ear of its own for it.
signal.signal(signal.SIGINT, signal.SIG_DFL)

import jax
from ml_collections import config_flags

from wgan_jax import config, hosts, joining, status, train
from wgan_jax.data.cache import cache_folder
from wgan_jax.errors import UserError
from wgan_jax.evaluation.command import evaluate
from wgan_jax.lecture.command import lecture
from wgan_jax.sampling.command import sample
from wgan_jax.stop import Stopped
from wgan_jax.sweep import command as sweeps
from wgan_jax.sweep import options, results, together

MODES = {
  'train': train.train,
  'evaluate': evaluate,
  'sample': sample,
  'report': results.report,
}
OF_MANY = {  # of replicas; a report looks for itself
  'train': together.train_replicas,
  'evaluate': functools.partial(together.look_at_replicas, evaluate),
  'sample': functools.partial(together.look_at_replicas, sample),
}

CONFIG = config_flags.DEFINE_config_file('config', None, 'The experiment: a file with get_config().', lock_config=True)
WORKDIR = flags.DEFINE_string(
  'workdir',
  None,
  'Folder of the run; runs/<experiment> by default, of many runs runs/<experiment>-<sweep>, -replicas.',
)
MODE = flags.DEFINE_enum(
  'mode', 'train', list(MODES), 'train, or of what is there evaluate or sample it, or write the report.'
)
COORDINATOR = flags.DEFINE_string('coordinator', None, 'HOST:PORT of process 0, where no cluster tells it.')
NUM_PROCESSES = flags.DEFINE_integer('num_processes', None, 'How many processes are expected.', lower_bound=1)
PROCESS_ID = flags.DEFINE_integer('process_id', None, 'Which of them this is, from 0.', lower_bound=0)
HEARTBEAT = flags.DEFINE_integer('heartbeat_seconds', 60, 'After which a silent process is lost.', lower_bound=1)


def main(argv: list[str]) -> int:
  """Does what the command line says; returns the exit status."""
  logging.set_verbosity(logging.FATAL)
  try:
    options.define(argv)
    if {'--help', '-h'} & set(argv):
      print(
        f'{__doc__}\n{flags.FLAGS.main_module_help()}\n\nExperiments: experiments/*.py; all keys: experiments/base.py'
        '\nThe figures of the lectures: --config=experiments/lecture/all.py'
      )
      return 0
    path = config.parse(argv)
    pack = options.together()
    if asked := options.asked():
      return sweeps.run(asked, *options.shared(), WORKDIR.value or f'{config.folder_of(path)}-{asked.sweep}')
    joining.join(COORDINATOR.value, NUM_PROCESSES.value, PROCESS_ID.value, HEARTBEAT.value)
    jax.config.update('jax_compilation_cache_dir', str(cache_folder() / 'xla'))
    act = MODES[MODE.value]
    if config.LECTURE in CONFIG.value:
      if flags.FLAGS['mode'].present:
        raise UserError(f'figures of a lecture are drawn, there is nothing to {MODE.value}: leave out --mode')
      act = lecture
    folder = WORKDIR.value or together.default_folder(CONFIG.value, config.folder_of(path))
    if pack:
      return together.train_units(folder, pack)
    if together.many(CONFIG.value) and MODE.value in OF_MANY:
      return OF_MANY[MODE.value](CONFIG.value, folder, *options.shared())
    return act(CONFIG.value, folder)
  except Stopped as stopped:
    print(f'{stopped}: the same command goes on from there', file=sys.stderr)
    return status.EXIT[status.PREEMPTED]
  except UserError as error:
    print(f'error: {error}', file=sys.stderr)
    return 1
  except OSError as error:  # a full disk, a folder that may not be written
    what = f'{error.strerror or error}: {error.filename or "while writing"}'
    print(f'error: {what}; what was saved stays, and the same command goes on from there', file=sys.stderr)
    return 1
  except (MemoryError, jax.errors.JaxRuntimeError) as error:
    if not (isinstance(error, MemoryError) or 'RESOURCE_EXHAUSTED' in f'{error}'):
      raise
    remedies = '--config.data.batch_size, .data.size, .train.rounds_per_dispatch or the networks smaller'
    print(f'error: not enough memory; make {remedies}, or .train.accumulate larger', file=sys.stderr)
    return 1


def tell(thread_error: threading.ExceptHookArgs) -> None:
  """What went wrong in a thread that writes in the background, in one line too."""
  print(f'error: {thread_error.exc_type.__name__}: {thread_error.exc_value}'.splitlines()[0], file=sys.stderr)


if __name__ == '__main__':
  # What cannot even be raised is noise of orbax's threads, whose failures are raised where they are waited for.
  threading.excepthook, sys.unraisablehook = tell, lambda _: None
  try:
    code = main(sys.argv)
  except Exception as error:
    code = 1
    if hosts.lost(error):
      print(f'error: {hosts.LOST}; start all of them again, they go on from the last checkpoint', file=sys.stderr)
    else:
      traceback.print_exc()
  if code == 1:
    # Writers in the background may wait for a disk that is full, or tell at length what was told above; and at a usual
    # end several processes wait for one another.
    sys.stderr.flush()
    hosts.leave()
    os._exit(code)
  sys.exit(code)
