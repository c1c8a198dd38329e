"""Log-likelihood of MNIST's test images by Parzen windows: the table of f-GAN, by one command.

    python -m experiments.tables.likelihood [--data_dir=TFDS_SETS | --npz=FILE] [--only='kl,vae'] [--seeds=3]
    python -m experiments.tables.likelihood --full --seconds=25      # the paper's batch, on an accelerator

Nowozin et al., https://arxiv.org/abs/1606.00709, Table 2: 16,384 samples, sigma chosen on validation images, mean over
the 10,000 test images, pixels in [0, 1]. Here models learn from the first 50,000 training images, and the last 10,000
choose sigma. One generator for all rows, 1200-1200 units with batch normalisation: experiments/fgan_mnist.py; the VAE
has it as its decoder, under an encoder of the same widths. The paper trains for an hour in batches of 4096; so
large are those of `--full`, in as many rounds as `--seconds` allow. The default, 5,000 rounds of 256, is for a CPU.
The table kept in docs/likelihood.md is the output of this command.
"""

import argparse
import datetime
import functools
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import jax

from experiments import base, fgan_mnist, vae_mnist
from experiments.tables.mnist import Mnist, of_file, prepared
from experiments.tables.recipes import DIVERGENCES
from wgan_jax import build
from wgan_jax.data.cache import Images
from wgan_jax.data.images import resident_source
from wgan_jax.data.source import Source
from wgan_jax.dispatch import Dispatcher, starting_state
from wgan_jax.errors import UserError
from wgan_jax.metrics.parzen import Parzen, log_likelihood, parzen, standard_error
from wgan_jax.parallel import everywhere
from wgan_jax.progress import steps
from wgan_jax.sample import Sampler

SAMPLES, CHUNK = 16_384, 4_096
PUBLISHED = {
  'kl': '416 +- 5.62',
  'reverse_kl': '319 +- 8.36',
  'pearson': '429 +- 5.53',
  'neyman': '300 +- 8.33',
  'squared_hellinger': '-708 +- 18.1',
  'jeffrey': '-2101 +- 29.9',
  'jensen_shannon': '367 +- 8.19',
  'gan': '305 +- 8.97',
  'vae': '445 +- 5.36',
  'training images': '502 +- 5.99',
}


class Row(NamedTuple):
  """What a row tells. rounds: played; seconds: of training, compilation included. score: None where none was found."""

  score: Parzen | None
  rounds: int = 0
  seconds: float = 0.0
  finite: bool = True


def fgan(divergence: str) -> Any:
  """The game of one divergence."""
  config = fgan_mnist.get_config()
  config.game.divergence = divergence
  return config


def vae() -> Any:
  """The VAE whose decoder is the others' generator."""
  config, same = vae_mnist.get_config(), fgan_mnist.get_config()
  config.prior.dim = same.prior.dim
  config.generator = same.generator
  config.encoder = base.network(width=1200, depth=2)
  return config


MODELS = {**{name: functools.partial(fgan, name) for name in DIVERGENCES}, 'vae': vae}
IMAGES = {'training images': None, f'{SAMPLES} training images': SAMPLES}  # that windows stand at, None for all


def train(config: Any, source: Source, name: str, seconds: float) -> tuple[Any, Any, int, bool]:
  """Plays rounds until there are enough or time is over: (game, state, rounds played, whether all was finite)."""
  began, size, rounds = time.perf_counter(), config.data.batch_size, config.train.rounds_per_dispatch
  play = build.build_play(config, source.shape)._replace(draw=source.draw)
  devices = jax.local_devices()[:1]
  state = everywhere(jax.jit(starting_state(play, source, config.seed, size))(), devices)
  dispatcher, played = Dispatcher(play, source, config.seed, devices, rounds), 0
  firsts = range(0, config.train.steps, rounds)
  for first in steps(firsts, f'{name}, in {rounds} rounds', len(firsts)):
    n = min(rounds, config.train.steps - first)
    state, history = dispatcher(state, first, n)
    played += len(history[play.game.turns[0].loss])
    if played < first + n:
      return play.game, state, played, False
    if time.perf_counter() - began > seconds:
      break
  return play.game, state, played, True


