"""The f-GAN family: lower bounds of f-divergences as objectives.

D_f(P || Q) = E_Q f(p / q) >= E_P T(x) - E_Q f*(T(x)), with equality at T* = f'(p / q). P is the data, Q the generator,
and T = g(V) is the critic's logit V through an activation that keeps it where the conjugate f* is finite.

Nowozin et al., "f-GAN: Training Generative Neural Samplers using Variational Divergence Minimization", Eq. 4-7, tables
1, 2 and 6, https://arxiv.org/abs/1606.00709. Two of its rows, which lectures copy, are mended here: (u - 1)^2 generates
Pearson's integral of (p - q)^2 / q, while the one over p printed beside it is Neyman's; and with
u log u - (u + 1) log((u + 1) / 2) the divergence is twice the Jensen-Shannon one. Activations rise with V
everywhere, so that a large logit means data.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax.objectives import Objective, of_sums


class Divergence(NamedTuple):
  """One row of the table; every field is an elementwise function of arrays.

  f: of u = p / q > 0, convex; most have f(1) = 0.
  activation: g, any logit -> the domain of f*.
  conjugate: f*, t -> sup over u of u t - f(u), of all real u in Pearson's row: there T* is never where it matters.
  of_logits: f*(g(V)) in one closed form, which stays finite and exact where the two by turns would not. All rows hold
    to the letter for logits within 20 of zero; beyond that exponentials are `bounded_exp`.
  optimal: T* as a function of u = p / q.
  undecided: the logit of samples with u = 1, where g is f'(1) (table 2 there).
  """

  f: Callable
  activation: Callable
  conjugate: Callable
  of_logits: Callable
  optimal: Callable
  undecided: float = 0.0


@jax.custom_jvp
def log_wright_omega(z: jax.Array) -> jax.Array:
  """log w of the w > 0 with w + log w = z, elementwise: of Lambert's W(e^z), without the overflow."""
  log_w = jnp.where(z > 1.0, jnp.log(jnp.maximum(z, 1.0)), z)  # right of the root of a convex, rising function
  for _ in range(6):  # Newton's steps, of which five reach float precision from here
    w = jnp.exp(log_w)
    log_w = log_w - (w + log_w - z) / (w + 1.0)
  return log_w


@log_wright_omega.defjvp
def _log_wright_omega_jvp(primals, tangents):
  log_w = log_wright_omega(*primals)
  return log_w, tangents[0] / (1.0 + jnp.exp(log_w))


LARGEST = 20.0  # exponent; ratios of densities above e^20 = 5e8 are told apart, but not to scale


def bounded_exp(x: jax.Array) -> jax.Array:
  """exp(x), which above x = 20 goes on along its tangent, so that one stray logit makes no gradient overflow.

  In a conjugate that is the conjugate of f on ratios up to e^20, instead of up to infinity.
  """
  return jnp.exp(jnp.minimum(x, LARGEST)) * (1.0 + jnp.maximum(x - LARGEST, 0.0))


def _jeffrey_conjugate(t):
  log_w = log_wright_omega(1.0 - t)  # w = q / p where t = T*
  return bounded_exp(-log_w) - 1.0 - log_w  # w + 1 / w + t - 2 in the paper, which cancels where w is large


LOG2 = float(np.log(2.0))

KULLBACK_LEIBLER = Divergence(
  f=lambda u: u * jnp.log(u),
  activation=lambda v: v,
  conjugate=lambda t: bounded_exp(t - 1.0),
  of_logits=lambda v: bounded_exp(v - 1.0),
  optimal=lambda u: 1.0 + jnp.log(u),
  undecided=1.0,
)
REVERSE_KULLBACK_LEIBLER = Divergence(
  f=lambda u: -jnp.log(u),
  activation=lambda v: -bounded_exp(-v),
  conjugate=lambda t: -1.0 - jnp.log(-t),
  of_logits=lambda v: v - 1.0,
  optimal=lambda u: -1.0 / u,
)
PEARSON = Divergence(
  f=lambda u: (u - 1.0) ** 2,
  activation=lambda v: v,
  conjugate=lambda t: t**2 / 4.0 + t,
  of_logits=lambda v: v**2 / 4.0 + v,
  optimal=lambda u: 2.0 * (u - 1.0),
)
NEYMAN = Divergence(
  f=lambda u: (1.0 - u) ** 2 / u,
  activation=lambda v: 1.0 - bounded_exp(-v),
  conjugate=lambda t: 2.0 - 2.0 * jnp.sqrt(1.0 - t),
  of_logits=lambda v: 2.0 - 2.0 * bounded_exp(-v / 2.0),
  optimal=lambda u: 1.0 - u**-2.0,
)
SQUARED_HELLINGER = Divergence(
  f=lambda u: (jnp.sqrt(u) - 1.0) ** 2,
  activation=lambda v: 1.0 - bounded_exp(-v),
  conjugate=lambda t: t / (1.0 - t),
  of_logits=lambda v: jnp.where(v < 1.0, jnp.expm1(jnp.minimum(v, 1.0)), bounded_exp(v) - 1.0),
  optimal=lambda u: 1.0 - u**-0.5,
)
JEFFREY = Divergence(
  f=lambda u: (u - 1.0) * jnp.log(u),
  activation=lambda v: v,
  conjugate=_jeffrey_conjugate,
  of_logits=_jeffrey_conjugate,
  optimal=lambda u: 1.0 + jnp.log(u) - 1.0 / u,
)
JENSEN_SHANNON = Divergence(  # twice the Jensen-Shannon divergence
  f=lambda u: u * jnp.log(u) - (u + 1.0) * jnp.log((u + 1.0) / 2.0),
  activation=lambda v: LOG2 - jax.nn.softplus(-v),
  conjugate=lambda t: -jnp.log(2.0 - jnp.exp(t)),
  of_logits=lambda v: jax.nn.softplus(v) - LOG2,
  optimal=lambda u: LOG2 + jnp.log(u) - jnp.log1p(u),
)
GAN = Divergence(  # twice the Jensen-Shannon divergence less log 4
  f=lambda u: u * jnp.log(u) - (u + 1.0) * jnp.log(u + 1.0),
  activation=lambda v: -jax.nn.softplus(-v),
  conjugate=lambda t: -jnp.log(-jnp.expm1(t)),
  of_logits=lambda v: jax.nn.softplus(v),
  optimal=lambda u: jnp.log(u) - jnp.log1p(u),
)


def f_gan(divergence: Divergence, alternative: bool = False) -> Objective:
  """The bound of a divergence as a game.

  critic:     f*(g(V(G(z)))) - g(V(x))         [B]    minus its mean is the bound, in nats where the divergence is
  generator:  -f*(g(V(G(z))))                  [B]    the alternative one: -g(V(G(z)))

  Args:
    divergence: a row of the table above.
    alternative: whether the generator takes the second loss, which gives it more gradient early on (section 3.2).
  """
  g, of_logits = divergence.activation, divergence.of_logits
  generator = (lambda v: -g(v)) if alternative else (lambda v: -of_logits(v))
  objective = of_sums(lambda v: -g(v), of_logits, generator, value='divergence_bound')
  return objective._replace(undecided=divergence.undecided)
