r"""BigGAN on the 8x8 digits of scikit-learn, long enough to be looked at: what the figures of the lectures share.

    python launch.py --config=experiments/biggan_digits_short.py

`biggan_digits.py`, stopped early. Its states every 150 rounds are what the figures look at.

Measured, seed 0, by the figures: FCD-digits of 1,797 samples of the moving average with standing statistics is about
40 after 150 rounds, 5 after 600 and 0.79 after 1,500 (two halves of the real digits: 0.12); of 1,000 samples 97.7 %
are read as the class asked for. 165 s of CPU time, of which 45 s compile, on two cores of an Intel Xeon shared with
others, jax 0.10.2, 2026-11-26.
"""

from experiments import biggan_digits


def get_config():
  config = biggan_digits.get_config()
  config.train.update(steps=1_500, rounds_per_dispatch=25)
  config.checkpoint.every_steps = 150
  return config
