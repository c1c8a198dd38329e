"""What --mode=evaluate measured of a run, and what tells one such number from another."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from etils import epath

from wgan_jax.evaluation import scores


class Measured(NamedTuple):
  """What a number is of.

  name: of the score. split: of the real data. network, resizer, weights_sha256: of the features. kept: 'some features'
  where not all were compared. n_real, n_fake: samples. weights, truncation, standing_statistics: with which samples
  were drawn. All are texts, '' for none.
  """

  name: str
  split: str
  network: str
  resizer: str
  kept: str
  n_fake: str
  n_real: str
  weights: str
  truncation: str
  standing_statistics: str
  weights_sha256: str


ALWAYS = 'split', 'network'  # told beside every name
WORDS = {'n_fake': '{} generated', 'n_real': '{} real', 'resizer': '{} resizing', 'weights_sha256': 'weights {:.8}'}


def read(folder: epath.Path) -> dict[Measured, tuple[float, int]]:
  """{what was measured: (value, round of the checkpoint)} in the folder of a run, the newest where several say it."""
  return {
    _measured(row): (float(row['value']), int(row['step']))
    for evaluation in scores.read(folder)
    for row in evaluation['scores']
  }


def names(measured: Iterable[Measured]) -> dict[Measured, str]:
  """A name for each, in order, such as 'FID (test, inception)': as long as it takes to tell them apart."""
  every = list(dict.fromkeys(measured))
  alike = {}
  for one in every:
    alike.setdefault((one.name, *(getattr(one, field) for field in ALWAYS)), []).append(one)
  return {one: _name(one, alike[one.name, one.split, one.network]) for one in every}


def _name(one, others):
  fields = [f for f in Measured._fields[1:] if f in ALWAYS or len({getattr(other, f) for other in others}) > 1]
  told = [WORDS.get(field, '{}').format(getattr(one, field)) for field in fields if getattr(one, field)]
  return f'{one.name} ({", ".join(told)})' if told else one.name


def _measured(row):
  texts = {field: row[field] for field in Measured._fields}
  texts['kept'] = 'some features' if row['kept'] else ''
  for field in ('truncation', 'standing_statistics'):
    texts[field] = f'{field} {json.dumps(row[field], sort_keys=True)}' if row[field] else ''
  return Measured(**{field: f'{text}' for field, text in texts.items()})
