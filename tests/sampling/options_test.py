import pytest

from experiments import base
from wgan_jax.errors import UserError
from wgan_jax.games.cyclegan import CycleGan
from wgan_jax.sampling import options
from wgan_jax.sampling.arithmetic import parse


@pytest.fixture
def keys():
  return base.get_config().sample


@pytest.fixture
def read(make_play, keys):
  """read(conditional, **keys) -> the options of a sampling of ten classes."""

  def read(conditional=True, **differences):
    keys.update(differences)
    return options.read(keys, make_play(conditional=conditional).game, 10)

  return read


def test_without_differences_they_are_the_first_classes_and_an_example(read):
  options = read(rows=4)
  assert options.classes == [0, 1, 2, 3] and options.thresholds == [2, 1.5, 1, 0.5, 0.04]
  assert options.terms == parse('0,10,20-30,40,50+1,11,21')


def test_a_generator_that_is_told_nothing_has_no_classes(read):
  options = read(conditional=False)
  assert options.classes == [] and options.terms == parse('0,1,2-3,4,5+6,7,8')


def test_texts_are_read(read):
  options = read(classes='3, 1', arithmetic='7-8', truncation={'sheet': '1, 0.5'})
  assert options == ([3, 1], [1.0, 0.5], parse('7-8'))


@pytest.mark.parametrize(
  'differences, line',
  [
    ({'classes': '3,11'}, r'--config.sample.classes=3,11: there is no class 11, only 0 to 9'),
    ({'classes': 'three'}, r"--config.sample.classes is of the form '3,1,4', not 'three'"),
    ({'classes': '1', 'conditional': False}, r'this generator is told no classes: leave out --config.sample.classes'),
    ({'truncation': {'kind': 'clip'}}, r"unknown sample.truncation.kind 'clip'; known: resample, threshold"),
    ({'truncation': {'sheet': '2,x'}}, r"--config.sample.truncation.sheet is of the form '2,1,0.5', not '2,x'"),
    ({'truncation': {'sheet': '2,-1'}}, r'--config.sample.truncation.sheet=2,-1: thresholds are from 1e-6 to 1e6'),
    ({'truncation': {'sheet': 'inf'}}, r'--config.sample.truncation.sheet=inf: thresholds are from 1e-6 to 1e6'),
    ({'animation': {'format': 'mp4'}}, r"unknown sample.animation.format 'mp4'; known: gif, webp"),
    ({'arithmetic': '1*2'}, r'--config.sample.arithmetic takes numbers of samples'),
  ],
)
def test_mistakes_are_one_line(read, differences, line):
  with pytest.raises(UserError, match=line) as caught:
    read(**differences)
  assert '\n' not in f'{caught.value}'


def test_codes_that_are_images_have_no_threshold(keys):
  game = CycleGan(**dict.fromkeys(('generator', 'inverse', 'critic', 'inverse_critic', 'prior')))
  assert options.read(keys, game, 0).classes == []
  keys.truncation.threshold = 0.5
  with pytest.raises(UserError, match=r'the codes of this game are images: leave out .*threshold'):
    options.read(keys, game, 0)
