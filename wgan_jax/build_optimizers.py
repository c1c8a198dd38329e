"""From an optimiser's config to the optimiser, by literal tables; and what else changes with the count of updates."""

from typing import Any

import jax
import optax

from wgan_jax import schedules, transforms
from wgan_jax.errors import UserError, look_up

OPTIMIZERS = {  # made of (config, learning rate, b2), the last two being numbers or schedules
  'adam': lambda c, rate, b2: _adam(learning_rate=rate, b1=c.b1, b2=b2, eps=c.epsilon),
  # As PyTorch's, which WGAN's code uses: epsilon outside of the root, first moment from zero.
  'rmsprop': lambda c, rate, b2: optax.rmsprop(rate, b2, c.epsilon, eps_in_sqrt=False),
  'sgd': lambda c, rate, b2: optax.sgd(rate),
}
DECAYS = {  # from where to where within so many updates
  'constant': lambda start, end, updates: start,
  'linear': optax.linear_schedule,
  'cosine': schedules.cosine,
}


def build_optimizer(loss: str, config: Any, updates: dict[str, int]) -> optax.GradientTransformation:
  """The optimiser of the turn with that loss, from the group of keys of its name.

  updates: {turn's loss: updates that the whole run makes}, at whose end a decay ends that the config says no end of.
  """
  if loss not in config.optimizer:
    raise UserError(f'this game needs an optimizer for its {loss}: begin with one of its own experiments')
  c = config.optimizer[loss]
  decay = look_up(f'optimizer.{loss}.decay', DECAYS, c.decay)
  length = c.decay_updates or updates[loss]
  if c.last_b2 and (c.name != 'adam' or c.decay == 'constant'):
    raise UserError(
      f'last_b2 is of Adam with a rate that decays: set --config.optimizer.{loss}.name=adam and .decay=cosine'
    )
  b2 = decay(c.b2, c.last_b2, length) if c.last_b2 else c.b2
  optimizer = look_up(f'optimizer.{loss}.name', OPTIMIZERS, c.name)(c, decay(c.learning_rate, c.last_rate, length), b2)
  # The regulariser is a part of the gradient and comes first; clipping looks at where the weights would end.
  first = [transforms.orthogonal_regularization(c.orthogonal)] if asked_for(c.orthogonal) else []
  last = [transforms.clip_weights(c.clip_weights)] if asked_for(c.clip_weights) else []
  return optax.chain(*first, optimizer, *last) if first or last else optimizer


def asked_for(number: Any) -> bool:
  """Whether a number, of which 0 means nothing at all, is another one; one that is traced stands for such."""
  return isinstance(number, jax.core.Tracer) or bool(number)


def averaging(config: Any) -> float | schedules.Schedule:
  """The decay of the moving averages."""
  c = config.ema
  return schedules.rising_decay(c.decay, c.ramp) if c.ramp else c.decay


def annealing(c: Any) -> schedules.Schedule | None:
  """What a penalty's weight is multiplied by after so many critic updates, of the keys game.annealing."""
  return None if c.share == 1 else schedules.cosine(1.0, c.share, c.updates)


def _adam(**options):
  """optax's, in which numbers other than the learning rate may be schedules too, where one is."""
  return (optax.inject_hyperparams(optax.adam) if callable(options['b2']) else optax.adam)(**options)
