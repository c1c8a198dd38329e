"""The VAE's bound against SciPy, PyTorch and the exact evidence of a linear normal model."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats
from scipy.special import log_expit

from wgan_jax.games.vae import Vae, kl_to_standard_normal
from wgan_jax.likelihoods import bernoulli, gaussian

KEY = jax.random.key(12)
RNG = np.random.default_rng(7)
B, N, DIM = 4, 3, 2
IMAGE = RNG.uniform(-1, 1, (B, N)).astype(np.float32)
NOISE = RNG.normal(size=(B, DIM)).astype(np.float32)
ENCODER, DECODER = RNG.normal(size=(N, 2 * DIM)).astype(np.float32), RNG.normal(size=(DIM, N)).astype(np.float32)
PARAMS = {
  'encoder': {'matrix': ENCODER, 'bias': np.zeros(2 * DIM, np.float32)},
  'generator': {'matrix': DECODER, 'bias': np.zeros(N, np.float32)},
}
MEAN, LOG_VARIANCE = np.split(np.float64(IMAGE) @ ENCODER, 2, axis=1)
OUTPUT = (MEAN + np.exp(LOG_VARIANCE / 2) * NOISE) @ DECODER
# In one dimension, KL(N(m, s^2) || N(0, 1)) = log(1 / s) + (s^2 + m^2) / 2 - 1 / 2.
RATE = np.mean(np.sum(-LOG_VARIANCE / 2 + (np.exp(LOG_VARIANCE) + MEAN**2) / 2 - 0.5, axis=1))
WHITE = (np.float64(IMAGE) + 1) / 2
DISTORTION = {
  'bernoulli': -np.mean(np.sum(WHITE * log_expit(OUTPUT) + (1 - WHITE) * log_expit(-OUTPUT), axis=1)),
  'gaussian': -np.mean(np.sum(stats.norm.logpdf(IMAGE, OUTPUT, 0.7), axis=1)),
}
LIKELIHOODS = {'bernoulli': bernoulli(), 'gaussian': gaussian(0.7)}


class Affine(nn.Module):
  """x [B, n] -> x @ matrix + bias [B, m]."""

  shape: tuple[int, int]

  @nn.compact
  def __call__(self, x, label=None, *, train):
    zeros = nn.initializers.zeros
    return x @ self.param('matrix', zeros, self.shape) + self.param('bias', zeros, self.shape[1:])[None]


class KnownNoise(Vae):
  def latent(self, n):
    return jnp.asarray(NOISE)


def make(likelihood, kind=KnownNoise, **fields):
  networks = dict(encoder=Affine((N, 2 * DIM)), generator=Affine((DIM, N)))
  return kind(**networks, likelihood=likelihood, dim=DIM, **fields)


def apply(game, method='negative_elbo', params=PARAMS, image=IMAGE):
  return game.apply({'params': params}, {'image': image}, method=method, rngs={'params': KEY})


@pytest.mark.parametrize('name', LIKELIHOODS)
@pytest.mark.parametrize('beta', [0.0, 1.0, 4.0])
def test_the_loss_is_distortion_plus_beta_rate(name, beta):
  loss, metrics = apply(make(LIKELIHOODS[name], beta=beta))
  np.testing.assert_allclose(metrics['distortion'], DISTORTION[name], rtol=5e-6)
  np.testing.assert_allclose(metrics['rate'], RATE, rtol=5e-6)
  np.testing.assert_allclose(loss, DISTORTION[name] + beta * RATE, rtol=5e-6)


def test_beta_is_one_unless_said():
  np.testing.assert_allclose(apply(make(bernoulli()))[0], DISTORTION['bernoulli'] + RATE, rtol=5e-6)


@pytest.mark.parametrize('name', LIKELIHOODS)
def test_rate_and_gradients_are_pytorchs(name):
  torch = pytest.importorskip('torch')
  w, v, x, noise = (torch.tensor(np.float64(a), requires_grad=True) for a in (ENCODER, DECODER, IMAGE, NOISE))
  mean, log_variance = (x @ w).chunk(2, dim=1)
  posterior = torch.distributions.Normal(mean, (log_variance / 2).exp())
  output = (mean + posterior.scale * noise) @ v
  if name == 'gaussian':
    log_prob = torch.distributions.Normal(output, 0.7).log_prob(x)
  else:
    log_prob = -torch.nn.functional.binary_cross_entropy_with_logits(output, (x + 1) / 2, reduction='none')
  rate = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 1.0)).sum(1).mean()
  expected = torch.autograd.grad(2 * rate - log_prob.sum(1).mean(), [w, v])
  game = make(LIKELIHOODS[name], beta=2.0)
  gradients, metrics = jax.jit(jax.grad(lambda params: apply(game, params=params), has_aux=True))(PARAMS)
  np.testing.assert_allclose(metrics['rate'], rate.item(), rtol=5e-6)
  for network, gradient in zip(('encoder', 'generator'), expected, strict=True):
    np.testing.assert_allclose(gradients[network]['matrix'], gradient, rtol=1e-5, atol=1e-5)


def test_kl_is_zero_at_the_prior_alone_and_that_of_each_sample():
  mean, log_variance = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [0.0, 0.0], [2.0, -2.0]])
  found = kl_to_standard_normal(jnp.float32(mean), jnp.float32(log_variance))
  np.testing.assert_allclose(found, [0.0, 0.5, (np.exp(2) + np.exp(-2) - 2) / 2], rtol=1e-6, atol=1e-7)


def linear_normal_model():
  """(decoder's matrix and bias, sigma, x, precisions of the posterior, its mean), its covariance diagonal.

  x = z W + b + sigma noise with orthogonal rows of W: p(z | x) = N(P^-1 W (x - b) / sigma^2, P^-1), P = I + W W' /
  sigma^2.
  """
  w, b, sigma = np.array([[1.0, 2.0, 0.0], [-1.0, 0.5, 1.5]]), np.array([0.3, -0.2, 0.1]), 0.8
  x, precision = np.array([0.9, -0.4, 1.2]), 1 + np.sum(w**2, axis=1) / sigma**2
  return w, b, sigma, x, precision, w @ (x - b) / sigma**2 / precision


@pytest.mark.parametrize('off, factor', [(0.0, 1.0), (0.3, 1.0), (0.0, 2.0)])
def test_the_bound_is_the_log_evidence_less_the_divergence_from_the_exact_posterior(off, factor):
  w, b, sigma, x, precision, center = linear_normal_model()
  assert abs(w[0] @ w[1]) < 1e-12
  evidence = stats.multivariate_normal(b, w.T @ w + sigma**2 * np.eye(N)).logpdf(x)
  to_mean = w.T / sigma**2 / precision
  bias = np.concatenate([-b @ to_mean + off, np.log(factor / precision)])
  params = {
    'encoder': {'matrix': np.float32(np.concatenate([to_mean, np.zeros((N, DIM))], axis=1)), 'bias': np.float32(bias)},
    'generator': {'matrix': np.float32(w), 'bias': np.float32(b)},
  }
  n = 50_000
  loss, _ = apply(make(gaussian(sigma), Vae), params=params, image=np.tile(np.float32(x), (n, 1)))
  # Between normals of one dimension each: log(s / q) + (q^2 + d^2) / (2 s^2) - 1 / 2.
  divergence = np.sum(-np.log(factor) / 2 + (factor + off**2 * precision) / 2 - 0.5)
  z = center + off + np.sqrt(factor / precision) * np.random.default_rng(0).normal(size=(n, DIM))
  spread = stats.norm.logpdf(x, z @ w + b, sigma).sum(axis=1).std() / np.sqrt(n)
  assert abs(-loss - (evidence - divergence)) < 5 * spread < 0.05
  assert divergence == 0 or divergence > 10 * spread


def test_latent_codes_are_standard_normal_and_one_for_each_sample():
  z = np.asarray(apply(make(bernoulli(), Vae), lambda game, _: game.latent(4000)))
  assert z.shape == (4000, DIM)
  assert stats.kstest(z.ravel(), 'norm').pvalue > 1e-3
  assert abs(np.corrcoef(z.T)[0, 1]) < 0.06


def test_samples_are_means_and_lie_in_the_range_of_images():
  z = jnp.float32(RNG.normal(0, 5, (50, DIM)))
  means = apply(make(bernoulli()), lambda game, _: game.generate(z))
  np.testing.assert_allclose(means, np.tanh(np.float64(z) @ DECODER / 2), rtol=1e-5, atol=1e-5)
  assert np.abs(means).max() <= 1 and np.abs(means).max() > 0.99
  means = apply(make(gaussian(0.7)), lambda game, _: game.generate(z))
  np.testing.assert_allclose(means, np.float64(z) @ DECODER, rtol=1e-5, atol=1e-5)


def test_reconstructions_are_from_the_mean_of_the_posterior():
  shown = apply(make(bernoulli()), 'shows')['reconstructions']
  np.testing.assert_allclose(shown, [IMAGE, np.tanh(MEAN @ DECODER / 2)], rtol=1e-5, atol=1e-6)
