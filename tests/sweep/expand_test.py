import re

import numpy as np
import pytest

from wgan_jax import config
from wgan_jax.errors import UserError
from wgan_jax.sweep.expand import config_of, expand

TOY = '--config=experiments/toy_wgan_gp.py'
FILE = """import numpy as np
from ml_collections import config_dict
from experiments import base
def get_config(data='8gaussians'):
  config = base.get_config()
  config.data.name = data
  config.replicas = 1
  config.sizes, config.names, config.maybe = (1, 2), ('a', 'b'), config_dict.placeholder(int)
  return config
"""


@pytest.fixture
def sweep(tmp_path):
  """sweep(body, **shared) -> the units that a `sweep(add)` with this body makes."""

  def sweep(body, name='main', argument='', **shared):
    file = tmp_path / 'mine.py'
    file.write_text(f'{FILE}def sweep(add):\n  {body}\ndef sweep_other(add): add(seed=5)\n')
    return expand(f'{file}{argument}', shared, name)

  return sweep


def test_the_config_of_another_command_line_leaves_this_one_alone():
  three, four = (config_of([TOY, f'--config.seed={seed}', '--config.game.penalty.weight=2']) for seed in (3, 4))
  assert (three.seed, four.seed) == (3, 4)
  assert three.game.penalty.weight == 2.0 and type(three.game.penalty.weight) is float
  assert config_of([TOY]).seed == 0
  with pytest.raises(AttributeError):
    three.sede = 5  # locked


@pytest.mark.parametrize(
  'argument, line',
  [
    ('--config.game.penalty.wieght=2', 'unknown key --config.game.penalty.wieght; close to it: game.penalty.weight'),
    ('--config.seed=1.5', "--config.seed is of type int, such as 0; '1.5' is none"),
    ('--config.train.steps=0', '--config.train.steps must be positive, not 0'),
    ('--workdir=runs/a', 'unknown flag --workdir'),
  ],
)
def test_another_command_line_is_checked_as_its_own_start_would(argument, line):
  with pytest.raises(UserError, match=re.escape(line)):
    config_of([TOY, argument])


def test_a_unit_is_a_command_line(sweep, tmp_path):
  units = sweep('[add(seed=seed, **{"game.penalty.weight": 0.1}) for seed in range(3)]', **{'critic.width': 16})
  first = [f'--config={tmp_path / "mine.py"}', '--config.critic.width=16']
  assert [unit.number for unit in units] == [0, 1, 2]
  assert units[2].arguments == [*first, '--config.seed=2', '--config.game.penalty.weight=0.1']
  assert units[2].overrides == {'seed': 2, 'game.penalty.weight': 0.1}
  made = config_of(units[2].arguments)
  assert (made.seed, made.critic.width, made.game.penalty.weight) == (2, 16, 0.1)
  assert [unit.overrides for unit in sweep('add()', 'other')] == [{'seed': 5}]


@pytest.mark.parametrize(
  'key, value',
  [
    ('seed', 7),
    ('game.penalty.weight', 1e-05),
    ('game.penalty.weight', 1 / 3),
    ('data.flip', True),
    ('data.flip', False),
    ('data.dir', ''),
    ('data.dir', ' a, "b" =\'c\' --config.seed=3 $HOME \\n \t'),
    ('data.dir', 'None'),
    ('sizes', (3,)),
    ('sizes', ()),
    ('sizes', (3, 4, 5)),
    ('names', ("it's", 'a, b', '')),
    ('maybe', 3),
  ],
)
def test_values_come_back_from_the_command_line_as_they_were(sweep, key, value):
  (unit,) = sweep(f'add(**{{{key!r}: {value!r}}})')
  read = config.flat(config_of(unit.arguments))[key]
  assert read == unit.overrides[key] == value
  assert type(read) is type(unit.overrides[key]) is type(value)


def test_numbers_of_numpy_become_those_of_python(sweep):
  (unit,) = sweep(
    'add(seed=np.arange(9)[4], sizes=(np.int32(3),), **{"ema.decay": np.float64(0.5), "data.flip": np.True_})'
  )
  assert unit.overrides == {'seed': 4, 'sizes': (3,), 'ema.decay': 0.5, 'data.flip': True}
  assert not [value for value in (*unit.overrides.values(), *unit.overrides['sizes']) if isinstance(value, np.generic)]
  assert unit.arguments[1:] == [
    '--config.seed=4',
    '--config.sizes=(3,)',
    '--config.ema.decay=0.5',
    '--config.data.flip=true',
  ]


