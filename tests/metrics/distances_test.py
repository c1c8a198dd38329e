import jax
import numpy as np
import pytest
import scipy.stats
from sklearn.metrics.pairwise import rbf_kernel

from wgan_jax import sinkhorn, transport
from wgan_jax.errors import UserError
from wgan_jax.kernels import gaussian, squared_distances
from wgan_jax.metrics import distances
from wgan_jax.metrics.distances import Distance, energy_distance, squared_mmd, wasserstein
from wgan_jax.metrics.frechet import gaussian_distance

RNG = np.random.default_rng(0)
REAL, FAKE = RNG.normal(size=(60, 2)), RNG.gamma(2.0, size=(50, 2))


@pytest.mark.parametrize('p', [1, 2])
def test_every_method_finds_the_same_distance(p):
  real, fake = REAL[:50], FAKE
  costs = np.linalg.norm(real[:, None] - fake, axis=-1) ** p
  theirs = transport.pot().emd2(np.full(50, 1 / 50), np.full(50, 1 / 50), costs) ** (1 / p)
  assert wasserstein(real, fake, p) == Distance(pytest.approx(theirs), 'assignment')
  assert wasserstein(real, fake, p, 'network simplex') == Distance(pytest.approx(theirs), 'network simplex')
  blurred = wasserstein(real, fake, p, 'sinkhorn')
  assert abs(blurred.value - theirs) <= blurred.error < 0.01 * theirs and blurred.method == 'sinkhorn'


def test_unequally_many_points_split_their_mass():
  theirs = transport.pot().emd2([], [], np.linalg.norm(REAL[:, None] - FAKE, axis=-1))
  assert wasserstein(REAL, FAKE) == Distance(pytest.approx(theirs), 'network simplex')
  twice = wasserstein(np.repeat(REAL, 2, axis=0), FAKE)
  assert twice.value == pytest.approx(theirs)


def test_on_the_line_it_is_scipys():
  for shape in ((-1,), (-1, 1)):
    found = wasserstein(REAL[:, 0].reshape(shape), FAKE[:, 0].reshape(shape))
    assert found == Distance(pytest.approx(scipy.stats.wasserstein_distance(REAL[:, 0], FAKE[:, 0])), 'sorting')
  assert wasserstein(REAL[:50, :1], FAKE[:, :1], 2, 'assignment').value == pytest.approx(
    wasserstein(REAL[:50, :1], FAKE[:, :1], 2).value
  )


def test_between_samples_of_gaussians_w2_is_near_the_closed_form():
  # An affine image of the very samples: the map between the Gaussians that fit both is the best plan itself.
  root, shift = np.array([[1.5, 0.4], [0.4, 0.7]]), np.array([1.0, -2.0])
  real = REAL - REAL.mean(axis=0)
  moments = [(x.mean(axis=0), np.cov(x.T, bias=True)) for x in (real, real @ root + shift)]
  expected = np.sqrt(gaussian_distance(*moments[0], *moments[1]))
  assert wasserstein(real, real @ root + shift, p=2).value == pytest.approx(expected, rel=1e-9)


def test_images_are_vectors_and_a_shift_costs_its_length():
  images = RNG.normal(size=(20, 4, 4, 3)).astype(np.float32)
  assert wasserstein(images, images[::-1]).value == pytest.approx(0, abs=1e-7)
  assert wasserstein(images, images + 0.5, p=2).value == pytest.approx(0.5 * np.sqrt(48), rel=1e-6)


def test_the_method_goes_by_the_number_of_samples(monkeypatch):
  assert distances.method_for(10**7, 3, dimensions=1) == 'sorting'
  assert distances.method_for(1000, 1000, dimensions=2) == 'assignment'
  assert distances.method_for(1000, 999, dimensions=2) == 'network simplex'
  assert distances.method_for(10_000, 10_000, dimensions=2) == 'network simplex'
  assert distances.method_for(10_000, 10_001, dimensions=2) == 'sinkhorn'
  monkeypatch.setattr(transport, 'ENTRIES', 100)
  monkeypatch.setattr(distances, 'sinkhorn', lambda x, y, p: sinkhorn.Bounds(4.0, 9.0, None, 0.1))
  assert wasserstein(REAL, FAKE, p=2) == (2.5, 'sinkhorn', 0.5)


