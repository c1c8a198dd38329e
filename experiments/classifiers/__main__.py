r"""Trains one of the classifiers that are shipped, and writes its weights with what they can do.

    python -m experiments.classifiers --data=mnist --data_dir=WHERE_TFDS_SETS_ARE

On a machine without TFDS: --npz=FILE, which --export=FILE makes on another one. The same seed gives the same weights
on a CPU; an accelerator adds in an order of its own.
"""

import argparse
import datetime
import pathlib
import platform
import sys
import time

import jax

from experiments.classifiers import sets, training
from wgan_jax.errors import UserError
from wgan_jax.metrics.features import classifier


def device() -> str:
  """What it was trained on."""
  info = pathlib.Path('/proc/cpuinfo')
  names = [line.split(':')[1].strip() for line in info.read_text().splitlines() if line.startswith('model name')]
  kind = jax.devices()[0].device_kind
  return (names or [platform.processor()])[0] if kind == 'cpu' else kind


def options_of(argv: list[str] | None) -> argparse.Namespace:
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument('--data', required=True, choices=sorted(classifier.KINDS))
  parser.add_argument('--data_dir', default='~/tensorflow_datasets', help='where TFDS sets were prepared')
  parser.add_argument('--npz', default='', help='read the sets from this file instead')
  parser.add_argument('--export', default='', help='write the sets to this file, and stop')
  parser.add_argument('--epochs', type=int, default=0, help="0 for the recipe's")
  parser.add_argument('--seed', type=int, default=0)
  parser.add_argument('--to', default=str(classifier.FOLDER), help='folder for the weights')
  options = parser.parse_args(argv)
  if options.epochs < 0:
    parser.error('--epochs must be 1 or more, or 0')
  return options


def main(argv: list[str] | None = None) -> None:
  options = options_of(argv)
  kind, recipe = classifier.KINDS[options.data], training.RECIPES[options.data]
  recipe = recipe._replace(epochs=options.epochs or recipe.epochs)
  try:
    data = sets.load(options.data, options.data_dir, options.npz)
  except UserError as error:
    sys.exit(f'error: {error}')
  if options.export:
    return sets.save(options.export, data)
  began = time.time()
  variables = training.train(kind.module(folded=False), data.train, recipe, options.seed)
  seconds = time.time() - began
  arguments = f'--data={options.data} --epochs={recipe.epochs} --seed={options.seed}'
  facts = {
    'command': f'python -m experiments.classifiers {arguments}',
    'trained_on': f'{len(data.train):,} images of {kind.title}',
    'tested_on': data.tested_on,
    'test_images': len(data.test),
    'test_accuracy': 0.0,
    'recipe': recipe._asdict(),
    'seconds': round(seconds),
    'hardware': f'{device()}, {jax.devices()[0].platform}',
    'versions': f'Python {platform.python_version()}, jax {jax.__version__}',
    'date': f'{datetime.datetime.now(datetime.UTC):%Y-%m-%d}',
  }
  folder, folded = pathlib.Path(options.to), classifier.fold(variables)
  classifier.save(options.data, folded, facts, folder)
  network = classifier.classifier(options.data, folder=folder)
  facts['test_accuracy'] = round(training.accuracy(network.apply, network.weights, data.test), 5)
  classifier.save(options.data, folded, facts, folder)
  print(f'{kind.title}: {100 * facts["test_accuracy"]:.2f} % of {data.tested_on} ({len(data.test):,} images)')
  print(f'trained in {seconds:.0f} s; {folder / options.data}.npz, SHA-256 {network.sha256}')


if __name__ == '__main__':
  main()
