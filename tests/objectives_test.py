import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.special import expit, log_expit

from wgan_jax import objectives
from wgan_jax.objectives import hinge, least_squares, minimax, non_saturating, relativistic, wasserstein

REAL, FAKE = jnp.array([3.0, 0.5, -2.0]), jnp.array([1.0, -0.25, -4.0])
GRID = np.stack(np.meshgrid(*[[-40.0, -3.0, -0.5, 0.0, 0.25, 2.0, 40.0]] * 2)).reshape(2, -1)  # pairs (real, fake)
P, Q = np.array([50, 30, 15, 5]), np.array([10, 20, 30, 40])  # how many of 100 samples fall on each of four points

# By hand, in float64: critic(r, f), generator(r, f), and their derivatives by r and by f.
BY_HAND = {
  'minimax': (
    minimax(),
    lambda r, f: (-log_expit(r) - log_expit(-f), -expit(-r), expit(f)),
    lambda r, f: (log_expit(-f), 0 * r, -expit(f)),
  ),
  'non_saturating': (
    non_saturating(),
    lambda r, f: (-log_expit(r) - log_expit(-f), -expit(-r), expit(f)),
    lambda r, f: (-log_expit(f), 0 * r, -expit(-f)),
  ),
  'least_squares': (
    least_squares(),
    lambda r, f: ((r - 1) ** 2 / 2 + f**2 / 2, r - 1, f),
    lambda r, f: ((f - 1) ** 2 / 2, 0 * r, f - 1),
  ),
  'least_squares(-1, 1, 0)': (
    least_squares(-1.0, 1.0, 0.0),
    lambda r, f: ((r - 1) ** 2 / 2 + (f + 1) ** 2 / 2, r - 1, f + 1),
    lambda r, f: (f**2 / 2, 0 * r, f),
  ),
  'relativistic': (
    relativistic(),
    lambda r, f: (-log_expit(r - f), -expit(f - r), expit(f - r)),
    lambda r, f: (-log_expit(f - r), expit(r - f), -expit(r - f)),
  ),
}
OBJECTIVES = {'wasserstein': wasserstein(), 'hinge': hinge()} | {name: row[0] for name, row in BY_HAND.items()}
OF_ONE_LOGIT = [name for name in OBJECTIVES if name != 'relativistic']


def with_gradients(half, real, fake):
  value, pull = jax.vjp(half, jnp.float32(real), jnp.float32(fake))
  return value, *pull(jnp.ones_like(value))


def on_samples_of(half, logits):
  """The mean of a half over 100 real samples from P and 100 generated ones from Q, with these logits of the points."""
  return float(jnp.mean(half(jnp.float32(np.repeat(logits, P)), jnp.float32(np.repeat(logits, Q)))))


@pytest.mark.parametrize('name', BY_HAND)
def test_values_and_gradients_are_those_by_hand_far_out_too(name):
  objective, *halves = BY_HAND[name]
  for half, expected in zip([objective.critic, objective.generator], halves, strict=True):
    for got, want in zip(with_gradients(half, *GRID), expected(*GRID), strict=True):
      np.testing.assert_allclose(got, want, rtol=2e-6)


def test_losses_are_pytorchs_cross_entropies():
  torch = pytest.importorskip('torch')
  cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits

  def by_torch(loss):
    r, f = (torch.tensor(x, requires_grad=True) for x in GRID)
    value = loss(lambda x, target: cross_entropy(x, torch.full_like(x, target), reduction='none'), r, f)
    gradients = torch.autograd.grad(value.sum(), (r, f), allow_unused=True)
    return [value.detach(), *(0 * r.detach() if g is None else g for g in gradients)]

  for half, loss in [
    (minimax().critic, lambda bce, r, f: bce(r, 1.0) + bce(f, 0.0)),
    (minimax().generator, lambda bce, r, f: -bce(f, 0.0)),
    (non_saturating().generator, lambda bce, r, f: bce(f, 1.0)),
    (relativistic().critic, lambda bce, r, f: bce(r - f, 1.0)),
    (relativistic().generator, lambda bce, r, f: bce(f - r, 1.0)),
  ]:
    for got, want in zip(with_gradients(half, *GRID), by_torch(loss), strict=True):
      np.testing.assert_allclose(got, want, rtol=2e-6, atol=2e-16)  # torch's own log1p(exp(-40)) gradient is rounded


def test_minimax_value_at_the_best_critic_is_twice_jensen_shannon_less_log_4():
  best = np.log(P / Q)
  expected = 2 * jensenshannon(P, Q) ** 2 - np.log(4)
  np.testing.assert_allclose(-on_samples_of(minimax().critic, best), expected, rtol=1e-6)
  for i in range(4):
    assert -on_samples_of(minimax().critic, best + 0.1 * np.eye(4)[i]) < expected


