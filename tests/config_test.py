import pathlib
import re
import sys

import ml_collections
import pytest
from absl import flags
from ml_collections import config_flags

from experiments import base
from wgan_jax import config
from wgan_jax.errors import UserError

TOY = '--config=experiments/toy_wgan_gp.py'


@pytest.fixture
def parse(monkeypatch):
  """parse(*arguments) -> the config that a command line gives."""

  def parse(*arguments):
    argv, values = ['launch.py', *arguments], flags.FlagValues()
    monkeypatch.setattr('sys.argv', argv)  # where ml_collections looks for overridden keys
    monkeypatch.setattr(flags, 'FLAGS', values)
    sys.modules.pop('config_config', None)  # the experiment that was loaded before, which loading another only updates
    config_flags.DEFINE_config_file('config', lock_config=True, flag_values=values)
    flags.DEFINE_string('workdir', None, '', flag_values=values)
    return config.parse(argv), values.config

  return parse


def test_keys_are_overridden_and_the_experiment_named(parse):
  path, parsed = parse(TOY, '--config.data.name=swissroll', '--config.game.penalty.weight=2')
  assert path.stem == 'toy_wgan_gp'
  assert parsed.data.name == 'swissroll'
  assert parsed.game.penalty.weight == 2.0


@pytest.mark.parametrize(
  'arguments, line',
  [
    ([], '--config=FILE.py says what to train; here are .*experiments/toy_wgan_gp.py'),
    (['--config=experiments/toy_wgan_pg.py'], 'no such file: .*did you mean experiments/toy_wgan_gp.py'),
    (['--config=wgan_jax/keys.py'], 'wgan_jax/keys.py could not be loaded: .*get_config'),
    ([TOY, '--config.data.batch_sise=3'], 'unknown key --config.data.batch_sise; close to it: data.batch_size'),
    ([TOY, '--config.game.zz=3'], 'unknown key --config.game.zz; close to it: game.alternative'),
    ([TOY, '--config.game=began'], r'close to it: game.alternative, (game.\S*, ){11}\.\.\.$'),
    ([TOY, '--config.data={}'], 'unknown key --config.data; close to it: data.batch_size, .*data.name'),
    ([TOY, '--config.data.name.foo=x'], 'unknown key --config.data.name.foo; close to it: data.name'),
    ([TOY, '--config.=1'], 'unknown key --config.; close to it: '),
    ([TOY, '--config.zz=3'], 'unknown key --config.zz; close to it: checkpoint, critic, data'),
    ([TOY, '--config.seed=abc'], "--config.seed is of type int, such as 0; 'abc' is none"),
    ([TOY, '--config.data.batch_size=1.5'], "--config.data.batch_size is of type int, such as 256; '1.5' is none"),
    ([TOY, '--config.data.flip=maybe'], '--config.data.flip is of type bool'),
    ([TOY, '--config.data.batch_size=-4'], '--config.data.batch_size must be positive, not -4'),
    ([TOY, '--config.train.steps=0'], '--config.train.steps must be positive, not 0'),
    ([TOY, '--config.generator.width=-1'], '--config.generator.width must be positive'),
    ([TOY, '--config.game.penalty.weight=nan'], '--config.game.penalty.weight must be zero or positive and finite'),
    ([TOY, '--config.seed=99999999999'], '--config.seed must be at most 2147483647'),
    ([TOY, '--config.ema.decay=1e39'], '--config.ema.decay must be zero or positive and finite'),
    (
      ['--config=experiments/lecam_digits.py', '--config.game.lecam.decay=1.5'],
      'lecam.decay must be at most 1, not 1.5',
    ),
    ([TOY, '--config.optimizer.critic_loss.b1=1.0'], '--config.optimizer.critic_loss.b1 must be below 1'),
    ([TOY, '--config.game.penalty.sided=three'], '--config.game.penalty.sided must be one or two'),
    ([TOY, '--workdri=runs/a'], r'unknown flag --workdri; did you mean --workdir\?'),
    ([TOY, 'data.name=digits'], "'data.name=digits' is no flag"),
  ],
)
def test_a_mistake_is_one_line_that_says_what_would_be_right(parse, arguments, line):
  with pytest.raises(UserError) as caught:
    parse(*arguments)
  assert re.search(line, f'{caught.value}')
  assert '\n' not in f'{caught.value}'


def test_a_config_without_its_groups_is_refused(parse, tmp_path):
  file = tmp_path / 'few.py'
  file.write_text('import ml_collections\ndef get_config():\n  return ml_collections.ConfigDict({"seed": 0})\n')
  with pytest.raises(
    UserError, match=r'lacks replicas, data, source, prior, game, .*: begin with that of experiments/base.py'
  ):
    parse(f'--config={file}')


def test_flat_names_every_leaf_in_full():
  flat = config.flat(base.get_config())
  assert flat['optimizer.critic_loss.learning_rate'] == 1e-4
  assert not [value for value in flat.values() if hasattr(value, 'items')]


def test_numbers_of_a_figure_may_be_negative_but_counts_are_at_least_one():
  before = dict(slope=1.0, seed=0, points=3, kernel=(1, 2), rates=(0.1,), names=('a', 'b'))

  def check(**changes):
    of = ml_collections.ConfigDict({'lecture': {'title': ''}, 'line': {**before, **changes}})
    config.check_figures(of, {'lecture.title': '', **{f'line.{key}': value for key, value in before.items()}})

  check(slope=-1.0, seed=0, rates=(1, 0.5), names=('b',), kernel=(-1, 0, 3))
  wrong = (
    dict(points=0),
    dict(seed=-1),
    dict(kernel=(1, 2**31)),
    dict(slope=float('inf')),
    dict(slope=float('nan')),
    dict(points=2**31),
  )
  for change in (*wrong, dict(kernel=()), dict(kernel=('a',)), dict(names=(1,)), dict(names=())):
    with pytest.raises(UserError, match=f'line.{next(iter(change))} '):
      check(**change)
  with pytest.raises(UserError, match=r"has to be one or more such as \('a', 'b'\), not \(1,\)"):
    check(names=(1,))


def test_a_lecture_has_a_folder_of_its_own_under_runs():
  assert config.folder_of(pathlib.Path('experiments/lecture/all.py')) == pathlib.Path('runs/lecture/all')
  assert config.folder_of(pathlib.Path('/a/experiments/toy_wgan.py')) == pathlib.Path('runs/toy_wgan')
  assert config.folder_of(pathlib.Path('elsewhere/mine.py')) == pathlib.Path('runs/mine')
