"""Unrolled GAN: the generator sees how the critic is going to answer.

Metz et al., "Unrolled Generative Adversarial Networks", https://arxiv.org/abs/1611.02163.
"""

import functools

import jax
import jax.numpy as jnp

from wgan_jax.game import Batch
from wgan_jax.games.adversarial import Adversarial, logits_of
from wgan_jax.networks.augmented import Augmented


class Unrolled(Adversarial, kw_only=True):
  """The adversarial game whose generator descends its loss against the critic of some updates later.

  theta_0 = theta, theta_{k+1} = theta_k - rate * grad of the critic's loss at theta_k (Eq. 7 and 8 there), all of them
  on the minibatch of the generator's turn; its loss is that against theta_K, and its gradient flows through these
  updates as well (Eq. 9 to 11). The critic itself descends as ever, and none of it is kept. With ahead=0 this is the
  adversarial game.

  These updates are plain gradient descent. The authors' notebook, https://github.com/poolio/unrolled_gan, goes on with
  the critic's Adam from the moments that it has by then; a loss here knows no optimiser, and an Adam that starts anew
  has a root without a derivative where a gradient is 0. The rate matters: where it is too large for the critic, the
  generator learns to make the updates overshoot. The critic runs as a penalty sees it: normalised by what it gathered,
  moving no statistics.

  ahead: K, updates that the generator looks ahead.
  rate: of these.
  """

  ahead: int = 5
  rate: float = 0.03

  def generator_loss(self, batch: Batch):
    real, label = self.per_fake(batch['image']), jax.tree.map(self.per_fake, batch.get('label'))
    fake = self.fake(real.shape[0], label)
    # Every device makes the same updates, those of the whole batch.
    real, fake, label = jax.tree.map(self.of_all_devices, (real, fake, label))
    critic, params = self._critic()
    keys = jax.random.split(self.make_rng('penalty'), real.shape[0])
    weight = self.annealing(self.penalised.value) if self.annealing else 1.0

    def loss(params):
      of = functools.partial(critic, params, label=label)
      return jnp.mean(self.objective.critic(of(real), of(fake)) + weight * self.penalty(of, real, fake, keys))

    def later(params, _):
      return jax.tree.map(lambda p, g: p - self.rate * g, params, jax.grad(loss)(params)), None

    params, _ = jax.lax.scan(later, params, length=self.ahead)
    return jnp.mean(self.objective.generator(critic(params, real, label), critic(params, fake, label))), {}

  def _critic(self):
    """The critic as a pure function (parameters, x, label) -> logits [B], and its parameters."""
    module, variables = self.critic.unbind()
    if isinstance(module, Augmented):
      module = module.clone(axis_name=None)  # which would give each device's rows keys of their own
    params = variables['params']
    options = {'train': False, 'rngs': {'augment': self.make_rng('augment')}}

    def critic(params, x, label):
      return logits_of(module.apply({**variables, 'params': params}, x, label, **options))

    return critic, params
