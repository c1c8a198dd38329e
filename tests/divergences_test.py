from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.spatial.distance import jensenshannon
from scipy.special import expit, log_expit, wrightomega

from wgan_jax import divergences
from wgan_jax.divergences import f_gan
from wgan_jax.objectives import minimax, non_saturating


class Reference(NamedTuple):
  """A row in NumPy. term: what one point adds to the divergence, q f(p / q). g, conjugate: of logits. top: g < top."""

  term: object
  g: object
  conjugate: object
  top: float = np.inf


def _jeffrey(v):
  w = wrightomega(1 - v)
  return 1 / w - 1 - np.log(w)  # u - 1 + log u at u = 1 / w


REFERENCES = {
  'KULLBACK_LEIBLER': Reference(lambda p, q: p * np.log(p / q), lambda v: v, lambda v: np.exp(v - 1)),
  'REVERSE_KULLBACK_LEIBLER': Reference(
    lambda p, q: q * np.log(q / p), lambda v: -np.exp(-v), lambda v: v - 1, top=0.0
  ),
  'PEARSON': Reference(lambda p, q: (p - q) ** 2 / q, lambda v: v, lambda v: v**2 / 4 + v),
  'NEYMAN': Reference(
    lambda p, q: (p - q) ** 2 / p, lambda v: 1 - np.exp(-v), lambda v: 2 - 2 * np.exp(-v / 2), top=1.0
  ),
  'SQUARED_HELLINGER': Reference(
    lambda p, q: (np.sqrt(p) - np.sqrt(q)) ** 2, lambda v: 1 - np.exp(-v), np.expm1, top=1.0
  ),
  'JEFFREY': Reference(lambda p, q: (p - q) * np.log(p / q), lambda v: v, _jeffrey),
  'JENSEN_SHANNON': Reference(
    lambda p, q: p * np.log(2 * p / (p + q)) + q * np.log(2 * q / (p + q)),
    lambda v: np.log(2) + log_expit(v),
    lambda v: -log_expit(-v) - np.log(2),
    top=np.log(2),
  ),
  'GAN': Reference(
    lambda p, q: p * np.log(p / (p + q)) + q * np.log(q / (p + q)), log_expit, lambda v: -log_expit(-v), top=0.0
  ),
}
ROWS = [(getattr(divergences, name), reference) for name, reference in REFERENCES.items()]
PAIRS = np.random.default_rng(0).dirichlet(np.ones(6), (4, 2))  # four times p and q on six points
U = np.geomspace(1e-3, 1e3, 13)
V = np.linspace(-10, 10, 41)
every_row = pytest.mark.parametrize('row, reference', ROWS, ids=REFERENCES)


@pytest.fixture(autouse=True)
def _double_precision():
  with jax.enable_x64(True):
    yield


def slope(f, x, h=1e-5):  # by central differences
  return (f(x + h) - f(x - h)) / (2 * h)


def bound(row, t, p, q):
  return np.sum(p * t) - np.sum(q * np.asarray(row.conjugate(jnp.asarray(t))))


@every_row
def test_f_generates_the_divergence(row, reference):
  np.testing.assert_allclose(row.f(U), reference.term(U, 1.0), rtol=1e-10, atol=1e-14)
  for p, q in PAIRS:
    np.testing.assert_allclose(np.sum(q * row.f(p / q)), np.sum(reference.term(p, q)), rtol=1e-10)


def test_jensen_shannon_is_twice_scipys_and_gan_that_less_log_4():
  for p, q in PAIRS:
    twice = 2 * jensenshannon(p, q) ** 2
    np.testing.assert_allclose(np.sum(q * divergences.JENSEN_SHANNON.f(p / q)), twice, rtol=1e-10)
    np.testing.assert_allclose(np.sum(q * divergences.GAN.f(p / q)), twice - np.log(4), rtol=1e-10)


@every_row
def test_bound_is_the_divergence_at_the_optimal_critic(row, reference):
  for p, q in PAIRS:
    t = np.asarray(row.optimal(p / q))
    np.testing.assert_allclose(bound(row, t, p, q), np.sum(reference.term(p, q)), rtol=1e-9)


@every_row
def test_bound_lies_below_the_divergence_at_any_other_critic(row, reference):
  rng = np.random.default_rng(1)
  for p, q in PAIRS:
    best, divergence = np.asarray(row.optimal(p / q)), np.sum(reference.term(p, q))
    for step in rng.normal(size=(20, 6)) * np.repeat([[0.01], [1.0]], 10, axis=0):
      other = best + step if reference.top == np.inf else reference.top - (reference.top - best) * np.exp(step)
      assert bound(row, other, p, q) < divergence


@every_row
def test_optimal_critic_is_the_derivative_of_f(row, reference):
  expected = slope(lambda u: reference.term(u, 1.0), U, 1e-5 * U)
  np.testing.assert_allclose(row.optimal(U), expected, rtol=1e-6, atol=1e-8)


@every_row
def test_conjugate_is_the_supremum_of_lines_less_f(row, reference):
  for t in np.asarray(row.optimal(U)):
    found = minimize_scalar(
      lambda log_u, t=t: reference.term(np.exp(log_u), 1.0) - np.exp(log_u) * t,
      bounds=(-12, 12),
      method='bounded',
      options={'xatol': 1e-9},
    )
    np.testing.assert_allclose(row.conjugate(t), -found.fun, rtol=1e-8, atol=1e-9)


