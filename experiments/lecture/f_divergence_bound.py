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
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

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
NAMES = {
  'kl': ('Kullback-Leibler', 'u log u'),
  'reverse_kl': ('reverse KL', '−log u'),
  'pearson': ('Pearson χ²', '(u − 1)²'),
  'neyman': ('Neyman χ²', '(1 − u)² / u'),
  'squared_hellinger': ('squared Hellinger', '(√u − 1)²'),
  'jeffrey': ('Jeffrey', '(u − 1) log u'),
  'jensen_shannon': ('Jensen-Shannon', 'u log u − (u + 1) log((u + 1)/2)'),
  'gan': ('GAN', 'u log u − (u + 1) log(u + 1)'),
}
PRINTED = {  # in the lecture's table, of densities p and q
  'kl': lambda p, q: p * np.log(p / q),
  'reverse_kl': lambda p, q: q * np.log(q / p),
  'pearson': lambda p, q: (q - p) ** 2 / p,
  'squared_hellinger': lambda p, q: (np.sqrt(p) - np.sqrt(q)) ** 2,
  'jensen_shannon': lambda p, q: (p * np.log(2 * p / (p + q)) + q * np.log(2 * q / (p + q))) / 2,
}
PLACES = 4001  # of the grid that integrals are sums over
SURE = 0.999  # of a critic that calls everything real


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
  measured, rows, worst = {}, [], -np.inf
  for i, (name, (title, formula)) in enumerate(NAMES.items()):
    row = DIVERGENCES[name]
    truth, blind = discrete.f_divergence(row, p, q), discrete.f_divergence(row, q, q)

    def bound(power, row=row):
      return discrete.variational_bound(row, p, q, critic(row, p, q, power))

    bounds, at_best, straight = np.array([bound(power) for power in powers]), bound(1), best_line(row, x, p, q)
    worst = max(worst, *(bounds - truth), straight - truth)
    printed = PRINTED[name](p, q).sum() if name in PRINTED else np.nan
    measured |= {name: truth, f'{name}_bound': at_best, f'{name}_straight': straight}
    measured |= {f'{name}_printed': printed} if name in PRINTED else {}
    measured[f'{name}_share'] = (straight - blind) / (truth - blind)
    colour, line = (*plots.COLOURS, plots.BLUE, plots.RED)[i], '--' if i >= len(plots.COLOURS) else '-'
    axes[0, 0].plot(powers, (bounds - blind) / (truth - blind), line, color=colour, label=title)
    axes[0, 1].barh(title, measured[f'{name}_share'], color=colour, alpha=1 if line == '-' else 0.6)
    shown = f'{printed:.6f}' if name in PRINTED else '–'
    rows.append([title, formula, f'{truth:.6f}', shown, f'{at_best:.6f}', f'{straight:.6f}'])
  axes[0, 0].set_ylim(-0.55, 1.1)
  plots.label(axes[0, 0], 'Bound of the critic f′((p/q)ᵃ)', 'power a', 'bound: 0 of a blind critic, 1 for D_f')
  plots.legend(axes[0, 0], loc='lower left', ncols=2)
  axes[0, 1].invert_yaxis()
  plots.label(axes[0, 1], 'Best bound of a straight logit', 'bound, in the same unit', ' ')
  wrong_sign = q.sum() * -np.log(1 - SURE) + p.sum() * np.log(SURE)
  measured |= {'largest_excess': worst, 'wrong_sign': wrong_sign, 'sure': SURE}
  head = ['divergence', 'f(u)', '∫ q f(p/q)', 'the integral printed', 'bound at T*', 'best with V(x) = ax + b']
  return Figure(told(measured), measured, figure, [head, *rows])


def gaussians(config):
  """Places on the line and the masses of P and Q there."""
  if not 0.5**0.5 < config.width < 2**0.5:
    raise UserError('with a width of Q outside of (0.708, 1.414), Pearson’s or Neyman’s divergence is infinite')
  if abs(config.shift) > 3:
    raise UserError('with a shift of more than 3 the ratio of densities is more than numbers hold')
  reach = 12 * max(1, config.width) + abs(config.shift)
  x = np.linspace(-reach, reach, PLACES)
  p, q = np.exp(-(x**2) / 2), np.exp(-(((x - config.shift) / config.width) ** 2) / 2)
  return x, p / p.sum(), q / q.sum()


def critic(row, p, q, power):
  """f′ of a power of the ratio of densities: T* for 1, blind for 0."""
  with jax.enable_x64(True):
    return np.asarray(row.optimal(jnp.asarray((p / q) ** power)))


def best_line(row, x, p, q):
  """The greatest bound of critics g(ax + b)."""

  def loss(line):
    v = line[0] * x + line[1]
    return jnp.sum(q * row.of_logits(v)) - jnp.sum(p * row.activation(v))

  with jax.enable_x64(True):
    start = np.array([0.0, row.undecided])
    found = scipy.optimize.minimize(jax.jit(jax.value_and_grad(loss)), start, jac=True, method='BFGS')
    return -float(found.fun)


def told(m):
  return (
    'At T* the bound is the divergence in all eight rows, and no other critic tried goes above it (at most '
    f'{m["largest_excess"]:.1e}, which is rounding). f = (u − 1)² gives {m["pearson"]:.4f}, the integral printed '
    f'beside it {m["pearson_printed"]:.4f}, which is what Neyman’s f gives, {m["neyman"]:.4f}. The Jensen-Shannon row '
    f'gives {m["jensen_shannon"]:.4f}, the printed integral {m["jensen_shannon_printed"]:.4f}, half of it. With the '
    f'printed minus sign a critic that says D = {m["sure"]:.3f} everywhere has the value {m["wrong_sign"]:.3f}, where '
    f'with plus none has more than {m["gan"]:.4f}. A critic whose logit cannot bend reaches {m["kl_share"]:.1%} of KL.'
  )
