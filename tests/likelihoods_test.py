import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import expit, log_expit

from wgan_jax.likelihoods import bernoulli, gaussian

RNG = np.random.default_rng(0)
OUTPUT = RNG.normal(0, 3, (5, 4, 4, 2))
IMAGE = RNG.uniform(-1, 1, OUTPUT.shape)
BINARY = np.sign(IMAGE)


def log_prob(likelihood, output, x):
  value = likelihood.log_prob(jnp.float32(output), jnp.float32(x))
  chex.assert_shape(value, (len(x),))
  return value


def by_output(likelihood, output, x):
  return jax.grad(lambda output: likelihood.log_prob(output, jnp.float32(x)).sum())(jnp.float32(output))


def slope(f, x, h=1e-5):
  """The derivative of an elementwise f by central differences, in float64."""
  return (f(x + h) - f(x - h)) / (2 * h)


def test_bernoulli_is_scipys_on_black_and_white():
  expected = stats.bernoulli.logpmf(BINARY > 0, expit(OUTPUT)).sum(axis=(1, 2, 3))
  np.testing.assert_allclose(log_prob(bernoulli(), OUTPUT, BINARY), expected, rtol=1e-6)


def test_bernoulli_is_minus_pytorchs_cross_entropy_of_grey_too():
  torch = pytest.importorskip('torch')
  output, target = torch.tensor(OUTPUT, requires_grad=True), torch.tensor((IMAGE + 1) / 2)
  expected = -torch.nn.functional.binary_cross_entropy_with_logits(output, target, reduction='none').sum((1, 2, 3))
  (gradient,) = torch.autograd.grad(expected.sum(), output)
  np.testing.assert_allclose(log_prob(bernoulli(), OUTPUT, IMAGE), expected.detach(), rtol=1e-6)
  np.testing.assert_allclose(by_output(bernoulli(), OUTPUT, IMAGE), gradient, rtol=1e-5, atol=1e-7)


def test_bernoullis_gradient_equals_finite_differences():
  white = (IMAGE + 1) / 2
  expected = slope(lambda o: white * log_expit(o) + (1 - white) * log_expit(-o), OUTPUT)
  np.testing.assert_allclose(by_output(bernoulli(), OUTPUT, IMAGE), expected, rtol=1e-5, atol=1e-7)


def test_bernoulli_is_finite_far_out():
  output, x = [[-40.0], [-40.0], [40.0], [40.0]], [[-1.0], [1.0], [-1.0], [1.0]]
  np.testing.assert_allclose(log_prob(bernoulli(), output, x), [0.0, -40.0, -40.0, 0.0], atol=1e-6)
  np.testing.assert_allclose(by_output(bernoulli(), output, x), [[0.0], [1.0], [-1.0], [0.0]], atol=1e-6)


def test_bernoullis_mean_is_that_of_its_two_values():
  output = np.linspace(-5, 5, 11)[:, None]
  black, white = (np.exp(log_prob(bernoulli(), output, np.full((11, 1), x))) for x in (-1.0, 1.0))
  np.testing.assert_allclose(black + white, np.ones(11), rtol=1e-6)
  np.testing.assert_allclose(bernoulli().mean(jnp.float32(output))[:, 0], white - black, atol=1e-6)
  np.testing.assert_allclose(bernoulli().mean(jnp.float32(output)), np.tanh(output / 2), atol=1e-6)


@pytest.mark.parametrize('sigma', [0.1, 1.0, 2.5])
def test_gaussian_is_scipys_and_so_is_its_gradient(sigma):
  likelihood = gaussian(sigma)
  expected = stats.norm.logpdf(IMAGE, OUTPUT, sigma).sum(axis=(1, 2, 3))
  np.testing.assert_allclose(log_prob(likelihood, OUTPUT, IMAGE), expected, rtol=2e-6)
  gradient = slope(lambda o: stats.norm.logpdf(IMAGE, o, sigma), OUTPUT)
  np.testing.assert_allclose(by_output(likelihood, OUTPUT, IMAGE), gradient, rtol=1e-4, atol=1e-5)


def test_gaussians_sigma_is_one_unless_said():
  np.testing.assert_allclose(log_prob(gaussian(), [[0.0]], [[0.0]]), [-np.log(2 * np.pi) / 2], rtol=1e-6)


def test_gaussians_density_has_mass_one_and_its_mean():
  x = np.linspace(-4, 6, 2001)
  density = np.exp(log_prob(gaussian(0.5), np.full((2001, 1), 0.75), x[:, None]))
  np.testing.assert_allclose(integrate.simpson(density, x=x), 1.0, rtol=1e-5)
  np.testing.assert_allclose(integrate.simpson(density * x, x=x), gaussian(0.5).mean(0.75), rtol=1e-5)
  np.testing.assert_array_equal(gaussian(0.5).mean(OUTPUT), OUTPUT)


@pytest.mark.parametrize('likelihood', [bernoulli(), gaussian()])
@pytest.mark.parametrize('shape', [(5, 4, 4), (5, 4, 4, 1), (1, 4, 4, 2)])
def test_output_and_image_have_one_shape(likelihood, shape):
  with pytest.raises(AssertionError):
    likelihood.log_prob(jnp.zeros((5, 4, 4, 2)), jnp.zeros(shape))