def test_a_unit_may_give_get_config_its_argument(sweep, tmp_path):
  units = sweep('[add(data, seed=1) for data in ("25gaussians", "swissroll")]')
  assert [unit.arguments[0] for unit in units] == [
    f'--config={tmp_path / "mine.py"}:{data}' for data in ('25gaussians', 'swissroll')
  ]
  assert units[1].overrides == {'config': 'swissroll', 'seed': 1}
  assert config_of(units[1].arguments).data.name == 'swissroll'
  with pytest.raises(UserError, match='leave out the : of --config='):
    sweep('add("swissroll")', argument=':25gaussians')
  (unit,) = sweep('add(seed=1)', argument=':25gaussians')
  assert config_of(unit.arguments).data.name == '25gaussians'


@pytest.mark.parametrize(
  'body, line',
  [
    ('add(seed=1), add(sede=2)', 'unit 1 of --sweep=main: unknown key --config.sede; close to it: seed'),
    ('add(**{"train.steps": 0})', 'unit 0 of --sweep=main: --config.train.steps must be positive, not 0'),
    ('add(seed=1.5)', "--config.seed is of type int, such as 0; '1.5' is none"),
    ('add(seed=True)', "--config.seed is of type int, such as 0; 'true' is none"),
    ('add(**{"ema.decay": 1})', '--config.ema.decay=1 is read as 1.0: add that, not 1'),
    ('add(**{"data.flip": "true"})', "--config.data.flip=true is read as True: add that, not 'true'"),
    ('add(sizes=3)', '--config.sizes=3 is read as (3,): add that, not 3'),
    ('add(sizes=[3])', 'sizes is of type list; a command line can say bool, int, float, str or a tuple of them'),
    ('add(maybe=None)', 'maybe is of type NoneType'),
    ('add(seed=np.arange(3))', 'seed is of type ndarray'),
    ('add(**{"data.dir": "a\\n--config.seed=3"})', 'of several lines; a command line has one'),
    ('add(data={"name": "swissroll"})', 'data is of type dict'),
    ('add(seed=1), add(seed=2), add(seed=np.int64(1))', 'units 0 and 2 of --sweep=main are the same run: --config='),
    ('add(), add(seed=0)', 'units 0 and 1 of --sweep=main are the same run: --config='),
    (
      'add(seed=1, **{"critic.width": 8})',
      'the sweep itself says what critic.width is: leave out --config.critic.width',
    ),
    ('add({"seed": 1})', "add takes keys by their names, add(**{'game.n_critic': 5}), not {'seed': 1}"),
    ('add(replicas=2)', 'unit 0 of --sweep=main: replicas are of a single run'),
    ('add(**{"data.name": "8gausians"})', "unit 0 of --sweep=main: no data set '8gausians'; did you mean 8gaussians?"),
    ('add(**{"game.penalty.name": "r3"})', "unit 0 of --sweep=main: unknown game.penalty.name 'r3'; known: dragan, "),
    ('1 / 0', 'mine.py, line 11: ZeroDivisionError: division by zero'),
    ('pass', 'mine.py adds no units'),
  ],
)
def test_a_mistake_is_one_line_that_says_what_would_be_right(sweep, body, line):
  with pytest.raises(UserError, match=re.escape(line)) as caught:
    sweep(body, **{'critic.width': 16})
  assert '\n' not in f'{caught.value}'


def test_the_line_of_a_relative_path_is_named_too(sweep, tmp_path, monkeypatch):
  sweep('add()')
  monkeypatch.chdir(tmp_path)
  (tmp_path / 'mine.py').write_text(f'{FILE}def sweep(add):\n  1 / 0\n')
  with pytest.raises(UserError, match=r'--sweep=main of mine.py, line 11: ZeroDivisionError'):
    expand('mine.py', {}, 'main')


def test_the_sweeps_that_a_file_has_are_named(sweep):
  with pytest.raises(UserError, match=r"mine.py has no sweep 'others'; it has main, other$"):
    sweep('add()', 'others')
  with pytest.raises(UserError, match=r"base.py has no sweep 'main'; write `def sweep\(add\): ...` into it"):
    expand('experiments/base.py', {}, 'main')
  with pytest.raises(UserError, match='figures of a lecture are drawn, not trained'):
    expand('experiments/lecture/moving_plans.py', {}, 'main')
