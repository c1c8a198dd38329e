"""A coin fitted to samples of another coin: which distance has sample gradients that are right on average.

    python launch.py --config=experiments/lecture/biased_gradients.py [--config.biased_gradients.first=0.3]

Coins are worth changing; where m θ* is a whole number W₁ is, by luck, stationary where it should be.
"""

import numpy as np
import scipy.stats

from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='Sample gradients of W₁ are biased, those of the Cramér distance are not',
  lectures=(4,),
  claim='The expected gradient of the distance to a few samples can differ from the true gradient, and this leads to '
  'problems even for Bernoulli distributions: Bernoulli(θ) is fitted to Bernoulli(θ*).',
  source='Bellemare et al., The Cramer Distance as a Solution to Biased Wasserstein Gradients, arXiv:1705.10743, '
  'section 3 and figure 1; W₁ = |θ − θ*|, Cramér distance (θ − θ*)². A minibatch has the best critic of its own '
  'there; the critic of a WGAN is shared by many, which makes this milder.',
)
COLOURS = plots.BLUE, plots.RED, plots.TEAL  # of few, some and many samples in a minibatch


def get_config():
  return numbers(
    __file__,
    first=0.6,  # θ*, the coin to be learned
    second=0.9,  # another one
    few=1,  # samples m in a minibatch
    some=6,
    many=32,
    runs=500,  # descents, each with samples of its own
    updates=1000,  # in each of them
    rate=0.05,  # of learning, divided by the root of the number of updates so far
    seed=0,
  )


def draw(config, folder):
  del folder
  coins, batches = (config.first, config.second), (config.few, config.some, config.many)
  if not all(0 < coin < 1 for coin in coins):
    raise UserError('a coin that always shows the same has no samples to learn from: choose first and second in (0, 1)')
  figure, axes = plots.panels(3, 2, height=2.9)
  theta, measured = np.linspace(0.0025, 0.9975, 400), {}
  worst = [np.abs(expected(cramer, theta, coin, m) - cramer(theta, coin)).max() for coin in coins for m in batches]
  for column, coin in enumerate(coins):
    gradients(axes[0, column], theta, coin, batches)
    ends = descents(axes[1, column], coin, batches, config)
    measured |= {f'ends_{name}_{column}': value for name, value in ends.items()}
    for m in batches:
      measured[f'stationary_{m}_{column}'], measured[f'stationary_until_{m}_{column}'] = stationary(coin, m)
  remedy(axes[0, 2], theta, coins, config.some)
  bias(axes[1, 2], coins, max(batches))
  measured |= {'cramer_bias': max(worst), 'w1_at_half': expected(w1, np.array([0.5]), coins[0], config.few)[0]}
  return Figure(told(measured, coins, batches, config), measured | {'half': 0.5}, figure)


def told(measured, coins, batches, config):
  few, some, many = batches

  def still(m, i):
    first, last = (measured[f'stationary_{until}{m}_{i}'] for until in ('', 'until_'))
    return f'{first:.3f}' + (f' to {last:.3f} (0 between)' if last > first else '')

  signs = [' and '.join(still(m, i) for i in range(2)) for m in batches]
  ends = [' and '.join(f'{measured[f"ends_{name}_{i}"]:.3f}' for i in range(2)) for name in ('w1', 'cramer')]
  return (
    f'At θ = 0.5 the expected sample gradient of W₁ to Bernoulli({coins[0]}) from m = {few} is '
    f'{measured["w1_at_half"]:.3f}, the true one {w1(0.5, coins[0]):.0f}. For θ* = {coins[0]} and {coins[1]} it '
    f'changes sign at {signs[0]} with m = {few}, at {signs[1]} with m = {some}, at {signs[2]} with m = {many}: at the '
    f'median of the share of ones, which need not be its mean θ*. With m = {few} descent by sample gradients ends at '
    f'{ends[0]} for W₁ (mean of {config.runs} runs), at {ends[1]} for the Cramér distance, whose expected sample '
    f'gradient differs from the true one by {measured["cramer_bias"]:.0e} at most.'
  )


