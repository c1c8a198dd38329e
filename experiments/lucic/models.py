"""The eight models of "Are GANs Created Equal?", each with the settings of its authors, in the networks of InfoGAN.

Lucic et al., https://arxiv.org/abs/1711.10337, as https://github.com/google/compare_gan (branch v1) has them: z ~
U(-1, 1) in 64 dimensions (the VAE's are normal), batch 64, Adam with b2 = 0.999, weights N(0, 0.02), one rate for both
networks. Training is told in updates of the critic. Here, otherwise than there:

- pixels run from -1 to 1 and not from 0 to 1, so BEGAN's errors are twice as large and DRAGAN's noise is in that unit;
- LSGAN's and DRAGAN's losses are of logits, as in their papers, and not of probabilities;
- a penalised critic is given layer normalisation where batch normalisation is asked for, which a penalty of single
  samples has no meaning with;
- BEGAN's k stays within 0 and 1, as in its paper; its critic is InfoGAN's critic with a code of 64 and then InfoGAN's
  generator: each has one dense layer more, and together ten times as many weights (13 millions);
- the VAE's decoder has the leaky ReLU of the others.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from experiments import base, base_games

TURNS = 'critic_loss', 'generator_loss'
PAIR = {'name': 'infogan', 'width': 64, 'kernel_size': 4, 'init': 'dcgan', 'norm_epsilon': 1e-3}


class Images(NamedTuple):
  """A set of images. size: pixels that they are fitted to, 0 for those that they have.

  epochs: of training. examples: that the paper's code counts as one of them.
  """

  size: int
  epochs: int
  examples: int = 50_000

  @property
  def updates(self) -> int:
    """Of the critic."""
    return self.epochs * self.examples // 64


DATA = {  # by the names that TFDS has for them
  'mnist': Images(0, 20),
  'fashion_mnist': Images(0, 20),
  'cifar10': Images(0, 100),
  'celeb_a': Images(64, 40, 162_000),
}


def duel(objective: str, rate: float, *, b1=0.5, n_critic=1, norm='batch', **penalty: Any) -> Any:
  """The game of two. penalty: its keys, none for no penalty."""
  config = base.get_config()
  config.prior.update(name='uniform', dim=64)
  config.generator.update(PAIR, norm='batch')
  config.critic.update(PAIR, norm=norm)
  config.game = base.game(**base.objective(objective), n_critic=n_critic)
  config.game.penalty.update(penalty or {'name': 'none'})
  config.optimizer = {turn: base.optimizer(learning_rate=rate, b1=b1, b2=0.999) for turn in TURNS}
  return config


def wgan() -> Any:
  """Clipped, by Adam as all others are."""
  config = duel('wasserstein', 5e-5, n_critic=5)
  config.optimizer.critic_loss.clip_weights = 0.01
  return config


def began() -> Any:
  """The critic is an auto-encoder."""
  config = duel('wasserstein', 1e-4, norm='none')
  config.decoder = base.network(**PAIR)
  config.game = base_games.began(code=64, n_critic=5, gamma=0.75, rate=1e-3)
  return config


def vae() -> Any:
  """With an encoder in place of the critic."""
  config = duel('wasserstein', 5e-5)
  del config.critic
  config.prior.name = 'normal'
  config.encoder = base.network(**PAIR, norm='batch')
  config.game = base_games.vae()
  config.optimizer = dict(negative_elbo=base.optimizer(learning_rate=5e-5, b2=0.999))
  return config


MODELS: dict[str, Callable[[], Any]] = {
  'mm_gan': lambda: duel('minimax', 5e-5, b1=0.0),
  'ns_gan': lambda: duel('non_saturating', 5e-5, b1=0.0),
  'lsgan': lambda: duel('least_squares', 2e-4),
  'wgan': wgan,
  'wgan_gp': lambda: duel('wasserstein', 1e-4, n_critic=5, norm='none', name='gradient_penalty', weight=10.0),
  'dragan': lambda: duel('non_saturating', 1e-4, norm='layer', name='dragan', weight=10.0),
  'began': began,
  'vae': vae,
}
