"""What critic and generator minimise, one number per sample.

An Objective is a pair of pure functions `(real_logits [B], fake_logits [B]) -> [B]`. Neither reduces: the game takes
the mean. The generator's half receives the real logits too, for relativistic losses; where it ignores them XLA removes
the branch that computed them. The f-GAN family is in divergences.py.
"""

from collections.abc import Callable
from typing import NamedTuple

import chex
import jax
import jax.numpy as jnp

Loss = Callable[[jax.Array, jax.Array], jax.Array]


class Objective(NamedTuple):
  """A two-player objective. Both halves are to be minimised.

  value: what the mean of minus the critic's half is called in logs, e.g. the distance that it estimates.
  undecided: the logit of a sample that might be either, None where logits have no zero.
  estimates_w1: whether the difference of the mean logits is to be W1, up to the critic's Lipschitz constant.
  """

  critic: Loss
  generator: Loss
  value: str = 'critic_value'
  undecided: float | None = 0.0
  estimates_w1: bool = False

  def cost(self, real_logits: jax.Array, fake_logits: jax.Array) -> jax.Array:
    """The critic's half for each of the real logits [N], the mean over all of the generated ones [M]: [N]."""
    fakes = jnp.broadcast_to(fake_logits[:, None], (fake_logits.size, real_logits.size))
    return jnp.mean(jax.vmap(self.critic, (None, 0))(real_logits, fakes), axis=0)


def of_sums(real: Callable, fake: Callable, generator: Callable, value: str = 'critic_value') -> Objective:
  """An objective that sees one logit at a time.

  critic:     real(D(x)) + fake(D(G(z)))       [B]
  generator:  generator(D(G(z)))               [B]

  Args:
    real, fake, generator: elementwise functions of logits.
    value: as in `Objective`.
  """

  def critic(real_logits, fake_logits):
    chex.assert_rank([real_logits, fake_logits], 1)
    chex.assert_equal_shape([real_logits, fake_logits])
    return real(real_logits) + fake(fake_logits)

  def generator_half(real_logits, fake_logits):
    del real_logits
    chex.assert_rank(fake_logits, 1)
    return generator(fake_logits)

  return Objective(critic, generator_half, value)


def minimax() -> Objective:
  """The first GAN, D = sigmoid of the logits; at the best critic its value is 2 JS(real, fake) - log 4 nats.

  critic:     -log D(x) - log(1 - D(G(z)))     [B]
  generator:  log(1 - D(G(z)))                 [B]    whose gradient vanishes where the critic is sure

  Goodfellow et al., "Generative Adversarial Networks", Eq. 1, https://arxiv.org/abs/1406.2661.
  """
  softplus = jax.nn.softplus  # -log D = softplus(-logit), -log(1 - D) = softplus(logit)
  return of_sums(lambda real: softplus(-real), softplus, lambda fake: -softplus(fake))


def non_saturating() -> Objective:
  """The same critic as `minimax`, and a generator whose gradient does not vanish.

  critic:     -log D(x) - log(1 - D(G(z)))     [B]
  generator:  -log D(G(z))                     [B]

  Goodfellow et al., section 3, https://arxiv.org/abs/1406.2661.
  """
  return minimax()._replace(generator=of_sums(*[lambda fake: jax.nn.softplus(-fake)] * 3).generator)


def least_squares(fake: float = 0.0, real: float = 1.0, generator: float = 1.0) -> Objective:
  """LSGAN: regression on targets.

  critic:     (D(x) - b)^2 / 2 + (D(G(z)) - a)^2 / 2     [B]
  generator:  (D(G(z)) - c)^2 / 2                        [B]

  With b - c = 1 and b - a = 2 the generator descends sum (p - q)^2 / (p + q), in the paper's words Pearson's chi^2
  between p + q and 2 q. The halves are the paper's;
  many codes leave them out, which doubles the gradients.
  Mao et al., "Least Squares Generative Adversarial Networks", Eq. 2, https://arxiv.org/abs/1611.04076.

  Args:
    fake, real: targets a and b of the critic.
    generator: target c of the generator.
  """
  return of_sums(
    lambda logits: (logits - real) ** 2 / 2,
    lambda logits: (logits - fake) ** 2 / 2,
    lambda logits: (logits - generator) ** 2 / 2,
  )._replace(undecided=(fake + real) / 2)


def wasserstein() -> Objective:
  """The dual of the 1-Wasserstein distance; its critic has to be kept Lipschitz by clipping or a penalty.

  critic:     f(G(z)) - f(x)        [B]    minus its mean estimates W1 up to the Lipschitz constant
  generator:  -f(G(z))              [B]

  Arjovsky et al., "Wasserstein GAN", Algorithm 1, https://arxiv.org/abs/1701.07875.
  """
  sums = of_sums(lambda real: -real, lambda fake: fake, lambda fake: -fake, value='w1_estimate')
  return sums._replace(undecided=None, estimates_w1=True)


def hinge() -> Objective:
  """Hinge loss: the critic stops caring about samples beyond the margin.

  critic:     relu(1 - D(x)) + relu(1 + D(G(z)))      [B]
  generator:  -D(G(z))                                [B]

  Lim & Ye, "Geometric GAN", Eq. 25-26, https://arxiv.org/abs/1705.02894; Miyato et al., "Spectral Normalization for
  Generative Adversarial Networks", Eq. 16-17, https://arxiv.org/abs/1802.05957. A product of labels and logits, which
  some lectures call by this name, is not it: it has no margin.
  """
  relu = jax.nn.relu
  return of_sums(lambda real: relu(1.0 - real), lambda fake: relu(1.0 + fake), lambda fake: -fake)


def relativistic() -> Objective:
  """Relativistic pairing: each sample is judged against a partner of the other kind.

  critic:     softplus(D(G(z)) - D(x))         [B]
  generator:  softplus(D(x) - D(G(z)))         [B]

  Jolicoeur-Martineau, "The relativistic discriminator", Eq. 8-9, https://arxiv.org/abs/1807.00734; with zero-centred
  penalties on both sides it is R3GAN's, Huang et al., Eq. 2, https://arxiv.org/abs/2501.05441.
  """

  def judge(better, worse):
    chex.assert_rank([better, worse], 1)
    chex.assert_equal_shape([better, worse])
    return jax.nn.softplus(worse - better)

  return Objective(judge, lambda real_logits, fake_logits: judge(fake_logits, real_logits), undecided=None)