def w1(theta, coin):
  """The gradient of |theta - coin|."""
  return np.sign(theta - coin)


def cramer(theta, coin):
  """The gradient of (theta - coin)^2, the squared difference of the distribution functions, which differ at 0 alone."""
  return 2 * (theta - coin)


def expected(gradient, theta, coin, m):
  """The mean at each theta [N] of the gradient towards m samples, over every number of ones among them: [N]."""
  ones = np.arange(m + 1)
  return gradient(theta[:, None], (ones / m)[None]) @ scipy.stats.binom.pmf(ones, m, coin)


def stationary(coin, m):
  """(from, to) where the expected sample gradient of W1 changes sign: one place, or two, between which it is 0."""
  below = scipy.stats.binom.cdf(np.arange(m + 1), m, coin)  # the gradient beyond each share of ones is 2 below - 1
  return np.argmax(below > 1 / 2 - 1e-9) / m, np.argmax(below > 1 / 2 + 1e-9) / m


def gradients(axes, theta, coin, batches):
  axes.plot(theta, w1(theta, coin), color=plots.INK, linewidth=1, linestyle='--', label='true')
  for m, colour in zip(batches, COLOURS, strict=True):
    axes.plot(theta, expected(w1, theta, coin, m), color=colour, linewidth=1.5, label=f'm = {m}')
  plots.label(axes, f'W₁, θ* = {coin}', 'θ', 'expected sample gradient')
  plots.legend(axes, loc='upper left')


def remedy(axes, theta, coins, m):
  for coin, marker in zip(coins, 'os', strict=True):
    axes.plot(theta, cramer(theta, coin), color=plots.INK, linewidth=1, linestyle='--', label=f'true, θ* = {coin}')
    some = theta[10::20]
    axes.plot(
      some, expected(cramer, some, coin, m), marker, color=COLOURS[1], markersize=3, label=f'm = {m}, θ* = {coin}'
    )
  plots.label(axes, 'Cramér distance', 'θ', 'expected sample gradient')
  plots.legend(axes, loc='upper left')


def bias(axes, coins, most):
  m = np.arange(1, most + 1)
  for coin, colour in zip(coins, (plots.VIOLET, plots.GREY), strict=True):
    off = [np.mean(stationary(coin, n)) - coin for n in m]
    axes.plot(m, off, color=colour, marker='o', markersize=3, linewidth=1, label=f'θ* = {coin}')
  plots.label(axes, 'W₁ is stationary at θ* + …', 'samples m in a minibatch', 'bias')
  plots.legend(axes)


def descents(axes, coin, batches, config):
  """Draws the mean way of theta down each loss, from 1/2, and returns where the mean of the smallest batches ends."""
  random = np.random.default_rng(config.seed)
  ways = [(f'W₁, m = {m}', w1, m, colour) for m, colour in zip(batches, COLOURS, strict=True)]
  ways.append((f'Cramér, m = {batches[0]}', cramer, batches[0], plots.AMBER))
  ends = {}
  for name, gradient, m, colour in ways:
    theta = [np.full(config.runs, 0.5)]
    for t in range(config.updates):
      share = random.binomial(m, coin, config.runs) / m
      theta.append(np.clip(theta[-1] - config.rate / np.sqrt(t + 1) * gradient(theta[-1], share), 0, 1))
    mean = np.mean(theta, axis=1)
    axes.plot(mean, color=colour, linewidth=1.5, label=name)
    if m == batches[0]:
      ends[gradient.__name__] = mean[-1]
  axes.axhline(coin, color=plots.INK, linewidth=1, linestyle='--')
  plots.label(axes, f'Descent, θ* = {coin} (dashed)', 'updates', f'θ, mean of {config.runs} runs')
  axes.set_ylim(-0.02, 1.02)
  plots.legend(axes, loc='lower right' if coin > 0.5 else 'upper right')
  return ends