@every_row
def test_activation_rises_and_keeps_any_logit_in_the_domain(row, reference):
  v = np.linspace(-30, 30, 121)
  t = np.asarray(row.activation(v))
  np.testing.assert_allclose(t[20:], reference.g(v[20:]), rtol=1e-10)
  assert np.all(np.diff(t) > 0) and np.all(t < reference.top)


@every_row
def test_of_logits_is_the_conjugate_of_the_activation(row, reference):
  np.testing.assert_allclose(row.of_logits(V), row.conjugate(row.activation(V)), rtol=1e-9, atol=1e-12)
  np.testing.assert_allclose(row.of_logits(V), reference.conjugate(V), rtol=1e-9, atol=1e-12)


@every_row
def test_of_logits_is_exact_far_out_in_single_precision(row, reference):
  bare = row in (divergences.GAN, divergences.JENSEN_SHANNON, divergences.PEARSON)  # of exponentials
  far = [-100.0, -30.0, 30.0, 60.0] if bare else []
  v = np.array([-16.0, 16.0, 20.0, *far])
  value, gradient = jax.vmap(jax.value_and_grad(row.of_logits))(jnp.float32(v))
  np.testing.assert_allclose(value, reference.conjugate(v), rtol=4e-6, atol=1e-37)
  np.testing.assert_allclose(gradient, slope(reference.conjugate, v), rtol=1e-5, atol=1e-6)


@every_row
@pytest.mark.parametrize('alternative', [False, True])
def test_no_logit_makes_a_loss_or_a_gradient_overflow(row, reference, alternative):
  v = jnp.float32([-1e4, -200.0, -89.0, 89.0, 200.0, 1e4])
  objective = f_gan(row, alternative)
  for half in (objective.critic, objective.generator):
    for f in (lambda x, half=half: half(x, v).sum(), lambda x, half=half: half(v, x).sum()):
      value, gradient = jax.value_and_grad(f)(v)
      assert np.isfinite(value) and np.isfinite(gradient**2).all()


@pytest.mark.parametrize('name, v', [('GAN', -30.0), ('JENSEN_SHANNON', 30.0), ('SQUARED_HELLINGER', 30.0)])
def test_one_step_after_the_other_would_be_lost_there(name, v):
  row = getattr(divergences, name)
  by_turns = row.conjugate(row.activation(jnp.float32(v)))
  assert not np.isclose(by_turns, REFERENCES[name].conjugate(v), rtol=0.1, atol=0.0)


@every_row
@pytest.mark.parametrize('alternative', [False, True])
def test_f_gan_losses_and_their_gradients_are_those_by_hand(row, reference, alternative):
  objective, real, fake = f_gan(row, alternative), V / 2, V[::-1] / 3
  against = reference.g if alternative else reference.conjugate
  np.testing.assert_allclose(
    objective.critic(real, fake), reference.conjugate(fake) - reference.g(real), rtol=1e-9, atol=1e-15
  )
  np.testing.assert_allclose(objective.generator(real, fake), -against(fake), rtol=1e-9, atol=1e-14)

  by_real, by_fake = jax.grad(lambda r, f: objective.critic(r, f).sum(), (0, 1))(real, fake)
  np.testing.assert_allclose(by_real, -slope(reference.g, real), rtol=1e-7, atol=1e-9)
  np.testing.assert_allclose(by_fake, slope(reference.conjugate, fake), rtol=1e-7, atol=1e-9)
  by_real, by_fake = jax.grad(lambda r, f: objective.generator(r, f).sum(), (0, 1))(real, fake)
  np.testing.assert_array_equal(by_real, np.zeros(41))
  np.testing.assert_allclose(by_fake, -slope(against, fake), rtol=1e-7, atol=1e-9)


def test_f_gan_calls_its_value_a_bound():
  assert f_gan(divergences.PEARSON).value == 'divergence_bound'


@pytest.mark.parametrize('alternative, peer', [(False, minimax()), (True, non_saturating())])
def test_gan_row_is_the_first_gan(alternative, peer):
  ours = f_gan(divergences.GAN, alternative)
  np.testing.assert_array_equal(ours.critic(V, V[::-1]), peer.critic(V, V[::-1]))
  np.testing.assert_array_equal(ours.generator(V, V[::-1]), peer.generator(V, V[::-1]))


def test_jensen_shannon_row_is_the_gan_row_but_for_a_constant():
  js, gan = f_gan(divergences.JENSEN_SHANNON).critic, f_gan(divergences.GAN).critic
  np.testing.assert_allclose(-js(V, V[::-1]), -gan(V, V[::-1]) + np.log(4), rtol=1e-12)
  gradients = [jax.grad(lambda r, f, h=h: h(r, f).sum(), (0, 1))(V, V[::-1]) for h in (js, gan)]
  np.testing.assert_array_equal(*gradients)
  np.testing.assert_allclose(gradients[0], [-expit(-V), expit(V[::-1])], rtol=1e-12)
