"""The command line: an experiment file, its keys overridden by flags, every mistake one line."""

import difflib
import pathlib
import re
from collections.abc import Sequence
from typing import Any

import ml_collections
from absl import flags
from ml_collections.config_flags.config_flags import ConfigFileFlagParser

from wgan_jax.errors import UserError

POSITIVE = ('batch_size', 'steps', 'rounds_per_dispatch', 'n_critic', 'fakes_per_real', 'every_steps', 'keep')
POSITIVE += ('samples_every_steps', 'n_samples', 'n_evaluate', 'width', 'kernel_size', 'dim', 'learning_rate')
POSITIVE += ('n_classifier', 'accumulate', 'features', 'style', 'code', 'categories', 'images', 'updates', 'sigma')
POSITIVE += ('growth', 'shared', 'norm_epsilon', 'rows', 'columns', 'k', 'legs', 'frames', 'milliseconds')
POSITIVE += ('replicas', 'n_pixels', 'n_points', 'kept', 'splits', 'subsets', 'subset_size')
SIGNED = ('fake', 'real', 'generator', 'target')  # targets of logits and of their signs
LARGEST, LARGEST_FLOAT = 2**31 - 1, 3e38  # that a device holds
GROUPS = 'seed', 'replicas', 'data', 'source', 'prior', 'game', 'optimizer', 'ema', 'train', 'log', 'checkpoint'
GROUPS += 'sample', 'evaluate'  # which look at a trained run
LECTURE = 'lecture'  # a group that figures of lectures have, and nothing else
SHOWN = 12  # keys that are close to an unknown one
BELOW_ONE = ('b1', 'b2', 'last_b2')  # a decay of 1 would never take in anything


def parse(argv: Sequence[str], values: flags.FlagValues | None = None) -> pathlib.Path:
  """Fills absl's flags, `--config` among them, from the command line, and checks the config.

  values: flags that know `--config` and look for its keys in `argv`; those of this process where none are given.

  Returns:
    The experiment's file.

  Raises:
    UserError: for anything that a user may mistype.
  """
  values = flags.FLAGS if values is None else values
  path, experiment = _experiment(argv)
  known = flat(experiment)
  for key in re.findall(r'(?m)^--?config\.([^=\n]*)', '\n'.join(argv)):
    # Before ml_collections looks for it, which would name its last part alone, or replace a whole group of keys.
    if key not in known:
      raise unknown_key(key, known)
  try:
    rest = values(list(argv))[1:]
  except flags.UnrecognizedFlagError as error:
    close = difflib.get_close_matches(error.flagname, values, 1)
    raise UserError(f'unknown flag --{error.flagname}' + (f'; did you mean --{close[0]}?' if close else '')) from error
  except (flags.Error, ValueError, TypeError) as error:
    raise _wrong_value(f'{error}', known) from error
  if rest:
    raise UserError(f'{rest[0]!r} is no flag: values are given as --config.data.name=digits')
  if LECTURE in experiment:
    check_figures(values.config, known)
  else:
    check(values.config)
  return path


def folder_of(path: pathlib.Path) -> pathlib.Path:
  """Where the run of an experiment's file goes by default: runs/NAME, or runs/lecture/NAME of one in that folder."""
  within = path.parts[path.parts.index('experiments') + 1 : -1] if 'experiments' in path.parts else ()
  return pathlib.Path('runs', *within, path.stem)


def check(config: ml_collections.ConfigDict) -> None:
  """Raises a UserError for a number that no run could have."""
  for key, value in flat(config).items():
    if isinstance(value, bool) or not isinstance(value, (int, float)):
      continue
    name = key.rpartition('.')[2]
    if isinstance(value, int) and value > LARGEST:
      raise UserError(f'--config.{key} must be at most {LARGEST}, not {value}')
    if name in POSITIVE and not value > 0:
      raise UserError(f'--config.{key} must be positive, not {value}')
    least = -LARGEST_FLOAT if name in SIGNED else 0
    if not least <= value <= LARGEST_FLOAT:
      raise UserError(f'--config.{key} must be {"" if name in SIGNED else "zero or positive and "}finite, not {value}')
    if name == 'decay' and value > 1:
      raise UserError(f'--config.{key} must be at most 1, not {value}')
    if name in BELOW_ONE and value >= 1:
      raise UserError(f'--config.{key} must be below 1, not {value}')
  if 'penalty' in config.game and config.game.penalty.sided not in ('one', 'two'):
    raise UserError(f'--config.game.penalty.sided must be one or two, not {config.game.penalty.sided!r}')


