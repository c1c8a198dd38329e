"""Figures are drawn once, kept, and shown on a page; what is changed is drawn again."""

import json
import re

import ml_collections
import numpy as np
import pytest

from wgan_jax.errors import UserError
from wgan_jax.lecture import command, fingerprint, page, records
from wgan_jax.lecture.figure import collected, loaded

FIGURE = '''"""A line.

    python launch.py --config=experiments/lecture/line.py [--config.line.slope=5.0]

The steeper the slope,
the steeper the line.
"""

import pathlib
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About('A <line>', (0, 2), 'It rises.', erratum='It does not.', source='Nobody')


def get_config():
  return numbers(
    __file__,
    slope=2.0,  # of the line
    points=3,
  )


def draw(config, folder):
  folder.mkdir(exist_ok=True)
  (folder / 'drawn').write_text((folder / 'drawn').read_text() + '.' if (folder / 'drawn').exists() else '.')
  if config.slope > 9:
    raise UserError('slope is too steep: take one below 9')
  figure, axes = plots.panels(1)
  axes[0, 0].plot([0, config.slope * 1.0], color=plots.INK)
  plots.label(axes[0, 0], 'line', 'x', 'y')
  measured = {'slope': config.slope, 'root': config.slope**-0.5}
  return Figure(f'slope {config.slope:.1f}', measured, figure, [['a'], ['<b>']])
'''


@pytest.fixture
def piece(tmp_path):
  file = tmp_path / 'line.py'
  file.write_text(FIGURE)
  return file


def run(file, folder, **changes):
  config = loaded(str(file)).get_config()
  config.line.update(changes)
  assert command.lecture(config, str(folder)) == 0
  return (folder / 'lecture.html').read_text(), len((folder / 'trained' / 'drawn').read_text())


def test_a_figure_is_drawn_once_and_again_when_it_is_another(piece, tmp_path):
  folder = tmp_path / 'out'
  first, drawn = run(piece, folder)
  assert drawn == 1
  assert run(piece, folder) == (first, 1)
  changed, drawn = run(piece, folder, slope=3.0)
  assert drawn == 2 and 'slope 3.0' in changed
  piece.write_text(FIGURE.replace('It rises', 'It falls'))
  changed, drawn = run(piece, folder, slope=3.0)
  assert drawn == 3 and 'It falls' in changed


def test_the_page_needs_no_other_file_and_says_everything(piece, tmp_path):
  text, _ = run(piece, tmp_path / 'out')
  for said in (
    'A &lt;line&gt;',
    'Lectures 0 and 2 say:',
    'It rises.',
    'slope 2.0',
    'It does not.',
    'Nobody',
    '&lt;b&gt;',
  ):
    assert said in text
  assert '<code>python launch.py --config=experiments/lecture/line.py --config.line.slope=5.0</code>' in text
  assert '<p>The steeper the slope, the steeper the line.</p>' in text and '<td>of the line</td>' in text
  assert '<svg role="img"' in text and 'currentColor' in text
  assert 'src=' not in text and 'href="#line"' in text and '<link' not in text


def test_picture_files_stand_beside_it(piece, tmp_path):
  run(piece, tmp_path / 'out')
  svg = (tmp_path / 'out' / 'line.svg').read_text()
  assert svg.startswith('<?xml') and 'prefers-color-scheme' in svg
  assert (tmp_path / 'out' / 'line.png').read_bytes().startswith(b'\x89PNG')
  record = json.loads((tmp_path / 'out' / 'line.json').read_text())
  assert record['measured'] == {'slope': 2.0, 'root': 2**-0.5} and record['config'] == {'slope': 2.0, 'points': 3}


def test_mistakes_are_one_line_with_the_name_of_the_figure(piece, tmp_path):
  with pytest.raises(UserError, match='line: slope is too steep'):
    run(piece, tmp_path / 'out', slope=10.0)
  with pytest.raises(UserError, match=r"line cannot be drawn with .*'slope': 0.0.*: ZeroDivisionError: .* of line.py"):
    run(piece, tmp_path / 'out', slope=0.0)
  piece.write_text('ABOUT = None')
  with pytest.raises(UserError, match='has no get_config and no draw'):
    loaded(str(piece))


