import html.parser
import re

import numpy as np
import pytest

from wgan_jax import curves, log, pictures, report, vector, workdir
from wgan_jax.errors import UserError


@pytest.fixture
def folder(tmp_path):
  workdir.write_json(tmp_path / 'config.json', {'ema.decay': 0.9, 'data.name': 'a<b', 'seed': 3, 'train.steps': 400})
  workdir.record_start(tmp_path, 0, [type('Device', (), {'device_kind': 'cpu'})])
  writer = log.Log(tmp_path, 0)
  for step in range(1, 301):
    writer.scalars(step, {'critic_loss': float('nan') if step == 7 else step, 'gradient_norm/critic_loss/critic': 1.0})
  writer.scalars(0, {'sliced_w1': 0.5})
  writer.scalars(300, {'sliced_w1': 0.25})
  writer.close()
  for name in ('samples', 'interpolation'):
    (tmp_path / name).mkdir()
    for step in range(0, 301, 30):
      (tmp_path / name / f'{step:08d}.png').write_bytes(pictures.png(np.full((8, 8, 3), step // 2, np.uint8)))
  return tmp_path


def test_the_page_stands_alone_and_shows_everything(folder):
  page = report.write(folder).read_text()
  html.parser.HTMLParser().feed(page)
  links = re.findall(r'(?:src|href)="([^"]{0,40})', page)
  assert links and all(link.startswith(('data:image/png;base64,', '#')) for link in links)
  assert page.count('<img') == report.AT_MOST + 1
  assert page.count('<svg') == 3
  for text in (
    'round 300 of 400',
    'seed 3',
    'a&lt;b',
    'sliced_w1',
    '0.25',
    'moving average',
    'gradient_norm/critic_loss/critic',
    'cpu',
  ):
    assert text in page
  assert 'prefers-color-scheme' in page or 'color-scheme: light dark' in page


def test_a_run_that_has_hardly_begun_has_a_report(tmp_path):
  workdir.write_json(tmp_path / 'config.json', {'ema.decay': 0.0, 'data.name': 'digits', 'seed': 0, 'train.steps': 4})
  page = report.write(tmp_path).read_text()
  assert 'Not enough rounds yet' in page and 'drawn with the generator of that round' in page


def test_no_run_is_one_line(tmp_path):
  with pytest.raises(UserError, match=r'no run in .* to report on'):
    report.main(None, str(tmp_path))


def test_the_running_median_is_that_of_its_window():
  values = np.random.default_rng(0).normal(size=400)
  filtered = curves.median_filtered(values)
  assert filtered.shape == values.shape
  for i in (50, 200, 349):
    assert filtered[i] == np.median(values[i - 50 : i + 51])
  assert len(curves.median_filtered([1.0, 2.0])) == 2


def test_curves_take_the_colour_of_the_page():
  svg = curves.svg('a title', range(5000), np.arange(5000.0), smooth=True)
  assert svg.startswith('<svg') and 'currentColor' in svg and vector.INK not in svg
  assert len(svg) < 300_000
