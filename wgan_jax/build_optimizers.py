"""From an optimiser's config to the optimiser: literal tables of optimisers and of decays of their rates."""

from typing import Any

import optax

from wgan_jax import transforms
from wgan_jax.errors import UserError, look_up

OPTIMIZERS = {
  'adam': lambda c, rate: optax.adam(rate, c.b1, c.b2, eps=c.epsilon),
  # As PyTorch's, which WGAN's code uses: epsilon outside of the root, first moment from zero.
  'rmsprop': lambda c, rate: optax.rmsprop(rate, c.b2, c.epsilon, eps_in_sqrt=False),
  'sgd': lambda c, rate: optax.sgd(rate),
}
DECAYS = {
  'constant': lambda rate, updates: rate,
  'linear': lambda rate, updates: optax.linear_schedule(rate, 0.0, updates),
}


def build_optimizer(loss: str, config: Any, updates: dict[str, int]) -> optax.GradientTransformation:
  """The optimiser of the turn with that loss, from the group of keys of its name.

  updates: {turn's loss: updates that the whole run makes}, at whose end a decay ends.
  """
  if loss not in config.optimizer:
    raise UserError(f'this game needs an optimizer for its {loss}: begin with one of its own experiments')
  c = config.optimizer[loss]
  rate = look_up(f'optimizer.{loss}.decay', DECAYS, c.decay)(c.learning_rate, updates[loss])
  optimizer = look_up(f'optimizer.{loss}.name', OPTIMIZERS, c.name)(c, rate)
  # The regulariser is a part of the gradient and comes first; clipping looks at where the weights would end.
  first = [transforms.orthogonal_regularization(c.orthogonal)] if c.orthogonal else []
  last = [transforms.clip_weights(c.clip_weights)] if c.clip_weights else []
  return optax.chain(*first, optimizer, *last) if first or last else optimizer
