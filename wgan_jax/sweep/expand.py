"""From an experiment's file to the units of its sweep, each checked as its own start would check it."""

from collections.abc import Sequence

import ml_collections
from absl import flags
from ml_collections import config_flags

from wgan_jax import config


def config_of(arguments: Sequence[str]) -> ml_collections.ConfigDict:
  """The config of another command line, checked: of ['--config=experiments/toy_wgan.py', '--config.seed=3', ...].

  Raises:
    UserError: for anything that may be mistyped, and for flags other than --config and its keys.
  """
  argv, values = ['launch.py', *arguments], flags.FlagValues()
  config_flags.DEFINE_config_file('config', lock_config=True, flag_values=values, sys_argv=argv)
  config.parse(argv, values)
  return values.config