def test_energy_distance_is_scipys_and_the_mean_over_pairs(monkeypatch):
  one = energy_distance(REAL[:, 0], FAKE[:, 0])
  assert one == pytest.approx(scipy.stats.energy_distance(REAL[:, 0], FAKE[:, 0]), rel=1e-9)

  def mean(x, y):
    return np.mean(np.linalg.norm(x[:, None] - y, axis=-1))

  expected = np.sqrt(2 * mean(REAL, FAKE) - mean(REAL, REAL) - mean(FAKE, FAKE))
  assert energy_distance(REAL, FAKE) == pytest.approx(expected, rel=1e-12)
  monkeypatch.setattr('wgan_jax.points.BLOCK', 130)
  assert energy_distance(REAL, FAKE) == pytest.approx(expected, rel=1e-12)
  assert energy_distance(REAL, REAL[::-1]) == pytest.approx(0, abs=1e-7)


@pytest.mark.parametrize('biased', [True, False])
def test_squared_mmd_is_that_of_scikit_learns_kernels_in_float64(biased):
  def mean(x, y, own):
    gram = sum(rbf_kernel(x, y, gamma=1 / (2 * sigma**2)) for sigma in (0.5, 2.0))
    return gram[~np.eye(len(x), dtype=bool)].mean() if own and not biased else gram.mean()

  expected = mean(REAL, REAL, True) + mean(FAKE, FAKE, True) - 2 * mean(REAL, FAKE, False)
  assert squared_mmd(REAL, FAKE, gaussian((0.5, 2.0)), biased) == pytest.approx(expected, rel=1e-12)
  assert not jax.config.jax_enable_x64


def test_squared_mmd_takes_a_kernel_that_is_larger_far_away():
  # k(a, b) = |a|^2 |b|^2 / 4 - the diagonal has a value of its own in every place.
  def kernel(a, b):
    origin = 0 * a[:1]
    return squared_distances(a, origin) * squared_distances(b, origin).T / 4

  def mean(x):
    squares = np.sum(x**2, axis=1) / 2
    return (np.sum(squares) ** 2 - np.sum(squares**2)) / (len(x) * (len(x) - 1)), squares.mean()

  (real, at_real), (fake, at_fake) = mean(REAL), mean(FAKE)
  assert squared_mmd(REAL, FAKE, kernel) == pytest.approx(real + fake - 2 * at_real * at_fake, rel=1e-12)


@pytest.mark.parametrize('distance', [wasserstein, energy_distance, squared_mmd])
@pytest.mark.parametrize(
  'message, real, fake',
  [
    ('1 of the 60 samples in real are not finite', np.where(np.arange(120).reshape(60, 2) == 7, np.nan, REAL), FAKE),
    ('fake holds no samples', REAL, FAKE[:0]),
    ('real has 2 dimensions and fake has 3', REAL, np.zeros((5, 3))),
  ],
)
def test_bad_samples_are_told_in_one_line(distance, message, real, fake):
  with pytest.raises(UserError, match=message):
    distance(real, fake)


@pytest.mark.parametrize(
  'message, call',
  [
    ("unknown method 'simplex'; known: assignment, network simplex", lambda: wasserstein(REAL, FAKE, 1, 'simplex')),
    ('60 real and 50 fake samples make no pairs', lambda: wasserstein(REAL, FAKE, 1, 'assignment')),
    ('2 dimensions have no order', lambda: wasserstein(REAL, FAKE, 1, 'sorting')),
    ('p=0.9 is no order', lambda: wasserstein(REAL, FAKE, 0.9)),
    ('take at most 10000', lambda: wasserstein(*[np.zeros((10_001, 2))] * 2, 1, 'network simplex')),
    ('1 real and 50 fake samples: the unbiased', lambda: squared_mmd(REAL[:1], FAKE)),
  ],
)
def test_what_a_method_cannot_take_is_told_in_one_line(message, call):
  with pytest.raises(UserError, match=message):
    call()