@pytest.mark.parametrize('a, b, c', [(-1.0, 1.0, 0.0), (-2.5, -0.5, -1.5)])
def test_least_squares_at_the_best_critic_is_pearsons_between_p_plus_q_and_2q(a, b, c):
  # Theorem 1 of the paper, whose Pearson divides by the first: 2 C(G) = sum (2 q - (p + q))^2 / (p + q). The paper adds
  # the term of the real samples, which has the generator's form and no gradient for it.
  objective, p, q = least_squares(a, b, c), P / 100, Q / 100
  best = (b * p + a * q) / (p + q)
  by_points = [on_samples_of(objective.critic, best + 0.1 * np.eye(4)[i]) for i in range(4)]
  assert on_samples_of(objective.critic, best) < min(by_points)
  on_fakes = on_samples_of(objective.generator, best)
  on_reals = on_samples_of(lambda real, fake: objective.generator(fake, real), best)
  np.testing.assert_allclose(2 * (on_reals + on_fakes), np.sum((2 * q - (p + q)) ** 2 / (p + q)), rtol=1e-6)


def test_wasserstein_critic_minimises_fake_minus_real():
  chex.assert_trees_all_close(wasserstein().critic(REAL, FAKE), jnp.array([-2.0, -0.75, -2.0]))


def test_wasserstein_generator_raises_the_fake_logits():
  chex.assert_trees_all_close(wasserstein().generator(REAL, FAKE), jnp.array([-1.0, 0.25, 4.0]))


def test_wasserstein_calls_its_value_the_estimate_of_w1():
  assert wasserstein().value == 'w1_estimate'
  assert minimax().value == non_saturating().value == relativistic().value == 'critic_value'


def test_hinge_critic_cares_only_inside_the_margin():
  # 0 + 2, 0.5 + 0.75, 3 + 0
  chex.assert_trees_all_close(hinge().critic(REAL, FAKE), jnp.array([2.0, 1.25, 3.0]))


def test_hinge_critic_has_no_gradient_beyond_the_margin():
  gradients = jax.grad(lambda real, fake: hinge().critic(real, fake).sum(), (0, 1))(REAL, FAKE)
  chex.assert_trees_all_close(gradients, (jnp.array([0.0, -1.0, -1.0]), jnp.array([1.0, 1.0, 0.0])))


def test_hinge_generator_raises_the_fake_logits_without_a_margin():
  chex.assert_trees_all_close(hinge().generator(REAL, FAKE), jnp.array([-1.0, 0.25, 4.0]))


@pytest.mark.parametrize('name', OBJECTIVES)
@pytest.mark.parametrize('real, fake', [((4, 1), (4, 1)), ((4,), (4, 1)), ((4,), (1,)), ((), ())])
def test_critic_takes_only_two_vectors_of_one_length(name, real, fake):
  with pytest.raises(AssertionError):
    OBJECTIVES[name].critic(jnp.zeros(real), jnp.zeros(fake))


@pytest.mark.parametrize('name', OF_ONE_LOGIT)
def test_generator_takes_only_a_vector_but_of_any_length(name):
  chex.assert_shape(OBJECTIVES[name].generator(jnp.zeros(4), jnp.zeros(8)), (8,))
  with pytest.raises(AssertionError):
    OBJECTIVES[name].generator(jnp.zeros(4), jnp.zeros((4, 1)))


@pytest.mark.parametrize('real, fake', [((4, 1), (4, 1)), ((4,), (8,)), ((8,), (4,)), ((4,), (1,)), ((), ())])
def test_relativistic_generator_needs_a_real_partner_for_each_fake(real, fake):
  with pytest.raises(AssertionError):
    relativistic().generator(jnp.zeros(real), jnp.zeros(fake))


@pytest.mark.parametrize(
  'objective', [objectives.minimax(), objectives.hinge(), least_squares(), least_squares(-1.0, 2.0, 0.0)]
)
def test_the_undecided_logit_is_the_best_answer_where_real_and_fake_are_alike(objective):
  alike = lambda v: jnp.sum(objective.critic(v, v))
  np.testing.assert_allclose(jax.grad(alike)(jnp.array([objective.undecided])), 0, atol=1e-7)


@pytest.mark.parametrize('objective', [wasserstein(), relativistic()])
def test_logits_that_may_be_shifted_have_no_undecided_one(objective):
  shifted = objective.critic(REAL + 3, FAKE + 3)
  np.testing.assert_allclose(shifted, objective.critic(REAL, FAKE), rtol=1e-5)
  assert objective.undecided is None
