"""The sweeps of "Are GANs Created Equal?": every run can be made, settings are the paper's, the best are repeated."""

import functools
import json

import jax
import jax.numpy as jnp
import pytest

from experiments import are_gans_equal
from experiments.lucic import measured, models, published, ranges, search
from wgan_jax import build, config, status
from wgan_jax.engine import initial_state
from wgan_jax.errors import UserError
from wgan_jax.sweep.expand import ARGUMENT
from wgan_jax.sweep.units import Unit, freeze

SHAPES = {'mnist': (28, 28, 1), 'fashion_mnist': (28, 28, 1), 'cifar10': (32, 32, 3), 'celeb_a': (64, 64, 3)}
SEARCHES = {'main': are_gans_equal.sweep, 'full': are_gans_equal.sweep_full, 'celeba': are_gans_equal.sweep_celeba}
ENDS = {  # of the wide ranges of the paper's code
  'learning_rate': (1e-5, 1e-2),
  'b1': (0.0, 1.0),
  'norm': {'batch', 'layer', 'none'},
  'n_critic': {1, 5},
  'clip': (1e-3, 1.0),
  'weight': (0.1, 100.0),
  'feedback': (1e-4, 1e-2),
  'gamma': (0.0, 1.0),
}


def units_of(sweep):
  units = []
  sweep(lambda argument, **overrides: units.append({ARGUMENT: argument, **overrides}))
  return units


@functools.cache
def base_of(arg):
  return config.flat(are_gans_equal.get_config(arg))


def config_of(overrides):
  found = are_gans_equal.get_config(overrides.pop(ARGUMENT))
  with found.unlocked():
    found.update_from_flattened_dict(overrides)
  return found


@pytest.mark.parametrize('which', SEARCHES)
def test_a_search_tries_as_many_settings_of_every_model_and_its_authors_first(which):
  units, budget = units_of(SEARCHES[which]), search.BUDGETS[which]
  for data in budget.data:
    for model in models.MODELS:
      of_model = [unit for unit in units if unit[ARGUMENT] == f'{model},{data}']
      assert len({json.dumps(unit) for unit in of_model}) == budget.settings
      drawn = set().union(*map(set, of_model[1:])) - set(of_model[0])
      known = base_of(f'{model},{data}')
      assert drawn == {key for name in ranges.WIDE[model] for key in ranges.KEYS[name] if key in known}


@pytest.mark.parametrize('name', SEARCHES)
def test_every_run_has_keys_of_its_config_and_values_that_may_be(name):
  for unit in units_of(SEARCHES[name]):
    known = base_of(unit.pop(ARGUMENT))
    assert {key: type(value) for key, value in unit.items()} == {key: type(known[key]) for key in unit}
    updates = unit['train.steps'] * unit.get('game.n_critic', known.get('game.n_critic', 1))
    data = known['data.name']
    assert updates == (search.BUDGETS[name].updates or models.DATA[data].updates)
    assert unit['checkpoint.every_steps'] * models.DATA[data].epochs // 5 >= unit['train.steps']


@pytest.mark.parametrize('model', models.MODELS)
def test_settings_lie_in_the_ranges_of_the_papers_code_and_reach_all_over(model):
  found = list(ranges.drawn(model, models.MODELS[model](), 300, seed=0))
  for name in ranges.WIDE[model]:
    values = [setting[key] for setting in found for key in ranges.KEYS[name] if key in setting]
    ends = ENDS[name]
    if isinstance(ends, set):
      assert len(set(values)) == 2 and set(values) <= ends
      assert ('batch' in values) == (model not in ('wgan_gp', 'dragan')) or name != 'norm'
    else:
      low, high = ends
      assert low <= min(values) and max(values) <= high
      # Of rates and weights the exponents are drawn evenly, so that half of them lie below the geometric mean.
      middle = (low * high) ** 0.5 if low else (low + high) / 2
      assert 0.4 < sum(value < middle for value in values) / len(values) < 0.6


def test_settings_are_drawn_by_the_seed_and_go_on_as_they_began():
  config_of_wgan = models.MODELS['wgan']()
  few, many, others = (list(ranges.drawn('wgan', config_of_wgan, n, seed)) for n, seed in ((3, 0), (9, 0), (3, 1)))
  assert few == many[:3] and few != others
  assert few[0]['optimizer.critic_loss.learning_rate'] == few[0]['optimizer.generator_loss.learning_rate']


