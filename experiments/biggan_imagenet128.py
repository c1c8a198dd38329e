r"""BigGAN on ImageNet at 128x128, on as many devices as there are.

    python launch.py --config=experiments/biggan_imagenet128.py --config.data.dir=WHERE_TFDS_SETS_ARE

Brock et al., https://arxiv.org/abs/1809.11096, table 1, last row but one: batch 2,048, 96 channels, z of 120 numbers in
6 chunks, shared embedding of 128, attention on 64x64, spectral norm and orthogonal weights in both networks, batch
statistics over all devices, hinge loss with projection, 2 critic updates, Adam (0, 0.999) with 5e-5 for the generator
and 2e-4 for the critic, orthogonal regularisation 1e-4 of the generator, moving average 0.9999 from round 20,000 on,
200,000 rounds; products in bfloat16. 158.4 million parameters, 70.4 of them the generator's.

On few devices --config.train.accumulate=8 computes the batch in 8 pieces, each with batch statistics of its own, and
--config.generator.remat=True --config.critic.remat=True computes blocks anew in the backward pass.

Published for this recipe: FID 8.51, Inception score 99.3 (the paper); FID 8.35 with batch 2,048 (StudioGAN). Here: not
yet measured; ImageNet is not at hand, and it is work for many accelerators.
"""

from experiments import biggan_cifar


def get_config():
  config = biggan_cifar.get_config()
  config.data.update(name='imagenet2012', size=128, batch_size=2048)
  config.prior.dim = 120
  for network in (config.generator, config.critic):
    network.update(attention=64, dtype='bfloat16')
  config.game.n_critic = 2
  for optimizer in config.optimizer.values():
    optimizer.b1 = 0.0
  config.optimizer.generator_loss.update(learning_rate=5e-5, orthogonal=1e-4)
  config.ema.start = 20_000
  config.train.update(steps=200_000, rounds_per_dispatch=1)
  return config
