"""Training one classifier: stochastic gradient descent with Nesterov's momentum, its rate rising and falling once."""

import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from wgan_jax import progress
from wgan_jax.data.cache import Images
from wgan_jax.data.source import Order
from wgan_jax.metrics.features.classifier import Classifier

STEPS_PER_DISPATCH = 50


class Recipe(NamedTuple):
  """How long and how to train. rate: the largest; shift: pixels that images are moved by, at most; flip: mirrored."""

  epochs: int
  batch: int
  rate: float
  shift: int
  flip: bool
  weight_decay: float = 5e-4


RECIPES = {
  'mnist': Recipe(epochs=4, batch=128, rate=0.1, shift=2, flip=False),
  'fashion_mnist': Recipe(epochs=5, batch=128, rate=0.1, shift=1, flip=True),
  'cifar10': Recipe(epochs=40, batch=512, rate=0.4, shift=4, flip=True),
  'digits': Recipe(epochs=40, batch=32, rate=0.02, shift=1, flip=False),
}


def augment(images: jax.Array, key: jax.Array, shift: int, flip: bool) -> jax.Array:
  """uint8 [B, H, W, C], each moved by up to `shift` pixels along each axis, black coming in, and mirrored or not."""
  padded = jnp.pad(images, ((0, 0), (shift, shift), (shift, shift), (0, 0)))

  def one(image, key):
    move_key, flip_key = jax.random.split(key)
    row, column = jax.random.randint(move_key, (2,), 0, 2 * shift + 1)
    image = jax.lax.dynamic_slice(image, (row, column, 0), images.shape[1:])
    return jnp.where(jax.random.bernoulli(flip_key), image[:, ::-1], image) if flip else image

  return jax.vmap(one)(padded, jax.random.split(key, len(images)))


def train(module: Classifier, data: Images, recipe: Recipe, seed: int) -> dict:
  """The variables of `module`, not folded, after it has learned; a pure function of its arguments."""
  dispatches = -(-recipe.epochs * len(data) // (recipe.batch * STEPS_PER_DISPATCH))
  steps = dispatches * STEPS_PER_DISPATCH
  rate = optax.cosine_onecycle_schedule(steps, recipe.rate, pct_start=0.25)
  optimizer = optax.chain(
    optax.add_decayed_weights(recipe.weight_decay, mask=functools.partial(jax.tree.map, lambda x: x.ndim > 1)),
    optax.sgd(rate, momentum=0.9, nesterov=True),
  )
  init_key, key = jax.random.split(jax.random.key(seed))
  variables = jax.jit(module.init, static_argnames='train')(init_key, data.images[:2], train=True)
  carry = variables, optimizer.init(variables['params'])
  resident = jax.device_put((data.images, data.labels))
  dispatch = jax.jit(functools.partial(_dispatch, module, optimizer, recipe), donate_argnums=0)
  order = Order(len(data), seed)
  for i in progress.steps(range(dispatches), f'{recipe.epochs} epochs', dispatches):
    first = i * STEPS_PER_DISPATCH
    places = order[first * recipe.batch : (first + STEPS_PER_DISPATCH) * recipe.batch]
    keys = jax.vmap(functools.partial(jax.random.fold_in, key))(first + jnp.arange(STEPS_PER_DISPATCH))
    carry, loss = dispatch(carry, resident, places.reshape(STEPS_PER_DISPATCH, recipe.batch), keys)
    if not np.isfinite(loss):
      raise FloatingPointError(f'the loss is {loss} by step {first + STEPS_PER_DISPATCH}')
  return carry[0]


def _dispatch(module, optimizer, recipe, carry, resident, places, keys):
  """STEPS_PER_DISPATCH steps, on minibatches at `places` [steps, B] of the resident data: (carry, mean loss)."""

  def step(carry, now):
    (variables, state), (places, key) = carry, now
    images = augment(resident[0][places], key, recipe.shift, recipe.flip)

    def loss_of(params):
      outputs, changed = module.apply({**variables, 'params': params}, images, train=True, mutable='batch_stats')
      losses = optax.softmax_cross_entropy_with_integer_labels(outputs.logits, resident[1][places])
      return jnp.mean(losses), changed

    (loss, changed), gradients = jax.value_and_grad(loss_of, has_aux=True)(variables['params'])
    updates, state = optimizer.update(gradients, state, variables['params'])
    return ({'params': optax.apply_updates(variables['params'], updates), **changed}, state), loss

  carry, losses = jax.lax.scan(step, carry, (places, keys))
  return carry, jnp.mean(losses)


def accuracy(apply: Any, weights: Any, data: Images, batch: int = 500) -> float:
  """The share of images whose class is the most likely one, by a feature network's `apply`, in [0, 1]."""
  apply = jax.jit(apply)
  starts = range(0, len(data), batch)
  right = [
    np.argmax(apply(weights, np.asarray(data.images[i : i + batch])).logits, axis=1) == data.labels[i : i + batch]
    for i in progress.steps(starts, 'testing', len(starts))
  ]
  return float(np.mean(np.concatenate(right)))
