"""What samples say of distributions that do overlap: JS by counting in bins, W₁ by pairing.

    python launch.py --config=experiments/lecture/few_samples.py [--config.few_samples.shift=0.0]

With a shift of 0 both are one distribution, and still fine bins say log 2.
"""

import numpy as np
import scipy.stats

from wgan_jax import closed_forms, discrete, transport
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='Too few samples: nothing seems to overlap',
  lectures=(1,),
  claim='JS is not suitable, for two reasons. Data lie on a thin set of a large space, where overlap can be ignored; '
  'and even where P_G and P_data do overlap, too few samples of them do not.',
  source='Peyré & Cuturi, Computational Optimal Transport, section 8.4: W₁ of n samples in d > 2 dimensions is off by '
  'n^(-1/d).',
)


def get_config():
  return numbers(
    __file__,
    shift=0.5,  # of Q = N(shift, 1) from P = N(0, 1)
    samples=(64, 1024, 16384),  # of each
    finest=65536,  # bins
    pairs=(16, 32, 64, 128, 256, 512),  # of samples, on the right
    dimensions=(1, 2, 8, 32),  # there
    seed=0,
  )


def draw(config, folder):
  del folder
  if len(config.samples) > 3 or len(config.dimensions) > len(plots.COLOURS):
    raise UserError(f'give at most 3 numbers of samples and {len(plots.COLOURS)} of dimensions')
  rng = np.random.default_rng(config.seed)
  bins = 2 ** np.arange(1, max(np.log2(config.finest), 1) + 1, dtype=int)
  drawn = [(rng.normal(size=n), config.shift + rng.normal(size=n)) for n in config.samples]
  js = np.array([[in_bins(*pair, k) for k in bins] for pair in drawn])
  w1 = np.array([closed_forms.on_the_line(*pair) for pair in drawn])
  same = np.array([[of_one(rng, n, d) for n in config.pairs] for d in config.dimensions])
  truth = true_js(config.shift)
  measured = {
    'js': truth,
    'w1': abs(config.shift),
    'bins': bins[-1],
    'log_2': np.log(2),
    'js_coarse': js[0, 0],
    'js_fine_few': js[0, -1],
    'js_fine_many': js[-1, -1],
    'w1_few': w1[0],
    'w1_many': w1[-1],
    'w1_of_one_least': same[0, -1],
    'w1_of_one_most': same[-1, -1],
  }
  m = measured
  few, many = config.samples[0], config.samples[-1]
  told = (
    f'JS is {m["js"]:.4f}. From {few} samples of each it seems to be {m["js_coarse"]:.4f} in {bins[0]} bins and '
    f'{m["js_fine_few"]:.4f} in {bins[-1]}, from {many} samples {m["js_fine_many"]:.4f} there: the finer the bins, the '
    f'nearer to log 2 = {m["log_2"]:.4f}. W₁ needs no bins: it is {m["w1"]:g}, and seems to be {m["w1_few"]:.4f} '
    f'from {few} samples and {m["w1_many"]:.4f} from {many}. But in many dimensions samples are far apart by W₁ as '
    f'well: two sets of {config.pairs[-1]} from one Gaussian seem to be {m["w1_of_one_least"]:.3f} apart with d = '
    f'{config.dimensions[0]} and {m["w1_of_one_most"]:.3f} with d = {config.dimensions[-1]}, while the truth is 0.'
  )
  return Figure(told, measured, picture(config, bins, js, truth, same))


def in_bins(x, y, bins):
  """JS of two sets of samples [N], counted in equal bins."""
  ends = np.histogram_bin_edges(np.concatenate([x, y]), bins)
  return discrete.jensen_shannon(*(np.histogram(of, ends)[0] / len(of) for of in (x, y)))


def true_js(shift):
  """Of N(0, 1) and N(shift, 1), as an integral."""
  x = np.linspace(min(0, shift) - 10, max(0, shift) + 10, 4001)
  p, q = scipy.stats.norm.pdf(x), scipy.stats.norm.pdf(x - shift)
  return discrete.jensen_shannon(p / p.sum(), q / q.sum())


def of_one(rng, n, d):
  """W₁ of two sets of n samples of N(0, I) in d dimensions, by pairing them."""
  costs = transport.cost_matrix(rng.normal(size=(n, d)), rng.normal(size=(n, d)))
  return costs[np.arange(n), transport.pairing(costs)].mean()


def picture(config, bins, js, truth, same):
  figure, (axes,) = plots.panels(2, height=3.6)
  left, right = axes
  for n, values, colour in zip(config.samples, js, plots.COLOURS, strict=False):
    left.semilogx(bins, values, '.-', color=colour, label=f'from {n} samples of each')
  left.axhline(np.log(2), color=plots.INK, linestyle=':', label='log 2')
  left.axhline(truth, color=plots.INK, linestyle='--', label='the truth')
  left.set_ylim(-0.02, 0.95)
  plots.label(left, 'JS of two Gaussians that overlap', 'bins', 'JS, in nats')
  plots.legend(left, ncols=2, loc='upper left')
  for d, values, colour in zip(config.dimensions, same, plots.COLOURS, strict=False):
    right.loglog(config.pairs, values, '.-', color=colour, label=f'd = {d}')
  right.set_xticks(config.pairs, map(str, config.pairs))
  right.minorticks_off()
  plots.label(right, 'W₁ of samples of one Gaussian with itself', 'samples of each', 'W₁, in truth 0')
  plots.legend(right, ncols=2, loc='lower left')
  return figure
