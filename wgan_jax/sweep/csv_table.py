"""sweep.csv: a row for each unit, for pandas and spreadsheets, with every number in full."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from wgan_jax.sweep import evaluated
from wgan_jax.sweep.groups import SEED
from wgan_jax.sweep.runs import Run


def csv_of(runs: Sequence[Run], score: str) -> str:
  """The text of sweep.csv. score: by which the best look of a run is told, '' before there is any.

  Empty where nothing is known; nan, inf and -inf are what they are. Columns: a full key for each override; final/NAME,
  a score at the last look; best/NAME, the best of `score` at any look; evaluated/NAME, what --mode=evaluate measured
  last, with as much as tells such numbers apart.
  """
  labels = evaluated.names(measured for run in runs for measured in run.evaluated)
  overrides = dict.fromkeys(key for run in runs for key in run.unit.overrides if key != SEED)
  finals = dict.fromkeys(f'final/{name}' for run in runs for name in run.final)
  columns = ['unit', 'state', 'message', *overrides, SEED, 'rounds', *finals]
  columns += [f'best/{score}', 'best/round'] if score else []
  columns += ['evaluated/round', *map(_evaluated, labels.values())] if labels else []
  columns += ['seconds', 'rounds_per_second', 'date', 'folder']
  buffer = io.StringIO()
  writer = csv.DictWriter(buffer, columns, extrasaction='ignore', lineterminator='\n')
  writer.writeheader()
  writer.writerows({**_row(run, score), **_evaluation(run, labels)} for run in runs)
  return buffer.getvalue()


def _row(run: Run, score: str) -> dict[str, Any]:
  best_round, best = run.best(score) or (None, None)
  return {
    'unit': run.unit.number,
    'state': run.state,
    'message': run.message,
    **run.unit.overrides,
    SEED: run.seed,
    'rounds': run.rounds,
    **{f'final/{name}': value for name, value in run.final.items()},
    f'best/{score}': best,
    'best/round': best_round,
    'seconds': run.seconds,
    'rounds_per_second': run.rounds_per_second,
    'date': run.told.get('date'),
    'folder': f'{run.folder}',
  }


def _evaluation(run: Run, labels: dict[evaluated.Measured, str]) -> dict[str, Any]:
  rounds = sorted({of for _, of in run.evaluated.values()})
  values = {_evaluated(labels[one]): value for one, (value, _) in run.evaluated.items()}
  return {'evaluated/round': '; '.join(map(str, rounds)), **values}


def _evaluated(label):
  return f'evaluated/{label}'
