"""The table of likelihoods: its rows are the recipes, and a row tells what became of its model."""

import chex
import jax
import numpy as np
import pytest

from experiments.tables import likelihood, mnist, recipes
from wgan_jax import build
from wgan_jax.dispatch import starting_state

RANDOM = np.random.default_rng(0)


@pytest.fixture
def tiny(monkeypatch):
  """rows(*command line, **differences of the model) -> cells of a table of tiny models and images."""
  monkeypatch.setattr(mnist, 'HELD_OUT', 40)
  monkeypatch.setattr(likelihood, 'SAMPLES', 64)
  monkeypatch.setattr(likelihood, 'CHUNK', 32)
  monkeypatch.setattr(likelihood, 'IMAGES', {'training images': None, '64 training images': 64})
  images = mnist.Mnist(*(RANDOM.integers(0, 256, (n, 4, 4, 1), np.uint8) for n in (140, 30)))

  def model(learning_rate=1e-3):
    config = recipes.duel('wasserstein', rate=learning_rate)
    for group in (config.generator, config.critic):
      group.update(width=4, depth=1)
    return config

  def rows(*arguments, **differences):
    monkeypatch.setattr(likelihood, 'MODELS', {'kl': lambda: model(**differences)})
    options = likelihood.parsed(list(arguments))
    options.batch_size, options.rounds_per_dispatch = 8, 2
    table = list(likelihood.lines(options.rows, images, options))
    return [[cell.strip() for cell in line.strip('|').split('|')] for line in table[2:-1]]

  return rows


@pytest.mark.parametrize('name', likelihood.MODELS)
def test_every_model_has_the_papers_generator(name):
  config = likelihood.MODELS[name]()
  source = likelihood.resident_source(
    likelihood.Images(np.zeros((4, 28, 28, 1), np.uint8), None), 2, 0, flip=False, dequantize=False
  )
  play = build.build_play(config, (28, 28, 1))._replace(draw=source.draw)
  params = jax.eval_shape(starting_state(play, source, 0, 2)).params
  shapes = {x.shape for x in jax.tree.leaves(params['generator']) if x.ndim == 2}
  assert shapes == {(100, 1200), (1200, 1200), (1200, 784)}


def test_all_of_the_papers_rows_are_there():
  assert set(likelihood.PUBLISHED) == {*build.DIVERGENCES, 'vae', 'training images'}
  assert set(likelihood.PUBLISHED) < {*likelihood.MODELS, *likelihood.IMAGES}
  divergences = [likelihood.MODELS[name]().game.divergence for name in build.DIVERGENCES]
  assert divergences == list(build.DIVERGENCES)


def test_a_row_tells_its_score_rounds_and_seed(tiny):
  first, second, images, fewer = tiny('--steps=3', '--seeds=2')
  assert first[:2] == second[:2] == ['kl', '416 +- 5.62']
  assert [first[4], second[4]] == ['0', '1']
  assert first[5] == second[5] == '3' and first[7] == 'yes'
  means = [float(row[2].split(' +- ')[0]) for row in (first, second, images, fewer)]
  assert np.isfinite(means).all()
  assert (images[0], images[1], fewer[1]) == ('training images', '502 +- 5.99', '-')
  assert images[4:7] == fewer[4:7] == ['-'] * 3


def test_training_images_do_not_choose_sigma_for_themselves(tiny):
  *_, images, _ = tiny('--steps=1')
  # If they did, the narrowest window of all would be best.
  assert float(images[3]) > 0.2


def test_a_model_that_leaves_the_finite_numbers_is_a_row_and_no_crash(tiny):
  row, *_ = tiny('--steps=10', learning_rate=1e38)
  assert row[2:4] == ['-', '-'] and row[7].startswith('no, since round')


def test_time_that_is_over_ends_a_row_at_the_next_dispatch(tiny):
  row, *_ = tiny('--steps=1000', '--seconds=1e-9')
  assert row[5] == '2' and row[7] == 'yes'


def test_full_is_the_papers_batch():
  full, small = (likelihood.parsed(arguments) for arguments in (['--full'], []))
  assert (full.batch_size, full.steps) == (4096, 100_000)
  assert (small.batch_size, small.steps) == (256, 5_000)
  assert likelihood.parsed(['--full', '--steps=7']).steps == 7


@pytest.mark.parametrize(
  'argument, line',
  [
    ('--only=KL', 'unknown rows KL; known: kl, reverse_kl'),
    ('--seeds=0', '--seeds and --steps must be 1 or more'),
    ('--steps=0', '--seeds and --steps must be 1 or more'),
    ('--npz=nowhere.npz', 'nowhere.npz must be an .npz file with train_images and test_images'),
    ('--data_dir=nowhere', "no data set 'mnist' in nowhere"),
  ],
)
def test_a_mistake_is_told_before_anything_runs(argument, line, capsys):
  with pytest.raises(SystemExit) as stopped:
    likelihood.main([argument])
  assert line in capsys.readouterr().err + str(stopped.value)


def test_a_file_of_arrays_is_read_in_either_shape(tmp_path, monkeypatch):
  monkeypatch.setattr(mnist, 'HELD_OUT', 2)
  train, test = (RANDOM.integers(0, 256, (n, 28, 28), np.uint8) for n in (6, 3))
  np.savez(tmp_path / 'flat.npz', train_images=train, test_images=test[..., None])
  found = mnist.of_file(str(tmp_path / 'flat.npz'))
  chex.assert_trees_all_equal(found, mnist.Mnist(train[..., None], test[..., None]))
  np.testing.assert_array_equal(np.concatenate([found.learned, found.validation]), found.train)
  assert len(found.validation) == 2


@pytest.mark.parametrize(
  'arrays, line',
  [
    ({'train_images': np.zeros((3, 28, 28), np.uint8)}, 'test_images'),
    ({'train_images': np.zeros((3, 8, 8)), 'test_images': np.zeros((3, 8, 8))}, 'reshape'),
    ({f'{split}_images': np.zeros((3, 28, 28)) for split in ('train', 'test')}, 'must hold uint8 images'),
    ({f'{split}_images': np.zeros((3, 28, 28), np.uint8) for split in ('train', 'test')}, 'more than 10,000'),
  ],
)
def test_a_file_of_something_else_is_told_in_one_line(arrays, line, tmp_path):
  np.savez(tmp_path / 'wrong.npz', **arrays)
  with pytest.raises(mnist.UserError, match=line) as caught:
    mnist.of_file(str(tmp_path / 'wrong.npz'))
  assert '\n' not in str(caught.value)