def of_model(name: str, mnist: Mnist, options: argparse.Namespace, seed: int) -> Row:
  """Trains a model and scores its samples."""
  began, config = time.perf_counter(), MODELS[name]()
  config.seed, config.data.batch_size, config.train.steps = seed, options.batch_size, options.steps
  config.train.rounds_per_dispatch = options.rounds_per_dispatch
  source = resident_source(
    Images(mnist.learned, None), config.data.batch_size, seed, flip=config.data.flip, dequantize=config.data.dequantize
  )
  game, state, rounds, finite = train(config, source, name, options.seconds or float('inf'))
  seconds = time.perf_counter() - began
  if not finite:
    return Row(None, rounds, seconds, finite)
  fake, _ = Sampler(game, seed, CHUNK, classes=0).draw(state, SAMPLES)
  # Of the VAE these are means of the pixels, as they are of the others.
  return Row(parzen(mnist.validation, mnist.test, (fake + 1) / 2), rounds, seconds)


def of_images(n: int | None, mnist: Mnist) -> Row:
  """Scores training images themselves; sigma is chosen with those alone that are not the validation images."""
  chosen = parzen(mnist.validation, mnist.test, mnist.learned[:n])
  if n is not None:
    return Row(chosen)
  scores = log_likelihood(mnist.test / 255, mnist.train / 255, chosen.sigma)
  return Row(Parzen(scores.mean(), standard_error(scores), chosen.sigma, len(mnist.train), len(scores)))


def lines(names: list[str], mnist: Mnist, options: argparse.Namespace) -> Iterator[str]:
  """The table, a line at a time."""
  yield '| model | published | log-likelihood, nats | sigma | seed | rounds | seconds | finite |'
  yield '|---|---|---|---|---|---|---|---|'
  for name in names:
    for seed in range(options.seeds) if name in MODELS else ['-']:
      row = of_model(name, mnist, options, seed) if name in MODELS else of_images(IMAGES[name], mnist)
      score = (
        f'{row.score.mean:.0f} +- {row.score.standard_error:.2f} | {row.score.sigma:.3f}' if row.score else '- | -'
      )
      cost = f'{row.rounds:,} | {row.seconds:.0f}' if name in MODELS else '- | -'
      finite = 'yes' if row.finite else f'no, since round {row.rounds:,}'
      yield f'| {name} | {PUBLISHED.get(name, "-")} | {score} | {seed} | {cost} | {finite} |'
  yield f'\nBatch {options.batch_size}, {jax.devices()[0].device_kind}, jax {jax.__version__}, {datetime.date.today()}.'


def parsed(argv: list[str] | None) -> argparse.Namespace:
  """The command line, with what `--full` means filled in."""
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument('--only', default='', help='rows, separated by commas; all by default')
  parser.add_argument('--full', action='store_true', help="the paper's batch of 4096, and 100,000 rounds at most")
  parser.add_argument('--steps', type=int, help='rounds of a row, at most')
  parser.add_argument('--seconds', type=float, default=0.0, help='of training of a row, at most; 0 for no end')
  parser.add_argument('--seeds', type=int, default=1)
  parser.add_argument('--data_dir', default='~/tensorflow_datasets', help='where TFDS sets were prepared')
  parser.add_argument('--npz', default='', help='in its place: a file with train_images and test_images, uint8')
  options = parser.parse_args(argv)
  options.steps = (100_000 if options.full else 5_000) if options.steps is None else options.steps
  options.batch_size, options.rounds_per_dispatch = (4_096, 200) if options.full else (256, 25)
  if options.seeds < 1 or options.steps < 1 or options.seconds < 0:
    parser.error('--seeds and --steps must be 1 or more, --seconds 0 or more')
  options.rows = options.only.split(',') if options.only else [*MODELS, *IMAGES]
  if unknown := set(options.rows) - {*MODELS, *IMAGES}:
    parser.error(f'unknown rows {", ".join(sorted(unknown))}; known: {", ".join([*MODELS, *IMAGES])}')
  return options


def main(argv: list[str] | None = None) -> None:
  options = parsed(argv)
  try:
    mnist = of_file(options.npz) if options.npz else prepared(options.data_dir)
    for line in lines(options.rows, mnist, options):
      print(line, flush=True)
  except UserError as error:
    raise SystemExit(f'error: {error}') from error


if __name__ == '__main__':
  main()
