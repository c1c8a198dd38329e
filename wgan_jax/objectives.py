"""What critic and generator minimise, one number per sample.

An Objective is a pair of pure functions `(real_logits [B], fake_logits [B]) -> [B]`. Neither reduces: the game takes
the mean. The generator's half receives the real logits too, for relativistic losses; where it ignores them XLA removes
the branch that computed them.
"""

from collections.abc import Callable
from typing import NamedTuple

import chex
import jax

Loss = Callable[[jax.Array, jax.Array], jax.Array]


class Objective(NamedTuple):
  """A two-player objective. Both halves are to be minimised.

  value: what the mean of minus the critic's half is called in logs, e.g. the distance that it estimates.
  """

  critic: Loss
  generator: Loss
  value: str = 'critic_value'


def wasserstein() -> Objective:
  """The dual of the 1-Wasserstein distance; its critic has to be kept Lipschitz by clipping or a penalty.

  critic:     f(G(z)) - f(x)        [B]    minus its mean estimates W1 up to the Lipschitz constant
  generator:  -f(G(z))              [B]

  Arjovsky et al., "Wasserstein GAN", Algorithm 1, https://arxiv.org/abs/1701.07875.
  """

  def critic(real_logits, fake_logits):
    chex.assert_rank([real_logits, fake_logits], 1)
    chex.assert_equal_shape([real_logits, fake_logits])
    return fake_logits - real_logits

  def generator(real_logits, fake_logits):
    del real_logits
    chex.assert_rank(fake_logits, 1)
    return -fake_logits

  return Objective(critic, generator, value='w1_estimate')


def hinge() -> Objective:
  """Hinge loss: the critic stops caring about samples beyond the margin.

  critic:     max(0, 1 - D(x)) + max(0, 1 + D(G(z)))      [B]
  generator:  -D(G(z))                                    [B]

  Lim & Ye, "Geometric GAN", Eq. 25-26, https://arxiv.org/abs/1705.02894; Miyato et al., "Spectral Normalization for
  Generative Adversarial Networks", Eq. 16-17, https://arxiv.org/abs/1802.05957.
  """

  def critic(real_logits, fake_logits):
    chex.assert_rank([real_logits, fake_logits], 1)
    chex.assert_equal_shape([real_logits, fake_logits])
    return jax.nn.relu(1.0 - real_logits) + jax.nn.relu(1.0 + fake_logits)

  return Objective(critic, wasserstein().generator)
