"""The section of a report on what --mode=evaluate measured."""

import html
import pathlib
from typing import Any

from wgan_jax import pages
from wgan_jax.evaluation import scores

AT_MOST = 5  # evaluations, the last ones


def section(folder: pathlib.Path) -> str:
  """HTML of the last evaluations in the folder of a run, the newest first; '' where there are none."""
  found = scores.read(folder)[-AT_MOST:]
  return ''.join(['<h2>Evaluation</h2>', *map(_table, reversed(found))]) if found else ''


def _table(evaluation: dict[str, Any]) -> str:
  head = 'score', 'value', 'generated', 'real', 'split', 'features', 'resizing'
  body = []
  for row in evaluation['scores']:
    spread = '' if row['spread'] is None else f' &plusmn; {row["spread"]:.2g}'
    counts = (f'{row[key]:,}' for key in ('n_fake', 'n_real'))
    texts = (html.escape(row[key]) for key in ('split', 'network', 'resizer'))
    body.append((html.escape(row['name']), f'{row["value"]:.5g}{spread}', *counts, *texts))
  spreads = dict.fromkeys(f'{row["name"]} ± {row["spread_is"]}' for row in evaluation['scores'] if row['spread_is'])
  legend = pages.note('; '.join(spreads)) if spreads else ''
  drawn = pages.note(f'{scores.drawn(evaluation)}, {evaluation["date"]}.')
  return f'{drawn}{pages.table(head, body)}{legend}<br>'
