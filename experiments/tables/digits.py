"""Every game on the 8x8 digits, its recipe as it stands, scored alike: a table of FCD-digits, FID-768 and more.

    python -m experiments.tables.digits [--only=cgan_digits,vae_digits] [--runs=runs] [--weights=auto|PATH] [--steps=N]

Trains each recipe whose run in the folder of runs is not done yet, by launch.py, then evaluates its last checkpoint: as
many samples as there are digits, 1,797, against these. FID-768 needs weights of Inception. The table kept in
docs/digits.md is the output of this command.
"""

import argparse
import pathlib
import subprocess
import sys

from wgan_jax.evaluation import scores

ROOT = pathlib.Path(__file__).parents[2]
COLUMNS = 'FCD-digits', 'FID-768', 'precision', 'recall', 'sliced_w1'
NAMES = sorted(file.stem for file in (ROOT / 'experiments').glob('*digits*.py'))


def launch(name: str, folder: pathlib.Path, *flags: str) -> None:
  """One command of launch.py on a recipe, in a process of its own."""
  command = [sys.executable, 'launch.py', f'--config=experiments/{name}.py', f'--workdir={folder.resolve()}', *flags]
  subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def measured(name: str, options: argparse.Namespace) -> dict[str, float]:
  """{score: value} of a recipe. Precision and recall are those in the features of the classifier of digits."""
  folder, steps = options.runs / name, [f'--config.train.steps={options.steps}'] if options.steps else []
  launch(name, folder, *steps)
  weights = f'--config.evaluate.weights={pathlib.Path(options.weights).resolve()}' if options.weights else ''
  weights = '--config.evaluate.weights=auto' if options.weights == 'auto' else weights
  against = '--config.evaluate.against=train:1797', '--config.evaluate.scores=frechet,manifold,sliced'
  launch(name, folder, *steps, '--mode=evaluate', *against, *filter(None, [weights]))
  rows = scores.read(folder)[-1]['scores']
  return {
    row['name']: row['value'] for row in rows if row['name'] == 'FID-768' or not row['network'].startswith('Inception')
  }


def main(argv: list[str] | None = None) -> None:
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument('--only', default='', help='recipes, separated by commas; all by default')
  parser.add_argument('--runs', type=pathlib.Path, default=ROOT / 'runs')
  parser.add_argument('--weights', default='', help='of Inception, auto or a path; without, there is no FID-768')
  parser.add_argument('--steps', type=int, default=0, help="rounds, 0 for the recipe's")
  options = parser.parse_args(argv)
  names = options.only.split(',') if options.only else NAMES
  if unknown := set(names) - set(NAMES):
    parser.error(f'unknown recipes {", ".join(sorted(unknown))}; known: {", ".join(NAMES)}')
  print(f'| recipe | {" | ".join(COLUMNS)} |')
  print(f'|---|{"---|" * len(COLUMNS)}')
  for name in names:
    try:
      found = measured(name, options)
    except subprocess.CalledProcessError as error:
      print(f'| {name} | failed: its command ended with status {error.returncode} |', flush=True)
      continue
    print(f'| {name} | {" | ".join(f"{found[c]:.4g}" if c in found else "-" for c in COLUMNS)} |', flush=True)


if __name__ == '__main__':
  main()
