r"""BigGAN on the 8x8 digits of scikit-learn, long enough to be looked at: what the figures of the lectures share.

    python launch.py --config=experiments/biggan_digits_short.py

`biggan_digits.py`, stopped early. Not yet measured.
"""

from experiments import biggan_digits


def get_config():
  config = biggan_digits.get_config()
  config.train.update(steps=1_500, rounds_per_dispatch=25)
  config.checkpoint.every_steps = 150
  return config
