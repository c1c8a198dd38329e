"""The table of stacked digits: its rows are one recipe with other objectives, and are scored by what is read."""

import numpy as np
import pytest

from experiments import stacked_mnist
from experiments.tables import stacked
from wgan_jax import build, build_features
from wgan_jax.config import flat


@pytest.mark.parametrize('name', stacked.ROWS)
def test_a_row_is_the_recipe_but_for_the_objective_and_the_critics_norm(name):
  config, recipe = flat(stacked.ROWS[name]()), flat(stacked_mnist.get_config())
  changed = {key for key in config if config[key] != recipe[key]}
  assert changed <= {
    'critic.norm',
    'critic.spectral_norm',
    'game.objective',
    'game.n_critic',
    'game.penalty.name',
    'game.penalty.weight',
  }
  play = build.build_play(stacked.ROWS[name](), (28, 28, 3), 1000)
  assert play.optimizers.keys() == {'critic_loss', 'generator_loss'}


@pytest.fixture
def tiny(monkeypatch):
  """rows(*command line) -> cells of the table of a tiny model, whose samples are read as all the same digit."""
  monkeypatch.setattr(stacked, 'SAMPLES', 128)
  monkeypatch.setattr(stacked, 'CHUNK', 64)
  monkeypatch.setattr(build_features, 'reader_of_stacks', lambda data, shape: lambda images: np.full(len(images), 7))

  def rows(*arguments, learning_rate=1e-3):
    def model():
      config = stacked_mnist.get_config()
      for group in (config.generator, config.critic):
        group.update(name='mlp', width=4, depth=1, init='default')
      for optimizer in config.optimizer.values():
        optimizer.learning_rate = learning_rate
      return config

    monkeypatch.setattr(stacked, 'ROWS', {'dcgan': model})
    table = list(stacked.table(stacked.parsed(list(arguments))))
    return [[cell.strip() for cell in line.strip('|').split('|')] for line in table[2:]]

  return rows


def test_a_row_tells_the_modes_that_are_read_and_its_seed(tiny):
  # log 1000 = 6.908
  assert tiny('--steps=2') == [['data', '-', '1', '6.908', '-', '-'], ['dcgan', '0', '1', '6.91', '2', 'yes']]


def test_a_model_that_leaves_the_finite_numbers_is_a_row_and_no_crash(tiny):
  _, row = tiny('--steps=9', learning_rate=1e38)
  assert row[2:4] == ['-', '-'] and row[5].startswith('no, since round')


def test_the_shipped_classifier_reads_the_digits_that_stacks_are_made_of():
  config = stacked_mnist.get_config()
  config.data.name = 'stacked_digits'
  source = build.build_source(config)
  digits, labels = source.resident['image'], source.resident['label']
  read = build_features.reader_of_stacks('stacked_digits', source.shape)(digits[:200, ..., None])
  assert np.mean(read == labels[:200]) > 0.97


@pytest.mark.parametrize(
  'argument, line',
  [
    ('--only=gan', 'unknown rows gan; known: dcgan'),
    ('--data=digits', "invalid choice: 'digits'"),
    ('--seeds=0', '--seeds and --steps must be 1 or more'),
    ('--data=stacked_mnist', "no data set 'mnist' in nowhere"),
  ],
)
def test_a_mistake_is_told_before_anything_runs(argument, line, capsys):
  with pytest.raises(SystemExit) as stopped:
    stacked.main([argument, '--data_dir=nowhere'])
  assert line in capsys.readouterr().err + str(stopped.value)
