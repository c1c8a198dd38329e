"""The pages of tables: errata by number, and the table of Lucic et al."""

import json
import math

import pytest


def test_each_erratum_is_told_apart_by_a_number(drawn):
  figure = drawn('errata', weight=5.0, probability=0.25)
  values = figure.measured
  pairs = [(v, values[key.replace(': printed', ': right')]) for key, v in values.items() if key.endswith(': printed')]
  assert len(pairs) == values['told apart'] == 10 and all(abs(printed - right) > 0.1 for printed, right in pairs)
  assert values['the best slope in [0, 10] where W₁ = 1: right'] == pytest.approx(1 + 1 / (2 * 5), abs=1e-4)
  assert values['what a classifier does best to say: right'] == pytest.approx(0.25, abs=1e-4)
  assert values['halfway from 3 to 3: right'] == 3 and values['from (0, 0) to (1, 1): right'] == pytest.approx(2**0.5)
  assert values['the penalty of f(x) = slope·x + 5, x_p and G(x) beside x: right'] == pytest.approx(0, abs=1e-6)
  assert values['critic updates where n_critic = 5: right'] == 5 and values['k after the rounds: right'] == 1
  assert values['for a = 2, b = 3: right'] == pytest.approx(math.log(6))
  slope = 'the largest slope of the angle on a ring of radius 1 to 2, cut open, where its gradient is 1 at most: right'
  assert values[slope] == pytest.approx((2 * math.pi - 0.02) / (2 * math.sin(0.01)))


def test_a_number_that_is_the_same_tells_nothing_apart(drawn):
  # Without a weight three penalties are 0 as printed and as right, or leave the slope to the other term.
  assert drawn('errata', weight=0.0, rounds=100).measured['told apart'] == 6


@pytest.fixture
def evaluated(tmp_path):
  """A folder with three evaluated runs of WGAN-GP on MNIST, and one of a game that the table does not know."""

  def run(name, seed, value, objective):
    folder = tmp_path / 'runs' / name
    folder.mkdir(parents=True)
    config = {'seed': seed, 'data.name': 'mnist', 'game.name': 'adversarial', 'game.objective': objective}
    (folder / 'config.json').write_text(json.dumps({**config, 'game.penalty.name': 'gradient_penalty'}))
    rows = [{'name': 'FID', 'split': split, 'value': v} for split, v in (('test', value), ('train', 99.0))]
    old = [{'name': 'FID', 'split': 'test', 'value': 77.0}]
    (folder / 'scores.json').write_text(json.dumps({'evaluations': [{'scores': old}, {'scores': rows}]}))

  for seed, value in enumerate((20.0, 22.0, 27.0)):
    run(f'gp{seed}', seed, value, 'wasserstein')
  run('hinge', 0, 1.0, 'hinge')
  return str(tmp_path / 'runs')


def test_runs_that_were_evaluated_stand_beside_the_published(drawn, evaluated):
  figure = drawn('are_gans_equal', runs=evaluated)
  assert figure.measured['runs'] == 3
  header, *rows = figure.table
  by_model = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
  assert by_model['WGAN GP']['MNIST: here'] == '23.0 ± 2.9 (3 seeds)'
  assert by_model['WGAN GP']['MNIST: published'] == '20.3 ± 5.0'
  assert by_model['WGAN']['MNIST: here'] == 'not yet measured'


def test_without_runs_it_says_so(drawn, tmp_path):
  figure = drawn('are_gans_equal', runs=str(tmp_path / 'none'))
  assert 'not yet measured' in figure.told
  assert figure.measured['largest_shift'] == pytest.approx(87.1 - 55.0)  # LSGAN on CIFAR-10
