"""Which real samples no network learns from, and that none of them is a training sample."""

import pytest

from experiments import digits_wgan_gp, toy_wgan_gp
from wgan_jax import build_data
from wgan_jax.build_data import build_held_out, build_source
from wgan_jax.errors import UserError
from wgan_jax.evaluators import real_samples


def config_of(held_out, split='train', name='digits'):
  config = digits_wgan_gp.get_config()
  config.data.update(name=name, split=split)
  config.log.held_out = held_out
  return config


def rows_of(source):
  """The distinct images of a source."""
  return {image.tobytes() for image in real_samples(source, source.size)['image']}


def test_two_parts_of_the_digits_share_nothing_and_make_the_whole():
  config = config_of('train[80%:]', 'train[:80%]')
  training, held_out = build_source(config), build_held_out(config)
  assert (training.size, held_out.size) == (1438, 359)
  assert training.classes == held_out.classes == 10
  known = [rows_of(source) for source in (training, held_out)]
  assert not known[0] & known[1]
  assert known[0] | known[1] == rows_of(build_source(config_of('')))


@pytest.mark.parametrize(
  'held_out, split, line',
  [
    ('train', 'train', '--config.log.held_out=train and --config.data.split=train share samples: cut them apart'),
    ('train[79%:]', 'train[:80%]', 'share samples'),
    ('test', 'train', "digits has nothing in split 'test'; it has train and parts such as train[:80%]"),
  ],
)
def test_what_cannot_be_held_out_is_one_line(held_out, split, line):
  with pytest.raises(UserError) as caught:
    build_held_out(config_of(held_out, split))
  assert line in f'{caught.value}' and '\n' not in f'{caught.value}'


@pytest.mark.parametrize('held_out', ['', 'none'])
def test_a_set_without_a_test_split_has_none_unless_it_is_named(held_out):
  assert build_held_out(config_of(held_out)) is None
  assert build_held_out(config_of(held_out, name='swissroll')) is None


def test_fresh_samples_cannot_be_held_out():
  config = toy_wgan_gp.get_config()
  config.log.held_out = 'test'
  with pytest.raises(UserError, match='25gaussians is drawn anew all the time, nothing is held out'):
    build_held_out(config)


@pytest.mark.parametrize(
  'held_out, split, taken',
  [
    ('', 'train', 'test'),
    ('', 'train[:1000]', 'test'),
    ('', 'test', None),
    ('', 'train+test', None),
    ('none', 'train', None),
    ('train[1000:]', 'train[:1000]', 'train[1000:]'),
  ],
)
def test_a_test_split_is_held_out_where_training_has_none_of_it(monkeypatch, held_out, split, taken):
  monkeypatch.setattr(build_data.tfds_images, 'sizes', lambda *of: {'train': 60_000, 'test': 10_000})
  monkeypatch.setattr(build_data, '_sources', lambda data, *of: lambda seed: data.split)
  assert build_held_out(config_of(held_out, split, 'mnist')) == taken
