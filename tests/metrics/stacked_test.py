import numpy as np
import pytest
from scipy import stats

from wgan_jax.errors import UserError
from wgan_jax.metrics.stacked import numbers, stacked_modes


def shown(images):
  """A classifier: the digit is the tens of the brightest pixel."""
  assert images.shape[1:] == (5, 4, 1) and images.dtype == np.uint8
  return images.max(axis=(1, 2, 3)) // 10


def stacked(digits):
  """Images that show these digits, [N, 3]."""
  images = np.zeros((len(digits), 5, 4, 3), np.uint8)
  images[:, 2, 1] = 10 * np.asarray(digits) + 3
  return images


@pytest.mark.parametrize('chunk', [1, 2, 100])
def test_the_digits_of_red_green_and_blue_are_one_number(chunk):
  found = numbers(stacked([[1, 2, 3], [0, 0, 7], [9, 9, 9], [4, 0, 0], [0, 5, 0]]), shown, chunk)
  np.testing.assert_array_equal(found, [123, 7, 999, 400, 50])


def test_of_a_perfect_generator_every_mode_is_found():
  assert dict(stacked_modes(None, np.arange(1000))) == {'modes': 1000, 'mode_kl': 0}


def test_of_one_mode_the_divergence_is_the_logarithm_of_a_thousand():
  scores = dict(stacked_modes(None, np.full(50, 123)))
  assert scores['modes'] == 1
  np.testing.assert_allclose(scores['mode_kl'], np.log(1000))


def test_the_divergence_is_of_the_generated_from_the_real_shares():
  real, fake = np.repeat([0, 1, 2], [50, 30, 20]), np.repeat([0, 2], [3, 1])
  expected = stats.entropy([0.75, 0.25], [0.5, 0.2])
  # entropy would make the second a distribution, of 0.7.
  scores = dict(stacked_modes(real, fake))
  np.testing.assert_allclose(scores['mode_kl'], expected - np.log(0.7))
  assert scores['modes'] == 2


def test_of_26000_true_images_it_is_as_much_as_the_docstring_says():
  fake = np.random.default_rng(0).integers(0, 1000, 26_000)
  scores = dict(stacked_modes(None, fake))
  # n times twice the divergence is near a chi-squared with 999 degrees of freedom.
  assert abs(scores['mode_kl'] - 0.0192) < 4 * np.sqrt(2 * 999) / 52_000
  assert scores['modes'] == 1000


@pytest.mark.parametrize(
  'real, fake, line',
  [
    (None, [], 'fake numbers must be one or more'),
    ([], [1], 'real numbers must be one or more'),
    (None, [1, 1000], r'of 0..999'),
    (None, [-1, 3], r'of 0..999'),
    ([1, 2], [1, 3, 4, 3], '2 numbers are among the generated and not the real ones'),
  ],
)
def test_numbers_that_make_no_sense_are_told(real, fake, line):
  with pytest.raises(UserError, match=line):
    dict(stacked_modes(None if real is None else np.array(real, int), np.array(fake, int)))


@pytest.mark.parametrize(
  'images', [np.zeros((2, 5, 4, 1), np.uint8), np.zeros((2, 5, 4, 3)), np.zeros((5, 4, 3), np.uint8)]
)
def test_images_that_are_no_stacks_are_told(images):
  with pytest.raises(UserError, match='stacked digits are uint8'):
    numbers(images, shown)
