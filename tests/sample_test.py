import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from wgan_jax.game import Game
from wgan_jax.games.adversarial import Adversarial
from wgan_jax.networks import layers
from wgan_jax.sample import Sampler


@pytest.fixture(scope='module')
def state(make_play, make_feed, begin):
  return begin(make_play(), make_feed(4))


def samples(game, state, n, seed=0, classes=0):
  return Sampler(game, seed, 4, classes).draw(state, n)[0]


def ruined(state):
  """The same with a generator of zeros, its moving average being what it was."""
  zeros = jax.tree.map(lambda x: x * 0, state.params['generator'])
  return state.replace(params={**state.params, 'generator': zeros})


def forgotten(state):
  return state.replace(ema=jax.tree.map(lambda x: x * 0, state.ema))


def test_the_same_seed_gives_the_same_samples_and_more_of_them(make_play, state):
  game = make_play().game
  few, many = (samples(game, state, n) for n in (6, 20))
  assert few.shape == (6, 2) and many.shape == (20, 2)
  np.testing.assert_array_equal(few, many[:6])
  assert len(np.unique(many, axis=0)) == 20
  assert not np.array_equal(few, samples(game, state, 6, seed=1))


def test_samples_come_from_the_moving_average(make_play, state):
  sampler = Sampler(make_play().game, 0, 4, classes=0)
  np.testing.assert_array_equal(sampler.draw(state, 4)[0], sampler.draw(ruined(state), 4)[0])
  np.testing.assert_array_equal(sampler.interpolate(state, 2, 3), sampler.interpolate(ruined(state), 2, 3))
  assert not np.array_equal(sampler.draw(state, 4)[0], sampler.draw(forgotten(state), 4)[0])


def test_interpolations_are_rows_of_steps(make_play, state):
  rows = Sampler(make_play().game, 0, 4, classes=0).interpolate(state, 3, 7)
  assert rows.shape == (3, 7, 2)
  steps = np.linalg.norm(np.diff(rows, axis=1), axis=-1)
  assert (steps > 0).all() and steps.max() < np.linalg.norm(rows, axis=-1).max()


def test_rows_go_along_the_games_path(make_play, state):
  stay = lambda start, end, n: jnp.repeat(end[:, None], n, axis=1)
  rows = Sampler(make_play(between=stay).game, 0, 4, classes=0).interpolate(state, 3, 5)
  np.testing.assert_array_equal(rows, np.repeat(rows[:, :1], 5, axis=1))
  assert len(np.unique(rows[:, 0], axis=0)) == 3


class Labelled(nn.Module):
  """z [B, dim] -> points [B, 2]: a number of its own and the label that it was told."""

  @nn.compact
  def __call__(self, z, label=None, *, train):
    return jnp.stack([layers.Dense(1)(z)[:, 0], label.astype(z.dtype)], axis=1)


@pytest.fixture
def conditional(make_play, make_feed, begin):
  """(game, state) whose samples show their labels."""
  play = make_play(generator=Labelled(), conditional=True)
  return play.game, begin(play, {**make_feed(4), 'label': np.arange(4)})


def test_sample_i_is_asked_to_be_of_class_i_modulo_classes_and_is(conditional):
  game, state = conditional
  drawn, asked = Sampler(game, 0, 4, classes=3).draw(state, 11)
  np.testing.assert_array_equal(asked, np.arange(11) % 3)
  np.testing.assert_array_equal(drawn[:, 1], asked)
  assert isinstance(asked, np.ndarray) and len(np.unique(drawn[:, 0])) == 11


@pytest.mark.parametrize('chunk, devices', [(7, 1), (100, 1), (7, 2), (64, 8)])
def test_neither_the_size_of_a_chunk_nor_devices_change_a_sample(conditional, chunk, devices):
  game, state = conditional
  drawn, asked = Sampler(game, 0, chunk, 3, jax.local_devices()[:devices]).draw(state, 150)
  alone, asked_alone = Sampler(game, 0, 150, 3).draw(state, 150)
  np.testing.assert_allclose(drawn, alone, rtol=1e-5, atol=1e-6)
  np.testing.assert_array_equal(asked, asked_alone)


def test_each_row_of_an_interpolation_is_of_one_class(conditional):
  game, state = conditional
  rows = Sampler(game, 0, 4, classes=3).interpolate(state, 5, 6)
  np.testing.assert_array_equal(rows[..., 1], np.repeat([[0], [1], [2], [0], [1]], 6, axis=1))


@pytest.mark.parametrize('classes', [0, 3])
def test_a_game_that_does_not_ask_says_so_whatever_the_data_know(make_play, state, classes):
  drawn, asked = Sampler(make_play().game, 0, 4, classes).draw(state, 5)
  assert drawn.shape == (5, 2) and asked is None


class Coded(Adversarial):
  """Samples are asked to be of a class that the latent code alone tells."""

  def asked(self, z, label):
    return jnp.argmax(z, axis=1)

  def generate(self, z, label=None):
    return z


def of_class(kind, game):
  """The same game with other methods, and so with the same variables."""
  names = ('generator', 'critic', 'prior', 'objective', 'penalty')
  return kind(**{name: getattr(game, name) for name in names})


def test_what_is_asked_may_come_from_the_latent_code_of_the_same_sample(make_play, state):
  drawn, asked = Sampler(of_class(Coded, make_play().game), 0, 4, classes=0).draw(state, 10)
  np.testing.assert_array_equal(asked, np.argmax(drawn, axis=1))
  assert len(np.unique(asked)) > 1


class Showing(Adversarial):
  """Real samples, generated ones and negatives of both."""

  def shows(self, batch):
    pair = jnp.stack([batch['image'], self.sample(batch['image'].shape[0])])
    return {'pair': pair, 'negatives': -pair}


def test_a_games_own_pictures_are_of_the_batch_and_of_the_moving_average(make_play, make_feed, state):
  sampler, batch = Sampler(of_class(Showing, make_play().game), 0, 4, classes=0), make_feed(5, seed=3)
  shown = sampler.shows(state, batch)
  assert set(shown) == {'pair', 'negatives'}
  assert shown['pair'].shape == (2, 5, 2) and isinstance(shown['pair'], np.ndarray)
  np.testing.assert_array_equal(shown['pair'][0], batch['image'])
  np.testing.assert_array_equal(shown['negatives'], -shown['pair'])
  for again in (sampler.shows(state, batch), sampler.shows(ruined(state), batch)):
    np.testing.assert_array_equal(again['pair'], shown['pair'])
  assert not np.array_equal(sampler.shows(forgotten(state), batch)['pair'][1], shown['pair'][1])


def test_a_game_shows_nothing_unless_it_says_so(make_play, make_feed, state):
  assert Adversarial.shows is Game.shows
  assert Sampler(make_play().game, 0, 4, classes=0).shows(state, make_feed(4)) == {}


def test_numbers_name_the_codes_of_samples_in_any_order(conditional):
  game, state = conditional
  sampler, variables = Sampler(game, 0, 4, classes=3), state.averaged_variables()
  drawn, _ = sampler.draw(state, 20)
  numbers = np.array([17, 2, 3, 17, 8])
  z, label = sampler.codes(variables, numbers)
  np.testing.assert_array_equal(label, numbers % 3)
  np.testing.assert_array_equal(sampler.generate(variables, z, label), drawn[numbers])
