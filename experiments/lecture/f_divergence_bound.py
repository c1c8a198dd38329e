"""The bound of an f-divergence by a critic, beside the divergence, for all eight of f-GAN's table.

    python launch.py --config=experiments/lecture/f_divergence_bound.py [--config.f_divergence_bound.width=1.0]

Try width=1.0: then log p / q is a straight line, and a critic that cannot bend is as good as the best for most rows.
"""

import jax
import jax.numpy as jnp
import numpy as np
import scipy.optimize

from wgan_jax import discrete
from wgan_jax.build import DIVERGENCES
from wgan_jax.divergences import log_wright_omega
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.known import LOOKS

ABOUT = About(
  title='Every f-divergence is bounded from below by a critic',
  lectures=(4,),
  claim='D_f(P‖Q) ≥ E_P T(x) − E_Q f*(T(x)) for any critic T, with equality at T* = f′(p/q): so a critic that '
  'maximises the right side measures the divergence. A table gives D_f, the generator f(u) and T* for five '
  'divergences, and the GAN objective is E_P log D − E_Q log(1 − D).',
  erratum='Pearson: f(u) = (u − 1)² generates ∫(p − q)²/q, while the table prints the integral over p, which is '
  'Neyman’s (a slip of the paper’s table 1). Jensen-Shannon: −(u + 1) log((1 + u)/2) + u log u generates twice the '
  'integral that is printed. The GAN objective must have + E_Q log(1 − D): −f*(g(V)) is log(1 − D), and with the '
  'printed minus a critic that calls everything real wins without bound. The other rows and all five T* are right.',
  source='Nowozin et al., f-GAN (2016), Eq. 4 and tables 1, 2, 5 and 6.',
)
FORMULAS = {
  'kl': 'u log u',
  'reverse_kl': '−log u',
  'pearson': '(u − 1)²',
  'neyman': '(1 − u)² / u',
  'squared_hellinger': '(√u − 1)²',
  'jeffrey': '(u − 1) log u',
  'jensen_shannon': 'u log u − (u + 1) log((u + 1)/2)',
  'gan': 'u log u − (u + 1) log(u + 1)',
}
PRINTED = {  # in the lecture's table, of densities p and q
  'kl': lambda p, q: p * np.log(p / q),
  'reverse_kl': lambda p, q: q * np.log(q / p),
  'pearson': lambda p, q: (q - p) ** 2 / p,
  'squared_hellinger': lambda p, q: (np.sqrt(p) - np.sqrt(q)) ** 2,
  'jensen_shannon': lambda p, q: (p * np.log(2 * p / (p + q)) + q * np.log(2 * q / (p + q))) / 2,
}
PLACES = 4001  # of the grid that integrals are sums over
SPREADS = 8  # standard deviations of an integrand that the grid holds to either side of its middle
SMALLEST = 700  # minus the logarithm of the smallest density that is told from 0
SURE = 0.999  # of a critic that calls everything real
ROUNDING = 1e-8  # of a divergence
EXACT = {  # where a row leaves the exponential at logits beyond 20, by the name of what it changes
  'kl': dict.fromkeys(('conjugate', 'of_logits'), lambda t: jnp.exp(t - 1)),
  'reverse_kl': {'activation': lambda v: -jnp.exp(-v)},
  'neyman': {'activation': lambda v: 1 - jnp.exp(-v), 'of_logits': lambda v: 2 - 2 * jnp.exp(-v / 2)},
  'squared_hellinger': {'activation': lambda v: 1 - jnp.exp(-v), 'of_logits': jnp.expm1},
  'jeffrey': dict.fromkeys(('conjugate', 'of_logits'), lambda t: jeffrey_conjugate(log_wright_omega(1 - t))),
}


def get_config():
  return numbers(
    __file__,
    shift=1.0,  # of the mean of Q, a Gaussian, from that of P, the standard one
    width=1.2,  # standard deviation of Q
  )