def check_figures(config: ml_collections.ConfigDict, before: dict[str, Any]) -> None:
  """Raises a UserError for a number that no figure could have: a count below 1, one that is not finite, another type.

  Whole numbers are counts, but in a tuple, which may be a matrix.

  before: what the numbers were in the file, by full key.
  """
  for key, value in flat(config).items():
    if isinstance(value, tuple) and (not value or _kinds(value) - _kinds(before[key])):
      raise UserError(f'--config.{key} has to be one or more such as {before[key]}, not {value}')
    if isinstance(value, int) and not (value >= 1 or (key.endswith('.seed') and value == 0)):
      raise UserError(f'--config.{key} must be at least 1, not {value}')
    for number in value if isinstance(value, tuple) else (value,):
      if not isinstance(number, (int, float)):
        continue
      if isinstance(number, int) and not abs(number) <= LARGEST:
        raise UserError(f'--config.{key} must be at most {LARGEST}, not {number}')
      if not abs(number) <= LARGEST_FLOAT:
        raise UserError(f'--config.{key} must be finite, not {number}')


def _kinds(values):
  return {float if isinstance(x, int) else type(x) for x in values}


def flat(config: Any, prefix: str = '') -> dict[str, Any]:
  """{'data.batch_size': 64, ...}: every key of a config by its full name."""
  leaves = {}
  for key, value in config.items():
    nested = isinstance(value, (dict, ml_collections.ConfigDict))
    leaves.update(flat(value, f'{prefix}{key}.') if nested else {f'{prefix}{key}': value})
  return leaves


def _experiment(argv: Sequence[str]) -> tuple[pathlib.Path, ml_collections.ConfigDict]:
  """The file, and the config of the experiment as its file has it, before any key is overridden."""
  given = re.findall(r'(?m)^--?config[=\n](.+)$', '\n'.join(argv))
  if not given:
    there = sorted(f'{f}' for f in pathlib.Path('experiments').glob('*.py') if not f.stem.startswith('base'))
    raise UserError(f'--config=FILE.py says what to train; here are {", ".join(there) or "no experiments"}')
  path = pathlib.Path(given[-1].partition(':')[0])
  if not path.is_file():
    close = difflib.get_close_matches(path.name, [f.name for f in path.parent.glob('*.py')], 1)
    raise UserError(f'no such file: --config={path}' + (f'; did you mean {path.parent / close[0]}?' if close else ''))
  try:
    config = ConfigFileFlagParser('config').parse(given[-1])
    config.lock()
  except (Exception, SystemExit) as error:  # the file is a program: anything may go wrong in it
    line = ' '.join(f'{error}'.split())
    raise UserError(f'{path} could not be loaded: {type(error).__name__}: {line}') from error
  groups = () if LECTURE in config else GROUPS
  if missing := [group for group in groups if group not in config]:
    raise UserError(f'the config of {path} lacks {", ".join(missing)}: begin with that of experiments/base.py')
  return path, config


def unknown_key(key: str, known: dict[str, Any], flag: str = 'config') -> UserError:
  """A key --FLAG.KEY that is none of those known, with those that are close to it."""
  parts = key.split('.')
  parents = ['.'.join(parts[:i]) + '.' for i in range(len(parts), 0, -1)]
  beside = [[k for k in known if k.startswith(parent)] for parent in parents]
  close = difflib.get_close_matches(key, known, 3, 0.75) or next(filter(None, beside), None)
  groups = sorted({k.partition('.')[0] for k in known})
  close = close or [k for k in known if key in k][:3]
  close = close or (groups if len(groups) < len(known) else difflib.get_close_matches(key, groups, 3, 0.0))
  some = [*close[:SHOWN], *(['...'] if len(close) > SHOWN else [])]
  return UserError(f'unknown key --{flag}.{key}; close to it: {", ".join(some)}')


def _wrong_value(message: str, known: dict[str, Any]) -> UserError:
  key, value = (re.findall(r'flag --config\.([\w.]+)=(\S*?):? ', message) or [('', '')])[0]
  if key in known:
    kind = type(known[key]).__name__
    return UserError(f'--config.{key} is of type {kind}, such as {known[key]!r}; {value!r} is none')
  return UserError(re.sub(r'\s+', ' ', message))
