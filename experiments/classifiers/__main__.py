r"""Trains one of the classifiers that are shipped, and writes its weights with what they can do.

    python -m experiments.classifiers --data=mnist --data_dir=WHERE_TFDS_SETS_ARE

On a machine without TFDS, --npz=FILE reads the sets, which --export=FILE writes on another one; the test set may be
left out of it, and the accuracy be measured later, elsewhere, by --measure. The same seed gives the same weights on one
CPU; accelerators add in an order of their own.
"""

import argparse
import datetime
import pathlib
import platform
import sys
import time

import jax

from experiments.classifiers import sets, training
from wgan_jax.data.cache import Images
from wgan_jax.errors import UserError
from wgan_jax.metrics.features import classifier


def device() -> str:
  """What it was trained on."""
  info = pathlib.Path('/proc/cpuinfo')
  names = [line.split(':')[1].strip() for line in info.read_text().splitlines() if line.startswith('model name')]
  kind = jax.devices()[0].device_kind
  return (names or [platform.processor()])[0] if kind == 'cpu' else kind


def options_of(argv: list[str] | None) -> argparse.Namespace:
  shown = argparse.RawDescriptionHelpFormatter
  parser = argparse.ArgumentParser(classifier.COMMAND, description=__doc__, formatter_class=shown)
  parser.add_argument('--data', required=True, choices=sorted(classifier.KINDS))
  parser.add_argument('--data_dir', default='~/tensorflow_datasets', help='where TFDS sets were prepared')
  parser.add_argument('--npz', default='', help='read the sets from this file instead')
  parser.add_argument('--export', default='', help='write the sets to this file, and stop')
  parser.add_argument('--measure', action='store_true', help='only test the weights that are there')
  parser.add_argument('--epochs', type=int, default=0, help="0 for the recipe's")
  parser.add_argument('--seed', type=int, default=0)
  parser.add_argument('--to', default=str(classifier.FOLDER), help='folder for the weights')
  options = parser.parse_args(argv)
  if options.epochs < 0:
    parser.error('--epochs must be 1 or more, or 0')
  return options


def train(options: argparse.Namespace, data: Images) -> None:
  """Writes weights, and how they came about."""
  kind, recipe = classifier.KINDS[options.data], training.RECIPES[options.data]
  recipe = recipe._replace(epochs=options.epochs or recipe.epochs)
  began = time.time()
  variables = training.train(kind.module(folded=False), data, recipe, options.seed)
  facts = {
    'command': f'{classifier.COMMAND} --data={options.data} --epochs={recipe.epochs} --seed={options.seed}',
    'trained_on': f'{len(data):,} images of {kind.title}',
    'recipe': recipe._asdict(),
    'seconds': round(time.time() - began),
    'hardware': device(),
    'versions': f'Python {platform.python_version()}, jax {jax.__version__}',
    'date': f'{datetime.datetime.now(datetime.UTC):%Y-%m-%d}',
  }
  classifier.save(options.data, classifier.fold(variables), facts, pathlib.Path(options.to))
  print(f'{kind.title}: trained on {facts["trained_on"]} in {facts["seconds"]} s')


def measure(options: argparse.Namespace, data: Images, tested_on: str) -> None:
  """Adds what the weights can do to what is told of them."""
  folder = pathlib.Path(options.to)
  network = classifier.classifier(options.data, folder=folder)
  accuracy = round(training.accuracy(network.apply, network.weights, data), 5)
  classifier.tell(options.data, {'test_accuracy': accuracy, 'tested_on': tested_on, 'test_images': len(data)}, folder)
  print(f'{100 * accuracy:.2f} % of {tested_on} ({len(data):,} images), SHA-256 {network.sha256}')


def main(argv: list[str] | None = None) -> None:
  options = options_of(argv)
  try:
    data = sets.load(options.data, options.data_dir, options.npz)
    if options.export:
      return sets.save(options.export, data)
    if not options.measure:
      train(options, data.train)
    if data.test is not None:
      measure(options, data.test, data.tested_on)
  except UserError as error:
    sys.exit(f'error: {error}')


if __name__ == '__main__':
  main()