def draw(config, folder):
  del folder
  x, p, q = gaussians(config)
  powers = np.linspace(0, 1.5, 61)
  figure, axes = plots.panels(2, height=4.2, width_ratios=(3, 2))
  measured, rows, above, missed = {}, [], 0, 0
  for name, formula in FORMULAS.items():
    row, look = DIVERGENCES[name]._replace(**EXACT.get(name, {})), LOOKS[name]
    truth, blind = discrete.f_divergence(row, p, q), discrete.f_divergence(row, q, q)

    def bound(power, row=row):
      with np.errstate(invalid='ignore'):
        value = discrete.variational_bound(row, p, q, critic(row, p, q, power))
      return value if np.isfinite(value) else -np.inf  # a critic that is too sure, where numbers end

    bounds, at_best, straight = np.array([bound(power) for power in powers]), bound(1), best_line(row, x, p, q)
    scale = abs(truth)
    above = max(above, (bounds.max() - truth) / scale, (straight - truth) / scale)
    missed = max(missed, abs(at_best - truth) / scale)
    printed = PRINTED[name](p, q).sum() if name in PRINTED else np.nan
    measured |= {name: truth, f'{name}_bound': at_best, f'{name}_straight': straight}
    measured |= {f'{name}_printed': printed} if name in PRINTED else {}
    measured[f'{name}_share'] = (straight - blind) / (truth - blind)
    axes[0, 0].plot(powers, (bounds - blind) / (truth - blind), **look.options)
    axes[0, 1].barh(look.title, measured[f'{name}_share'], color=look.colour, alpha=1 if look.line == '-' else 0.6)
    shown = f'{printed:.6f}' if name in PRINTED else '–'
    rows.append([look.title, formula, f'{truth:.6f}', shown, f'{at_best:.6f}', f'{straight:.6f}'])
  axes[0, 0].set_ylim(-0.55, 1.1)
  plots.label(axes[0, 0], 'Bound of the critic f′((p/q)ᵃ)', 'power a', 'bound: 0 of a blind critic, 1 for D_f')
  plots.legend(axes[0, 0], loc='lower left', ncols=2)
  axes[0, 1].invert_yaxis()
  plots.label(axes[0, 1], 'Best bound of a straight logit', 'bound, in the same unit', ' ')
  wrong_sign = q.sum() * -np.log(1 - SURE) + p.sum() * np.log(SURE)
  measured |= {'largest_excess': above, 'missed': missed, 'wrong_sign': wrong_sign, 'sure': SURE}
  head = ['divergence', 'f(u)', '∫ q f(p/q)', 'the integral printed', 'bound at T*', 'best with V(x) = ax + b']
  return Figure(told(measured), measured, figure, [head, *rows])


def gaussians(config):
  """Places on the line and the masses of P and Q there."""
  if not 0.5**0.5 < config.width < 2**0.5:
    raise UserError('with a width of Q outside of (0.708, 1.414), Pearson’s or Neyman’s divergence is infinite')
  if max(abs(config.shift), abs(config.width - 1)) < 1e-3:
    raise UserError('P and Q are the same, and so are all bounds: give a shift other than 0, or a width other than 1')
  ends = [mean + side * SPREADS * spread for mean, spread in integrands(config) for side in (-1, 1)]
  x = np.linspace(min(ends), max(ends), PLACES)
  log_p, log_q = -(x**2) / 2, -(((x - config.shift) / config.width) ** 2) / 2
  if abs(config.shift) > 3 or min(log_p.min(), log_q.min()) < -SMALLEST:
    raise UserError(
      f'with shift {config.shift:g} and width {config.width:g} Pearson’s or Neyman’s divergence is decided where a '
      'density is less than numbers hold: choose a smaller shift, or a width nearer to 1'
    )
  p, q = np.exp(log_p), np.exp(log_q)
  return x, p / p.sum(), q / q.sum()


def integrands(config):
  """(mean, standard deviation) of P, of Q, and of the Gaussians that p²/q and q²/p are multiples of."""
  s, w = config.shift, config.width
  return (0, 1), (s, w), (-s / (2 * w**2 - 1), w / np.sqrt(2 * w**2 - 1)), (2 * s / (2 - w**2), w / np.sqrt(2 - w**2))


def critic(row, p, q, power):
  """f′ of a power of the ratio of densities: T* for 1, blind for 0."""
  with jax.enable_x64(True):
    # Nearer to the end of the domain of f*, numbers do not tell a critic from one at that end, where f* is infinite.
    most = row.activation(30.0) if np.isfinite(row.activation(jnp.inf)) else np.inf
    return np.minimum(row.optimal(jnp.asarray((p / q) ** power)), most)


def jeffrey_conjugate(log_w):
  return jnp.exp(-log_w) - 1 - log_w


def best_line(row, x, p, q):
  """The greatest bound of critics g(ax + b)."""

  def loss(line):
    v = line[0] * x + line[1]
    return jnp.sum(q * row.of_logits(v)) - jnp.sum(p * row.activation(v))

  with jax.enable_x64(True):
    compiled, start = jax.jit(loss), np.array([0.0, row.undecided])
    found = scipy.optimize.minimize(
      lambda line: np.nan_to_num(compiled(line), nan=np.inf, posinf=np.inf),
      start,
      method='Nelder-Mead',
      options={'xatol': 1e-9, 'fatol': 1e-12, 'maxiter': 2000, 'initial_simplex': start + np.eye(3, 2) / 2},
    )
    return -float(found.fun)


def told(m):
  above = f'{m["largest_excess"]:.1e} of it' + (', which is rounding' if m['largest_excess'] < ROUNDING else '')
  return (
    f'At T* the bound differs from the divergence, in all eight rows, by {m["missed"]:.1e} of it at most; of the other '
    f'critics tried none goes above it by more than {above}. f = (u − 1)² gives {m["pearson"]:.4f}, the integral '
    f'printed beside it {m["pearson_printed"]:.4f}, which is what Neyman’s f gives, {m["neyman"]:.4f}. The '
    f'Jensen-Shannon row gives {m["jensen_shannon"]:.4f}, the printed integral {m["jensen_shannon_printed"]:.4f}, half '
    f'of it. With the printed minus sign a critic that says D = {m["sure"]:.3f} everywhere has the value '
    f'{m["wrong_sign"]:.3f}, where with plus none has more than {m["gan"]:.4f}. A critic whose logit cannot bend '
    f'reaches {m["kl_share"]:.1%} of KL.'
  )