@pytest.mark.parametrize(
  'suffix, content',
  [('.json', '{"key": '), ('.json', '[1]'), ('.svg', ''), ('.svg', None), ('.png', 'x'), ('.png', None)],
)
def test_what_is_not_whole_is_drawn_anew(piece, tmp_path, suffix, content):
  first, _ = run(piece, tmp_path / 'out')
  file = tmp_path / 'out' / f'line{suffix}'
  file.unlink() if content is None else file.write_text(content)
  again, drawn = run(piece, tmp_path / 'out')
  assert drawn == 2 and '<svg role' in again and 'slope 2.0' in first


def test_killed_while_it_writes_nothing_stale_is_shown(piece, tmp_path, monkeypatch):
  run(piece, tmp_path / 'out')

  def killed(*_):
    raise KeyboardInterrupt

  monkeypatch.setattr(records.workdir, 'write_json', killed)
  with pytest.raises(KeyboardInterrupt):
    run(piece, tmp_path / 'out', slope=3.0)
  monkeypatch.undo()
  text, drawn = run(piece, tmp_path / 'out')
  assert drawn == 3 and 'slope 2.0' in text


def test_infinity_is_kept_as_json_can(tmp_path):
  records.write(tmp_path, 'x', {'measured': {'a': np.inf, 'b': 1}}, {})
  json.loads((tmp_path / 'x.json').read_text(), parse_constant=pytest.fail)
  assert records.read(tmp_path, 'x')['measured'] == {'a': 'inf', 'b': 1.0}


def test_ids_of_two_figures_on_a_page_differ(piece, tmp_path):
  (tmp_path / 'other.py').write_text(FIGURE)
  config = collected(str(tmp_path / 'all.py'), 'Together', {'First': ('line', 'other')})
  command.lecture(config, str(tmp_path / 'out'))
  text = (tmp_path / 'out' / page.FILE).read_text()
  ids = re.findall(r'\bid="([^"]+)"', text)
  assert len(ids) == len(set(ids)) > 20
  assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', text)) <= set(ids)


def test_what_a_figure_reads_is_part_of_what_it_is(piece, tmp_path):
  read = tmp_path / 'numbers.txt'
  read.write_text('1')
  piece.write_text(f'{FIGURE}\ndef inputs(config):\n  return [pathlib.Path({str(read)!r})]\n')
  run(piece, tmp_path / 'out')
  read.write_text('2')
  assert run(piece, tmp_path / 'out')[1] == 2


def test_many_figures_keep_their_chapters_and_their_own_numbers(piece, tmp_path):
  (tmp_path / 'other.py').write_text(FIGURE.replace('A <line>', 'Another').replace('slope=2.0', 'slope=4.0'))
  config = collected(str(tmp_path / 'all.py'), 'Together', {'First': ('line',), 'Second': ('other',), 'Third': ()})
  assert isinstance(config, ml_collections.ConfigDict) and (config.line.slope, config.other.slope) == (2.0, 4.0)
  command.lecture(config, str(tmp_path / 'out'))
  text = (tmp_path / 'out' / page.FILE).read_text()
  assert text.index('<h2>First') < text.index('slope 2.0') < text.index('<h2>Second') < text.index('slope 4.0')
  assert '<h2>Third' not in text and '(erratum)' in text


def test_another_file_of_code_is_another_drawing(piece, monkeypatch, tmp_path):
  config = ml_collections.ConfigDict({'slope': 1.0})
  before = fingerprint.of_figure([piece], config)
  assert before == fingerprint.of_figure([piece], config)
  code = tmp_path / 'code'
  code.mkdir()
  (code / 'new.py').write_text('')
  monkeypatch.setattr(fingerprint, 'PACKAGE', code)
  assert fingerprint.of_figure([piece], config) != before
  assert all(file.exists() for file in (*fingerprint.SHOWS_ONLY, fingerprint.TRAINS))


def test_a_figure_depends_on_the_experiments_that_it_imports(piece):
  piece.write_text('from experiments import biggan_digits\n')
  found = {file.stem for file in fingerprint.experiments_of(piece)}
  assert {'biggan_digits', 'biggan_cifar', 'base'} <= found and 'toy_wgan' not in found


def test_indices_powers_and_signs_are_typeset_and_names_are_not():
  assert page.typeset('W_p = E_data D^p^(1/p)') == 'W<sub>p</sub> = E<sub>data</sub> D<sup>p</sup><sup>1/p</sup>'
  assert page.typeset("it's -0.5 < 3, 12% and 1 %") == 'it’s −0.5 &lt; 3, 12\u202f% and 1\u202f%'
  assert (
    page.typeset('wgan_jax, are_gans_equal, 1e-5, N-1, 2016-2017') == 'wgan_jax, are_gans_equal, 1e-5, N-1, 2016-2017'
  )