@pytest.mark.parametrize('model', models.MODELS)
def test_every_kind_of_run_can_be_made_and_is_taken_for_its_model(model):
  kinds = {}
  for unit in units_of(are_gans_equal.sweep_full):
    name, data = unit[ARGUMENT].split(',')
    if name == model and data == 'cifar10':
      kinds[unit.get('critic.norm'), unit.get('encoder.norm')] = unit
  assert len(kinds) == 3  # its authors' setting, and either kind of norm
  for unit in list(kinds.values())[1:]:
    found = config_of(unit)
    config.check(found)
    play = build.build_play(found, SHAPES['cifar10'], 10)
    batch = {'image': jnp.zeros((4, *SHAPES['cifar10'])), 'label': jnp.zeros(4, jnp.int32)}
    alone = jax.vmap(lambda key, play=play, batch=batch: initial_state(play, batch, key), axis_name='batch')
    made = jax.eval_shape(alone, jax.random.split(jax.random.key(0), 1))
    assert set(made.opt_state) == set(found.optimizer)
    assert measured.model_of(config.flat(found)) == model.replace('_', ' ').upper()


def test_the_table_has_a_row_for_every_model_and_a_column_for_every_set():
  assert [model.replace('_', ' ').upper() for model in models.MODELS] == list(published.PUBLISHED)
  assert list(models.DATA) == list(published.DATA)


def test_a_run_is_as_long_as_in_the_papers_code_and_looked_at_every_five_epochs():
  assert [images.updates for images in models.DATA.values()] == [15_625, 15_625, 78_125, 101_250]
  found = are_gans_equal.get_config('wgan,cifar10')
  assert (found.train.steps, found.checkpoint.every_steps) == (15_625, 782)


@pytest.fixture
def searched(tmp_path, monkeypatch):
  """searched(states, scores): a search of wgan and vae, two settings each, of which unit i came to so much."""
  monkeypatch.chdir(tmp_path)

  def make(states, values):
    root = tmp_path / search.ROOT / 'main'
    args = ['wgan,mnist', 'vae,mnist'] * 2
    units = [Unit(i, {ARGUMENT: arg, 'train.steps': 10 + i}, []) for i, arg in enumerate(args)]
    freeze(root, units, {'sweep': 'main'})
    for unit, state, value in zip(units, states, values, strict=True):
      unit.folder(root).mkdir()
      status.write(unit.folder(root), state)
      rows = [
        {'name': 'FCD-mnist', 'split': 'test', 'value': 50 - value},
        {'name': 'FID', 'split': 'test', 'value': value},
      ]
      if state == status.DONE:
        unit.folder(root).joinpath('scores.json').write_text(json.dumps({'evaluations': [{'scores': rows}]}))

  return make


def test_the_best_setting_of_each_model_is_trained_with_other_seeds(searched):
  searched(['done', 'done', 'done', 'failed'], [7.0, 9.0, 5.0, 1.0])
  seeds = list(range(1, search.BUDGETS['main'].seeds + 1))
  units = units_of(are_gans_equal.sweep_seeds)
  assert [(u[ARGUMENT], u['train.steps']) for u in units[:: len(seeds)]] == [('wgan,mnist', 12), ('vae,mnist', 11)]
  assert [unit['seed'] for unit in units] == 2 * seeds


def test_there_is_nothing_to_repeat_before_the_search_is_over(searched):
  searched(['done', 'running', 'done', 'preempted'], [7.0, 9.0, 5.0, 1.0])
  with pytest.raises(UserError, match=r'2 of the 4 runs .* are not over: go on with --sweep=main --workdir='):
    units_of(are_gans_equal.sweep_seeds)
  with pytest.raises(UserError, match='there is none in runs/are_gans_equal/full: run --sweep=full'):
    units_of(are_gans_equal.sweep_full_seeds)


def test_a_model_or_set_that_is_misspelt_is_told():
  with pytest.raises(UserError, match="unknown model 'wgna'; known: began"):
    are_gans_equal.get_config('wgna,mnist')
  with pytest.raises(UserError, match="unknown data 'mist'; known: celeb_a"):
    are_gans_equal.get_config('wgan,mist')
