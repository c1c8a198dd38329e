"""Distributions on the line whose densities are known, and a Gaussian that learns one of them against a critic."""

from typing import Any, NamedTuple

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax.data.toy import toy_source
from wgan_jax.lecture import plots
from wgan_jax.lecture.playing import Training, with_fields
from wgan_jax.prepare import prepare

PLACES = 4001  # of a grid; densities that end on it smoothly are integrated to rounding


class Look(NamedTuple):
  """What a divergence is called in every figure, and the line that it is drawn as."""

  title: str
  colour: str
  line: str = '-'

  @property
  def options(self) -> dict[str, str]:
    """Of matplotlib's `plot`."""
    return {'label': self.title, 'color': self.colour, 'linestyle': self.line}


# Of the rows of divergences.py. f-GAN's Jensen-Shannon row is twice the divergence; GAN's is that less log 4, whose
# line is seen where both are one. Neyman's is Pearson's the other way around.
LOOKS = {
  'kl': Look('KL', plots.BLUE),
  'reverse_kl': Look('reverse KL', plots.RED),
  'pearson': Look('Pearson χ²', plots.GREY),
  'neyman': Look('Neyman χ²', plots.GREY, '--'),
  'squared_hellinger': Look('squared Hellinger', plots.AMBER),
  'jeffrey': Look('Jeffrey', plots.VIOLET),
  'jensen_shannon': Look('Jensen-Shannon (twice)', plots.TEAL),
  'gan': Look('GAN', plots.INK, '--'),
}


class Normals(NamedTuple):
  """A mixture of Gaussians on the line: `shares` [K] of `means` [K] with standard deviations `widths` [K]."""

  shares: tuple[float, ...]
  means: tuple[float, ...]
  widths: tuple[float, ...]

  def density(self, x: np.ndarray) -> np.ndarray:
    """p at x [N]: [N] float64."""
    shares, means, widths = np.array(self, np.float64)[..., None]
    bells = np.exp(-(((x - means) / widths) ** 2) / 2) / (widths * np.sqrt(2 * np.pi))
    return np.sum(shares / shares.sum() * bells, axis=0)

  def masses(self, x: np.ndarray) -> np.ndarray:
    """Of the cells around evenly spaced x [N]: [N], whose sum is 1."""
    p = self.density(x)
    return p / p.sum()

  def sample(self, keys: jax.Array) -> jax.Array:
    """One point for each of keys [B]: [B, 1]."""
    shares, means, widths = jnp.array(self, jnp.float32)

    def one(key):
      which, where = jax.random.split(key)
      k = jax.random.categorical(which, jnp.log(shares))
      return means[k] + widths[k] * jax.random.normal(where, (1,))

    return jax.vmap(one)(keys)

  def moments(self) -> tuple[float, float]:
    """Mean and standard deviation."""
    shares, means, widths = np.array(self, np.float64)
    shares = shares / shares.sum()
    mean = np.sum(shares * means)
    return float(mean), float(np.sqrt(np.sum(shares * (widths**2 + (means - mean) ** 2))))


class Points(NamedTuple):
  """Finitely many points x [N, 1], of which each is drawn as often as any other: data that can be learned by heart."""

  x: np.ndarray

  def sample(self, keys: jax.Array) -> jax.Array:
    """One of them for each of keys [B]: [B, 1]."""
    return jax.vmap(lambda key: jnp.asarray(self.x)[jax.random.randint(key, (), 0, len(self.x))])(keys)


class Affine(nn.Module):
  """A generator of two numbers: z [B, 1] -> mean + width z, a Gaussian. mean, width: to begin with."""

  mean: float
  width: float

  @nn.compact
  def __call__(self, z, label=None, *, train):
    del label, train
    mean = self.param('mean', nn.initializers.constant(self.mean), ())
    log_width = self.param('log_width', nn.initializers.constant(np.log(self.width)), ())
    return mean + jnp.exp(log_width) * z


def settings(experiment: Any, numbers: Any, divergence: str, n_critic: int, generator_rate: float) -> Any:
  """The config of a toy experiment for f-GAN with the bound of a divergence and a small critic, rates falling to 0.

  numbers: the figure's rounds, units, batch_size and seed.
  """
  config = experiment.get_config()
  config.seed, config.data.batch_size, config.prior.dim = numbers.seed, numbers.batch_size, 1
  config.critic.update(width=numbers.units, depth=2, activation='elu')
  config.generator.update(width=1, depth=1)  # which is not used
  config.game.update(objective='f_gan', divergence=divergence, n_critic=n_critic)
  config.game.penalty.name = 'none'
  config.optimizer.critic_loss.update(learning_rate=3e-3, decay='linear')
  config.optimizer.generator_loss.update(learning_rate=generator_rate, decay='linear')
  config.train.update(steps=numbers.rounds, rounds_per_dispatch=min(numbers.rounds, 250), devices=1)
  config.log.n_evaluate = 2  # which are not looked at
  return config


def against(config: Any, data: Normals | Points, mean: float, width: float) -> Training:
  """The game that `config` describes, between these data and a Gaussian that is N(mean, width^2) to begin with."""
  made = prepare(config, toy_source(data, config.data.batch_size, 1))
  return Training(config, with_fields(made, generator=Affine(mean, width)))


def gaussian_of(params: Any) -> Normals:
  """What an Affine generator of these parameters makes."""
  return Normals((1.0,), (float(params['mean']),), (float(np.exp(params['log_width'])),))
