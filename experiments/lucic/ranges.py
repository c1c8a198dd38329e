"""The wide ranges that the settings of each model are drawn from, and the keys that they are settings of.

As the paper's code has them, https://github.com/google/compare_gan, branch v1, compare_gan/src/params.py: of rates, the
weight of a penalty, the clipping and BEGAN's feedback the exponents are drawn evenly.
"""

from collections.abc import Iterator
from typing import Any

from wgan_jax.config import flat
from wgan_jax.sweep.grids import Draw, choice, draws, log_uniform, uniform

OPTIMIZERS = 'critic_loss', 'generator_loss', 'negative_elbo'
KEYS = {  # by what is drawn; a model has some of them, which are all given the same
  'learning_rate': tuple(f'optimizer.{turn}.learning_rate' for turn in OPTIMIZERS),
  'b1': tuple(f'optimizer.{turn}.b1' for turn in OPTIMIZERS),
  'norm': ('critic.norm', 'decoder.norm', 'encoder.norm'),
  'n_critic': ('game.n_critic',),
  'clip': ('optimizer.critic_loss.clip_weights',),
  'weight': ('game.penalty.weight',),
  'feedback': ('game.rate',),
  'gamma': ('game.gamma',),
}
ALL: dict[str, Draw] = {'learning_rate': log_uniform(1e-5, 1e-2), 'b1': uniform(0.0, 1.0)}
BATCH, LAYER = {**ALL, 'norm': choice('batch', 'none')}, {**ALL, 'norm': choice('layer', 'none')}
PLAIN, PENALISED = {'n_critic': choice(1, 5)}, {'n_critic': choice(1, 5), 'weight': log_uniform(0.1, 100.0)}
WIDE = {
  'mm_gan': BATCH | PLAIN,
  'ns_gan': BATCH | PLAIN,
  'lsgan': BATCH | PLAIN,
  'wgan': BATCH | PLAIN | {'clip': log_uniform(1e-3, 1.0)},
  'wgan_gp': LAYER | PENALISED,
  'dragan': LAYER | PENALISED,
  'began': BATCH | PLAIN | {'feedback': log_uniform(1e-4, 1e-2), 'gamma': uniform(0.0, 1.0)},
  'vae': BATCH,
}


def drawn(model: str, config: Any, n: int, seed: int) -> Iterator[dict[str, Any]]:
  """{full key: value} of each of n draws for a model, whose config says which of the keys it has.

  seed: of the draws, which are others for each model.
  """
  known = flat(config)
  for values in draws(n, 100 * seed + list(WIDE).index(model), **WIDE[model]):
    yield {key: value for name, value in values.items() for key in KEYS[name] if key in known}
