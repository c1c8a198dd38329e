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
  """evaluated(name, value, score='FID', **config): an evaluated run, of a WGAN-GP on MNIST if no other is said."""

  def run(name, value, score='FID', **changes):
    folder = tmp_path / 'runs' / name
    folder.mkdir(parents=True)
    config = {'data.name': 'mnist', 'game.name': 'adversarial', 'game.objective': 'wasserstein', 'game.n_critic': 5}
    config |= {'game.penalty.name': 'gradient_penalty', 'train.steps': 100, 'generator.width': 16, 'seed': 0}
    (folder / 'config.json').write_text(json.dumps(config | {key.replace('__', '.'): v for key, v in changes.items()}))
    rows = [{'name': score, 'split': split, 'value': v} for split, v in (('test', value), ('train', 99.0))]
    old = [{'name': score, 'split': 'test', 'value': 77.0}]
    (folder / 'scores.json').write_text(json.dumps({'evaluations': [{'scores': old}, {'scores': rows}]}))
    return str(tmp_path / 'runs')

  return run


def here_of(figure, column='MNIST: here'):
  header, *rows = figure.table
  return {row[0]: dict(zip(header, row, strict=True))[column] for row in rows}


def test_runs_that_were_evaluated_stand_beside_the_published(drawn, evaluated):
  for seed, value in enumerate((20.0, 22.0, 27.0)):
    evaluated(f'gp{seed}', value, seed=seed)
  clipped = {'game__penalty__name': 'none', 'optimizer__critic_loss__clip_weights': 0.01}
  evaluated('wgan', 30.0, **clipped)
  evaluated('unclipped', 1.0, **clipped | {'optimizer__critic_loss__clip_weights': 0.0})
  evaluated('vae', 40.0, game__name='vae')
  runs = evaluated('hinge', 1.0, game__objective='hinge')
  figure = drawn('are_gans_equal', runs=runs)
  assert figure.measured['runs'] == 5
  here = here_of(figure)
  assert here['WGAN GP'] == '23.0 ± 3.6 (3 seeds)'
  assert (here['WGAN'], here['VAE'], here['BEGAN']) == ('30.0 (1 seed)', '40.0 (1 seed)', 'not yet measured')
  assert here_of(figure, 'MNIST: published')['WGAN GP'] == '20.3 ± 5.0'
  assert len(figure.picture.axes) == 4


def test_of_many_settings_the_best_counts_with_the_seeds_that_it_was_not_chosen_by(drawn, evaluated):
  for weight, value in ((1.0, 30.0), (3.0, 20.0), (9.0, 40.0)):
    runs = evaluated(f'search{weight}', value, game__penalty__weight=weight)
  assert here_of(drawn('are_gans_equal', runs=runs))['WGAN GP'] == '20.0 (1 seed, best of 3 settings)'
  for seed, value in ((1, 24.0), (2, 26.0)):
    evaluated(f'seeds{seed}', value, game__penalty__weight=3.0, seed=seed)
  assert here_of(drawn('are_gans_equal', runs=runs))['WGAN GP'] == '25.0 ± 1.4 (2 seeds, best of 3 settings)'


def test_another_score_has_axes_of_its_own_and_is_not_called_fid(drawn, evaluated):
  evaluated('gp', 20.0, 'FCD-mnist')
  runs = evaluated('fashion', 30.0, 'FCD-fashion_mnist', data__name='fashion_mnist')
  figure = drawn('are_gans_equal', runs=runs)
  assert here_of(figure, 'Fashion-MNIST: here, FCD')['WGAN GP'] == '30.0 (1 seed)'
  assert 'its values do not compare with FIDs' in figure.told and '500 updates' in figure.told
  labels = [axes.get_xlabel() for axes in figure.picture.axes]
  assert labels == 4 * ['FID'] + 4 * ['FCD']


def test_without_runs_it_says_so(drawn, tmp_path):
  figure = drawn('are_gans_equal', runs=str(tmp_path / 'none'))
  assert 'not yet measured' in figure.told
  assert figure.measured['largest_shift'] == pytest.approx(87.1 - 55.0)  # LSGAN on CIFAR-10
