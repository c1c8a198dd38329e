"""CycleGAN: two generators translate between two sets of images that nobody has paired; z is an image.

Zhu et al., "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks", Eq. 1-3 and section 5.2,
https://arxiv.org/abs/1703.10593, without its buffer of earlier generated images.
"""

import flax.linen as nn
import jax
import jax.numpy as jnp

from wgan_jax.game import Batch, Game, Turn, adapt
from wgan_jax.objectives import Objective, least_squares
from wgan_jax.priors import Path, Prior, lines


class CycleGan(Game, kw_only=True):
  """G translates batch['source'] to the kind of batch['image'], F back; both have a critic, both ways close a circle.

  generator: G, (source [B, H, W, C], label, *, train) -> images. inverse: F, (images, ...) -> sources.
  critic, inverse_critic: of images and of sources, (x, label, *, train) -> logits [B, ...], e.g. of patches.
  prior: draws sources, for samples.
  objective: what generators gain counts twice beside `cycle`: the paper's generators have whole squares where its
    critics, and both halves of `least_squares`, have half ones.
  cycle: weight of the mean of |F(G(s)) - s| and of |G(F(x)) - x| (10).
  identity: weight of the mean of |G(x) - x| and of |F(s) - s|, in units of `cycle` (0.5, or 0 for none).
  """

  generator: nn.Module
  inverse: nn.Module
  critic: nn.Module
  inverse_critic: nn.Module
  prior: Prior
  between: Path = lines
  truncation: None = None  # of images
  objective: Objective = least_squares()
  cycle: float = 10.0
  identity: float = 0.5

  @property
  def turns(self):
    return Turn('generator_loss', ('generator', 'inverse')), Turn('critic_loss', ('critic', 'inverse_critic'))

  @property
  def averaged(self):
    return 'generator', 'inverse'

  def latent(self, n):
    return self.prior(self.sample_keys('latent', n))

  def generate(self, z, label=None, train=False):
    return self.generator(z, None, train=train)

  def generator_loss(self, batch: Batch):
    image, source = batch['image'], batch['source']
    to_image, to_source = (lambda x: self.generator(x, None, train=True)), (lambda x: self.inverse(x, None, train=True))
    fake, fake_source = to_image(source), to_source(image)
    fooling = self._fool(self.critic, image, fake) + self._fool(self.inverse_critic, source, fake_source)
    cycle = distance(to_source(fake), source) + distance(to_image(fake_source), image)
    identity = distance(to_image(image), image) + distance(to_source(source), source)
    loss = fooling + self.cycle * (cycle + self.identity * identity)
    return loss, {'cycle': cycle, 'identity': identity}

  def _fool(self, critic, real, fake):
    real_logits, fake_logits = critic(real, None, train=True).reshape(-1), critic(fake, None, train=True).reshape(-1)
    return 2 * jnp.mean(self.objective.generator(real_logits, fake_logits))

  def critic_loss(self, batch: Batch):
    image, source = batch['image'], batch['source']
    fake, fake_source = self.generator(source, None, train=True), self.inverse(image, None, train=True)
    return self._tell(self.critic, image, fake) + self._tell(self.inverse_critic, source, fake_source), {}

  def _tell(self, critic, real, fake):
    real_logits = critic(real, None, train=True).reshape(-1)
    fake_logits = critic(jax.lax.stop_gradient(fake), None, train=True).reshape(-1)
    adapt(critic, real_logits, fake_logits, self.objective.undecided)
    return jnp.mean(self.objective.critic(real_logits, fake_logits))

  def shows(self, batch: Batch):
    """Sources, their translations and those translated back; then the same from images."""
    forth, back = (lambda x: self.generator(x, None, train=False)), (lambda x: self.inverse(x, None, train=False))
    source, image = batch['source'], batch['image']
    there, here = forth(source), back(image)
    return {'translations': jnp.stack([source, there, back(there), image, here, forth(here)])}


def distance(a: jax.Array, b: jax.Array) -> jax.Array:
  """The mean absolute difference of two batches of images, []."""
  return jnp.mean(jnp.abs(a - b))
