"""Formulas that the lectures print wrongly, in one table, where it can be with a number that tells them apart.

    python launch.py --config=experiments/lecture/errata.py [--config.errata.probability=0.9]

A number may hide an error: a critic of slope -1 has the same penalty as one of slope 1, with the gradient as without.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax import dragan, gradient_penalty
from wgan_jax.errors import UserError
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='Errata of formulas',
  lectures=(0, 1, 2, 3, 4),
  claim='The formulas in the column “printed”. Errata that have a figure stand below it.',
  source='The papers: WGAN 1701.07875, WGAN-GP 1704.00028, DRAGAN 1705.07215, ACGAN 1610.09585, BEGAN 1703.10717, ALAE '
  '2004.04467, all on arXiv; Evans & Gariepy, Measure Theory and Fine Properties of Functions, section 3.1.',
)


class Erratum(NamedTuple):
  """A formula as printed, and as it is right.

  what: is compared. check: config -> (that of the printed, that of the right); None where there is nothing to compute.
  """

  lecture: int
  printed: str
  right: str
  what: str = ''
  check: Callable | None = None


def get_config():
  return numbers(
    __file__,
    slope=1.0,  # of a critic that is straight, whose penalty is looked at
    weight=10.0,  # lambda of the penalty
    probability=0.7,  # of a class
    rounds=500,  # of BEGAN's balance
    gap=0.01,  # radians, half of the distance across the cut of the ring
    seed=0,
  )


def straight(config):
  """A critic f(x) = slope x + 5 on some points, and real and fake ones."""
  real, fake = jax.random.normal(jax.random.key(config.seed), (2, 64, 1))
  return lambda x: config.slope * x[:, 0] + 5.0, real, fake


def without_gradient(config):
  critic, real, fake = straight(config)
  mixed = (real + fake) / 2
  printed = config.weight * jnp.mean((jnp.abs(critic(mixed)) - 1) ** 2)
  penalty = gradient_penalty(weight=config.weight)
  return float(printed), float(jnp.mean(penalty(critic, real, fake, jax.random.split(jax.random.key(1), 64))))


def against_fakes(config):
  """DRAGAN's penalty as printed compares the critic with a mixture of samples; the right one looks at its slope."""
  critic, real, fake = straight(config)
  noisy = real + 0.5 * jnp.std(real) * jax.random.uniform(jax.random.key(2), real.shape)
  printed = config.weight * jnp.mean((critic(real) - (1 - 0.5 * noisy + 0.5 * fake)[:, 0]) ** 2)
  return float(printed), float(
    jnp.mean(dragan(config.weight)(critic, real, fake, jax.random.split(jax.random.key(1), 64)))
  )


def sign_of_penalty(config):
  """The slope in [0, 10] that maximises slope W ± λ (slope - 1)², with W = 1."""
  slopes = np.linspace(0, 10, 100_001)
  penalty = config.weight * (slopes - 1) ** 2
  return slopes[np.argmax(slopes + penalty)], slopes[np.argmax(slopes - penalty)]


def interpolant(config):
  """Where a point lies between 3 and 3, at alpha = 1/2."""
  del config
  return 0.5 * 3 - (1 - 0.5 * 3), 0.5 * 3 + (1 - 0.5) * 3


def best_guess(config):
  """The probability q that a classifier should say for the most reward, where the class has probability p."""
  q = np.linspace(1e-6, 1 - 1e-6, 100_001)
  p = config.probability
  return q[np.argmax(p * q + (1 - p) * (1 - q))], q[np.argmax(p * np.log(q) + (1 - p) * np.log(1 - q))]


def without_clip(config):
  """BEGAN's k where samples stay easy to reconstruct: L(G) = 0.1, L(x) = 1, gamma 0.75, rate 0.01."""
  k = clipped = 0.0
  for _ in range(config.rounds):
    step = 0.01 * (0.75 * 1.0 - 0.1)
    k, clipped = k + step, min(max(clipped + step, 0.0), 1.0)
  return k, clipped


