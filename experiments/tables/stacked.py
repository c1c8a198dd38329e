"""Which objectives find a thousand modes: stacks of three digits, read by the classifier that is shipped, as a table.

    python -m experiments.tables.stacked [--data=stacked_mnist --data_dir=TFDS_SETS] [--only=dcgan,r3gan] [--seeds=3]

By default the 8x8 digits of scikit-learn, which need no download. Every row has the networks, batch and Adam of
experiments/stacked_mnist.py; only what its name says differs, and no critic but DCGAN's has batch normalisation.

Modes and KL are those of PacGAN, https://arxiv.org/abs/1712.04086, section 4.2, of 26,000 samples: it finds 78.9 +- 6.5
and 4.50 for its DCGAN on MNIST. The row `data` says what the data themselves score. What was measured is in
docs/stacked.md.
"""

import argparse
from typing import Any

import numpy as np

from experiments import stacked_mnist
from experiments.tables.likelihood import train
from wgan_jax import build, build_features
from wgan_jax.data.images import to_uint8
from wgan_jax.data.source import Source
from wgan_jax.errors import UserError
from wgan_jax.evaluators import real_samples
from wgan_jax.metrics.stacked import numbers, stacked_modes
from wgan_jax.sample import Sampler

SAMPLES, CHUNK = 26_000, 1_000


def duel(objective: str, penalty: str = 'none', weight: float = 1.0, n_critic: int = 1, spectral: bool = False) -> Any:
  """The recipe of experiments/stacked_mnist.py with another objective, and a critic without batch normalisation."""
  config = stacked_mnist.get_config()
  config.critic.update(norm='none', spectral_norm=spectral)
  config.game.update(objective=objective, n_critic=n_critic)
  config.game.penalty.update(name=penalty, weight=weight)
  return config


ROWS = {
  'dcgan': stacked_mnist.get_config,
  'wgan_gp': lambda: duel('wasserstein', 'gradient_penalty', 10.0, n_critic=5),
  'non_saturating + r1': lambda: duel('non_saturating', 'r1'),
  'r3gan': lambda: duel('relativistic', 'r1_r2'),
  'hinge + spectral norm': lambda: duel('hinge', spectral=True),
}


def scored(source: Source, data: str, images: np.ndarray) -> dict[str, float]:
  """Modes and divergence of images in [-1, 1]."""
  return dict(stacked_modes(None, numbers(to_uint8(images), build_features.reader_of_stacks(data, source.shape))))


def measure(name: str, options: argparse.Namespace, seed: int) -> tuple[dict[str, float], int, bool]:
  """Trains a row: (its scores, rounds played, whether all was finite)."""
  config = ROWS[name]()
  config.seed, config.train.steps, config.train.rounds_per_dispatch = seed, options.steps, 25
  config.data.update(name=options.data, dir=options.data_dir)
  source = build.build_source(config)
  game, state, rounds, finite = train(config, source, f'{name}, seed {seed}', options.seconds or float('inf'))
  if not finite:
    return {}, rounds, False
  return scored(source, options.data, Sampler(game, seed, CHUNK, classes=0).draw(state, SAMPLES)[0]), rounds, True


def parsed(argv: list[str] | None) -> argparse.Namespace:
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument('--only', default='', help='rows, separated by commas; all by default')
  parser.add_argument('--data', default='stacked_digits', choices=sorted(build_features.STACKED))
  parser.add_argument('--data_dir', default='~/tensorflow_datasets', help='where TFDS sets were prepared')
  parser.add_argument('--seeds', type=int, default=1)
  parser.add_argument('--steps', type=int, default=1_000)
  parser.add_argument('--seconds', type=float, default=0.0, help='of training of a row, at most; 0 for no end')
  options = parser.parse_args(argv)
  if options.seeds < 1 or options.steps < 1 or options.seconds < 0:
    parser.error('--seeds and --steps must be 1 or more, --seconds 0 or more')
  options.rows = options.only.split(',') if options.only else list(ROWS)
  if unknown := set(options.rows) - set(ROWS):
    parser.error(f'unknown rows {", ".join(sorted(unknown))}; known: {", ".join(ROWS)}')
  return options


def table(options: argparse.Namespace):
  """The lines of the table, one at a time."""
  yield '| model | seed | modes of 1000 | KL, nats | rounds | finite |'
  yield '|---|---|---|---|---|---|'
  config = stacked_mnist.get_config()
  config.data.update(name=options.data, dir=options.data_dir)
  source = build.build_source(config)
  found = scored(source, options.data, real_samples(source, SAMPLES)['image'])
  yield f'| data | - | {found["modes"]:.0f} | {found["mode_kl"]:.3f} | - | - |'
  for name in options.rows:
    for seed in range(options.seeds):
      found, rounds, finite = measure(name, options, seed)
      scores = f'{found["modes"]:.0f} | {found["mode_kl"]:.2f}' if found else '- | -'
      yield f'| {name} | {seed} | {scores} | {rounds:,} | {"yes" if finite else f"no, since round {rounds:,}"} |'


def main(argv: list[str] | None = None) -> None:
  options = parsed(argv)
  try:
    for line in table(options):
      print(line, flush=True)
  except UserError as error:
    raise SystemExit(f'error: {error}') from error


if __name__ == '__main__':
  main()
