r"""The robustness figure of WGAN-GP: seven architectures, each trained by four methods.

    python launch.py --config=experiments/robustness.py --config.data.name=folder:PATH

trains the DCGAN by WGAN-GP; `sweep` lists the 28 runs, as keys that differ from it. This prints their flags:

    python -c "from experiments import robustness
    robustness.sweep(lambda **keys: print(*(f'--config.{key}={value}' for key, value in keys.items())))"

Gulrajani et al., https://arxiv.org/abs/1704.00028, section 5.1 and figure 2, where WGAN-GP alone trains all seven: the
methods' rates are those of its text, everything else is as in its gan_64x64.py, where RMSProp forgets by 0.9. Batch
normalisation of a penalised critic becomes layer normalisation. LSUN's bedrooms of 64x64 pixels, batch 64, 200,000
rounds; any folder of images will do, and so does --config.data.name=cifar10 --config.data.size=32 (all seven are of
any size that is a multiple of 16).

Two runs of one architecture, at 32x32: resnet101_wgan_gp.py and resnet101_wgan.py. The rest is not yet measured.
"""

import itertools

from experiments import base

PLAIN, TANH = {'norm': 'none'}, {'activation': 'tanh'}
# A gated layer makes twice the channels that it gives. These and the MLP's begin as large as suits their activation.
GATED = {'activation': 'gated', 'width': 128}
DEEP = {'name': 'resnet101', 'init': 'glorot'}
ARCHITECTURES = {  # generator and critic, as differences from a DCGAN
  'DCGAN': ({}, {}),
  'generator without norm, of constant width': ({**PLAIN, 'growth': 1, 'init': 'tflib_up'}, {}),
  'generator an MLP': ({**PLAIN, 'name': 'mlp', 'width': 512, 'depth': 4, 'init': 'glorot'}, {}),
  'no norm': (PLAIN, PLAIN),
  'gated': ({**GATED, 'init': 'tflib_up'}, {**GATED, 'init': 'tflib_down'}),
  'tanh': (TANH, TANH),
  '101 layers': (DEEP, DEEP),
}


def optimizers(**keys):
  """The same for both networks."""
  return {f'optimizer.{turn}_loss.{key}': value for turn in ('critic', 'generator') for key, value in keys.items()}


METHODS = {  # as differences from WGAN-GP
  'WGAN-GP': {},
  'WGAN, clipped': {
    'game.penalty.name': 'none',
    **optimizers(name='rmsprop', learning_rate=5e-5),
    'optimizer.critic_loss.clip_weights': 0.01,
  },
  'DCGAN': {
    'game.objective': 'non_saturating',
    'game.n_critic': 1,
    'game.penalty.name': 'none',
    **optimizers(learning_rate=2e-4, b2=0.999),
  },
  'LSGAN': {
    'game.objective': 'least_squares',
    'game.n_critic': 1,
    'game.penalty.name': 'none',
    **optimizers(name='rmsprop'),
  },
}


def get_config():
  config = base.get_config()
  config.data.update(name='folder:lsun', size=64)
  dcgan = {'name': 'dcgan', 'width': 64, 'init': 'dcgan'}
  config.generator.update(dcgan, norm='batch')
  config.critic.update(dcgan, norm='layer')
  config.ema.decay = 0.0
  config.train.steps = 200_000
  return config


def sweep(add):
  """Calls `add` with the keys of each run, 28 times."""
  for (generator, critic), method in itertools.product(ARCHITECTURES.values(), METHODS.values()):
    unpenalised = {'norm': 'batch'} if 'game.penalty.name' in method else {}
    networks = {'generator': generator, 'critic': {**unpenalised, **critic}}
    add(**method, **{f'{name}.{key}': value for name, keys in networks.items() for key, value in keys.items()})
