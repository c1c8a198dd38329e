r"""Unrolled GAN on eight Gaussians on a ring: its generator looks some updates of the critic ahead.

    python launch.py --config=experiments/unrolled_toy.py [--config.game.unrolled.ahead=0]

Metz et al., https://arxiv.org/abs/1611.02163; the loss that does not saturate, small networks and rates of our own
choice, made for a CPU, in which a GAN goes from mode to mode (experiments/lecture/mode_collapse.py, ahead=0 here). The
authors' notebook, https://github.com/poolio/unrolled_gan, which says of itself that its numbers are not all those of
the paper, has 2x128 tanh units, orthogonal weights of gain 1.4, z in 256 dimensions, batch 512, the minimax loss and
25,000 rounds of Adam (b1 0.5), at 1e-3 for the generator and 1e-4 for the critic.

Measured, seed 0, 10,000 samples of the moving average after 10,000 rounds: all 8 modes, 68.2 % of samples within 3
sigma, mode_kl 0.057; some 20 s of rounds on two cores, shared with others, of an Intel Xeon, jax 0.10.2, 2026-11-26.
With --config.game.unrolled.ahead=0: no mode at all, all samples outside of the ring.
"""

from experiments import base_games, toy_wgan_gp


def get_config():
  config = toy_wgan_gp.get_config()
  config.game = base_games.unrolled()
  config.game.objective = 'non_saturating'
  config.game.penalty.name = 'none'
  config.data.update(name='8gaussians', batch_size=64)
  for network in (config.generator, config.critic):
    network.update(width=32, depth=2)
  config.optimizer.critic_loss.learning_rate = 3e-4
  config.optimizer.generator_loss.learning_rate = 3e-3
  config.train.steps = 10_000
  return config