def across_the_cut(config):
  """The steepest slope of the angle on a ring 1 <= r <= 2 that is cut open, beside the largest norm of its gradient."""
  ends = np.exp(1j * np.array([config.gap, 2 * math.pi - config.gap]))
  return 1.0, (2 * math.pi - 2 * config.gap) / abs(ends[1] - ends[0])


ERRATA = (
  Erratum(0, 'λ E(|D(x̂)| − 1)²', 'λ E(‖∇D(x̂)‖ − 1)²', 'the penalty of f(x) = slope·x + 5', without_gradient),
  Erratum(0, 'maximise L_D + λ(…)²', 'maximise L_D − λ(…)²', 'the best slope in [0, 10] where W₁ = 1', sign_of_penalty),
  Erratum(0, 'DRAGAN: λ E(D(x) − (1 − αx_p + αG(x)))²', 'λ E(‖∇D(αx + (1 − α)x_p)‖ − 1)², where x_p is a real sample '
          'with noise', 'the penalty of f(x) = slope·x + 5, x_p and G(x) beside x', against_fakes),
  Erratum(0, 'αx − (1 − αx_p), in the picture of that row', 'αx + (1 − α)x_p', 'halfway from 3 to 3', interpolant),
  Erratum(0, 'ACGAN: E P(class | x)', 'E log P(class | x)', 'what a classifier does best to say', best_guess),
  Erratum(0, 'BEGAN: k + λ(yD(x) − D(G))', 'clip(k + λ(γL(x) − L(G)), 0, 1)', 'k after the rounds', without_clip),
  Erratum(0, 'InfoGAN: L₁(c, c′)', 'L_I(G, Q), a bound of the mutual information, times λ for G and Q'),
  Erratum(0, 'EBCGAN', 'EBGAN'),
  Erratum(0, 'ALAE, step I: x from the prior N(0, I)', 'x from the data'),
  Erratum(0, '1-Lipschitz iff ‖∇f‖ ≤ 1 (also 4)', 'for differentiable f (as lecture 1 says) on a convex domain',
          'the largest slope of the angle on a ring of radius 1 to 2, cut open, where its gradient is 1 at most',
          across_the_cut),
  Erratum(1, 'G minimises E log D(x) − E D(G(z))', '−E D(G(z)): D(x) does not depend on G, and may be negative'),
  Erratum(2, '‖x − y‖ is the L1 norm', 'the Euclidean norm; the same on the line', 'from (0, 0) to (1, 1)',
          lambda config: (2.0, float(np.hypot(1, 1)))),
  Erratum(3, 'log(ab) = log(a + b)', 'log(ab) = log a + log b', 'for a = 2, b = 3',
          lambda config: (math.log(2 + 3), math.log(2) + math.log(3))),
  Erratum(4, 'for t = 0, …, n_critic', 'for t = 1, …, n_critic', 'critic updates where n_critic = 5',
          lambda config: (len(range(0, 5 + 1)), len(range(1, 5 + 1)))),
)  # fmt: skip


def draw(config, folder):
  del folder
  if not 0 <= config.probability <= 1:
    raise UserError(f'probability={config.probability:g}: choose one from 0 to 1')
  if config.weight < 0 or not 0 < config.gap < math.pi:
    raise UserError(f'weight={config.weight:g} and gap={config.gap:g}: a weight is 0 or more, the gap between 0 and π')
  checked = {erratum: erratum.check(config) for erratum in ERRATA if erratum.check}
  rows = [['lecture', 'printed', 'right', 'compared', 'of the printed', 'of the right']]
  for erratum in ERRATA:
    values = [f'{value:.4g}' for value in checked.get(erratum, ())] or ['–', '–']
    rows.append([f'{erratum.lecture}', erratum.printed, erratum.right, erratum.what or '–', *values])
  measured = {
    f'{e.what}: {of}': v for e, pair in checked.items() for of, v in zip(('printed', 'right'), pair, strict=True)
  }
  apart = sum(not math.isclose(*pair, rel_tol=1e-3, abs_tol=1e-6) for pair in checked.values())
  told = f'{apart} of these {len(ERRATA)} are told apart by a number, computed from both formulas.'
  measured['told apart'] = apart
  return Figure(told, measured, table=rows)
