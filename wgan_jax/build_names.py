"""Whether all names in a config are known, without data or devices: a sweep is told of a typo before it starts."""

import difflib
import pathlib
from typing import Any

from wgan_jax import build
from wgan_jax.build_architectures import ACTIVATIONS, ARCHITECTURES, POOLS, TRANSLATORS
from wgan_jax.build_data import OTHERS
from wgan_jax.build_networks import CONDITIONINGS, DTYPES, INITS, NORMS
from wgan_jax.build_optimizers import DECAYS, OPTIMIZERS
from wgan_jax.config import flat
from wgan_jax.errors import UserError, look_up

NAMES = {
  'game.name': build.GAMES,
  'game.objective': build.OBJECTIVES,
  'game.divergence': build.DIVERGENCES,
  'game.penalty.name': build.PENALTIES,
  'game.penalty.noise': build.NOISES,
  'game.augment.name': build.AUGMENTATIONS,
  'game.kernel': build.KERNELS,
  'game.likelihood': build.LIKELIHOODS,
  'prior.name': build.PRIORS,
}
OF_NETWORKS = {
  'conditioning': CONDITIONINGS,
  'norm': NORMS,
  'init': INITS,
  'dtype': DTYPES,
  'pool': POOLS,
  'activation': ACTIVATIONS,
}
OF_OPTIMIZERS = {'name': OPTIMIZERS, 'decay': DECAYS}
ALIKE = 0.8  # from here on, a name of data that are not here is a typo of another


def check_names(config: Any) -> None:
  """Looks up every name, also those that are not needed; whether what they name goes together, is not looked at.

  Sets of images that are not prepared on this machine may be so where a run is going to be.

  Raises:
    UserError: for one that is unknown, with the known ones.
  """
  known = flat(config)
  networks = [key.partition('.')[0] for key in known if key.endswith('.conditioning')]
  architectures = TRANSLATORS if config.game.name in build.TRANSLATING else ARCHITECTURES
  tables = {
    **NAMES,
    **{f'{group}.name': architectures for group in networks},
    **{f'{group}.{key}': table for group in networks for key, table in OF_NETWORKS.items()},
    **{f'optimizer.{loss}.{key}': table for loss in config.optimizer for key, table in OF_OPTIMIZERS.items()},
  }
  for key, table in tables.items():
    if key in known:
      look_up(key, table, known[key])
  for name, folder in ((known[f'{group}.name'], known[f'{group}.dir']) for group in ('data', 'source')):
    here = name in OTHERS or (pathlib.Path(folder).expanduser() / name).is_dir()
    if not here and (close := difflib.get_close_matches(name, OTHERS, 1, ALIKE)):
      raise UserError(f'no data set {name!r}; did you mean {close[0]}?')
