import html.parser
import json
import math
import re

import pytest

from wgan_jax import workdir
from wgan_jax.sweep import page, page_drawings, results, runs
from wgan_jax.sweep.groups import groups_of

HOSTILE = '</td><script>alert("1")</script>&amp;\'"{0}'


@pytest.fixture
def read():
  """read(root, units, **facts) -> the text of the page, once a parser has found that its elements are closed."""

  def read(root, units, **facts):
    text = page.html_of(runs.read(root, units, {}), {'experiment': 'experiments/x.py', 'sweep': 'main', **facts})
    parser = Balanced()
    parser.feed(text)
    parser.close()
    assert parser.open == ['html']
    return text

  return read


class Balanced(html.parser.HTMLParser):
  VOID = {'meta', 'img', 'br', 'use', 'path', 'p'}

  def __init__(self):
    super().__init__()
    self.open = []

  def handle_starttag(self, tag, attributes):
    self.open += [] if tag in self.VOID else [tag]

  def handle_endtag(self, tag):
    if tag not in self.VOID and tag != 'html':
      assert self.open.pop() == tag


def looks(*values, score='sliced_w1'):
  return {100 * i: {score: value, 'sliced_w1': value} for i, value in enumerate(values)}


def test_half_of_a_sweep_is_a_page(make_sweep, leave, read):
  of = [{'optimizer.rate': rate, 'seed': seed} for rate in (1e-4, 1e-2) for seed in (0, 1, 2)]
  root, units = make_sweep(of)
  for unit, value in zip(units[:4], (0.1, 0.2, 0.3, 0.4), strict=True):
    leave(unit, looks(0.9, 0.5, value))
  leave(units[4], looks(0.9), 'failed', message='not finite in round 7')
  text = read(root, units)
  assert '6 units: 4 done, 1 failed, 1 waiting' in text
  assert '<td>0.20 &plusmn; 0.10</td><td>0.1</td><td>0.2</td><td>0.3</td>' in text
  assert '1 failed, 1 waiting' in text and 'not finite in round 7' in text
  assert '★ rate=0.0001' in text and 'With one seed nothing tells' in text
  assert text.count('<svg') == 2 and text.count('<img') == 2
  links = set(re.findall(r'(?:src|href)="([^"]{0,20})', text))
  pictures = {link for link in links if link.startswith('data:image/png;base6')}
  inside = {link for link in links if link.startswith('#')}
  assert links - pictures - inside == {*(f'00{i}/report.html' for i in range(5)), '004/log'}
  assert not re.search(r'(?:src|href)="(?:https?:)?//|url\((?!#)|@import', text)


def test_nothing_that_a_user_wrote_is_taken_for_html(make_sweep, leave, read):
  root, units = make_sweep([{'data.name': HOSTILE}, {'data.name': HOSTILE + '$x_', 'game.n_critic': None}])
  leave(units[0], looks(0.9, 0.5), 'failed', message=HOSTILE)
  folder = leave(units[1], looks(0.9, 0.5, score=HOSTILE))
  (folder / 'run.json').write_text('{"starts": <b>')
  text = read(root, units, sweep=HOSTILE, command=HOSTILE, shared={'train.steps': HOSTILE})
  assert '<script' not in text and '<b>' not in text
  assert text.count('&lt;script&gt;') > 5


def test_seeds_alone_show_all_their_samples(make_sweep, leave, read):
  root, units = make_sweep([{'seed': seed} for seed in range(5)])
  for unit in units:
    leave(unit, looks(0.9, 0.1 * (unit.number + 1)))
  text = read(root, units)
  assert text.count('<img') == 5 and 'Of every unit' in text
  # 0.1 to 0.5: mean 0.3, standard deviation sqrt(0.025) = 0.158
  assert '<td>5 of 5</td><td>0.30 &plusmn; 0.16</td><td>0.1</td><td>0.3</td><td>0.5</td>' in text
  assert '★' not in text and 'The best mean' not in text


@pytest.mark.parametrize('values', [[0.5, 0.2], [0.5, math.nan], [math.nan], []])
def test_one_unit_is_a_sweep_too(make_sweep, leave, read, values):
  root, units = make_sweep([{}])
  leave(units[0], looks(*values))
  text = read(root, units)
  assert '1 unit: 1 done' in text
  assert ('No unit has scores yet' in text) == (values == [])
  assert ('1 not finite' in text) == (values != [] and math.isnan(values[-1]))


def test_before_anything_has_started(make_sweep, read):
  text = read(*make_sweep([{'seed': seed} for seed in range(3)]))
  assert '3 units: 3 waiting' in text and 'No unit has scores yet' in text


def test_of_many_groups_the_best_and_the_worst_are_drawn_and_that_is_said(make_sweep, leave):
  root, units = make_sweep([{'game.n_critic': n} for n in range(20)])
  for unit in units:
    leave(unit, looks(0.9, 0.01 * (unit.number + 1)))
  groups = groups_of(runs.read(root, units, {}))
  chosen, said = page_drawings.chosen_of(groups, 'sliced_w1')
  assert [group.overrides['game.n_critic'] for group in chosen] == [0, 1, 2, 3, 16, 17, 18, 19]
  assert said == 'Of 20 groups the 4 with the best and the 4 with the worst mean of sliced_w1.'
  assert page_drawings.chosen_of(groups[:8], 'sliced_w1') == (groups[:8], '')


def test_the_time_of_a_process_that_trained_several_counts_once(make_sweep, leave, read):
  root, units = make_sweep([{'seed': seed} for seed in range(3)])
  folders = [leave(unit, looks(0.9, 0.5)) for unit in units]
  start = json.loads((folders[2] / 'run.json').read_text())['starts'][0]
  workdir.write_json(folders[2] / 'run.json', {'starts': [{**start, 'command': 'another'}, start]})
  # 7 s each: the first start of units 0 and 1, the two starts of unit 2
  assert '<td>time of all processes together</td><td>0:00:21</td>' in read(root, units)


def test_each_set_of_data_has_a_best_group_and_curves_of_its_own(make_sweep, leave, read):
  of = [{'data.name': data, 'game.n_critic': n} for data in ('digits', 'mnist') for n in (1, 5)]
  root, units = make_sweep(of)
  for unit, value in zip(units, (0.1, 0.2, 0.7, 0.6), strict=True):
    leave(unit, looks(0.9, value))
  text = read(root, units)
  assert text.count('<strong>★') == 2
  assert '★ name=digits, n_critic=1' in text and '★ name=mnist, n_critic=5' in text
  assert 'data.name=mnist: The best mean of sliced_w1 among 2 groups is that of name=mnist, n_critic=5' in text
  assert text.count('<svg') == 2 * 2
  ids = re.findall(r' id="([^"]*)"', text)
  assert len(ids) == len(set(ids))


def test_what_cannot_be_read_is_told(make_sweep, leave, read):
  root, units = make_sweep([{'seed': 0}])
  (leave(units[0], looks(0.9, 0.5)) / 'scores.json').write_text('{"evalu')
  text = read(root, units)
  assert '<h2>Files that cannot be read</h2>' in text and 'scores.json is damaged' in text
  (run,) = runs.read(root, units, {})
  assert '<b>' not in page.html_of([run._replace(trouble=['<b>'])], {})


def test_the_file_is_written_whole(make_sweep, leave):
  root, units = make_sweep([{'seed': 0}])
  leave(units[0], looks(0.9, 0.5))
  results.write(root)
  assert (root / 'sweep.html').read_text().endswith('</html>\n')
  assert {file.name for file in root.iterdir()} == {'000', 'units.json', 'sweep.csv', 'sweep.html'}
