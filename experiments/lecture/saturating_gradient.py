"""What the generator is told by the best critic, and by one that is trained longer and longer.

    python launch.py --config=experiments/lecture/saturating_gradient.py [--config.saturating_gradient.apart=2]

Turn apart: where the two overlap, the best discriminator is in doubt and log(1 - D) has a gradient.
"""

import itertools

import jax
import jax.numpy as jnp
import numpy as np

from experiments import toy_wgan_gp
from wgan_jax import discrete, objectives
from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.line import best_logits, codes, facing, slopes_of, told_by_the_best_logits

ABOUT = About(
  title='The better the discriminator, the less its generator is told',
  lectures=(2, 3),
  claim='If the discriminator is bad, the generator has no accurate feedback; if it is too good, the gradient of '
  'log(1 − D) drops to 0 and learning halts. With the best discriminator the value of the game is V = 2 JSD − log 4.',
  erratum='Lecture 3 drops the 2 of 2 JSD, on the way writes log(ab) = log(a + b) for log a + log b, and says that '
  'logarithms may be taken without changing the optimisation. They change it: without them the best D is 1 where p > q '
  'and 0 elsewhere, not p / (p + q), and the generator descends 1 + TV.',
  source='Goodfellow et al., Generative Adversarial Networks, 2014, section 3 and theorem 1; Arjovsky & Bottou, '
  'Towards Principled Methods for Training GANs, 2017, theorems 2.4 and 2.6 and figures 2 and 3. Data are N(0, 1), '
  'fakes N(θ, 1); the gradient is that on θ.',
)
LOSSES = {  # name: objective, its name in a config
  'log(1 − D)': (objectives.minimax(), 'minimax'),
  '−log D': (objectives.non_saturating(), 'non_saturating'),
  'Wasserstein': (objectives.wasserstein(), 'wasserstein'),
}
FURTHEST = 70
COLOURS = dict(zip(LOSSES, (plots.BLUE, plots.VIOLET, plots.TEAL), strict=True))


def get_config():
  return numbers(
    __file__,
    apart=8.0,  # theta of the fakes that a critic is trained on, in standard deviations
    theta=2.0,  # of the fakes whose value is told
    furthest=8.0,  # theta of the last of the best critics
    rounds=1500,  # updates of a critic
    width=64,  # units of its three hidden layers
    weight=10.0,  # of WGAN-GP's penalty
    rate=2e-4,  # Adam's
    seed=0,
  )


def draw(config, folder):
  del folder
  if max(abs(config.apart), abs(config.theta), abs(config.furthest)) > FURTHEST:
    raise UserError(f'apart, theta and furthest must be within {FURTHEST}: further on gradients are less than a float')
  thetas = np.linspace(0.05, config.furthest, 60)
  best = {name: np.array([told_by_the_best(name, theta) for theta in thetas]) for name in LOSSES}
  values = np.array([value_of_the_best(theta) for theta in thetas])
  bounds = np.array([2 * discrete.jensen_shannon(*masses(theta)) for theta in thetas]) - np.log(4)
  trained = {name: told_while_training(config, name) for name in LOSSES}
  measured = {f'best {name}': told_by_the_best(name, config.apart) for name in LOSSES}
  measured |= {f'first {name}': float(trained[name][0]) for name in LOSSES}
  measured |= {f'last {name}': float(trained[name][-len(trained[name]) // 4 :].mean()) for name in LOSSES}
  measured |= {'V': value_of_the_best(config.theta), 'JSD': discrete.jensen_shannon(*masses(config.theta))}
  measured |= {'2 JSD − log 4': 2 * measured['JSD'] - np.log(4), 'difference': float(np.abs(values - bounds).max())}
  measured['without log'] = 1 + discrete.total_variation(*masses(config.theta))
  return Figure(told(measured, config), measured, picture(config, thetas, best, values, bounds, trained))


def told(m, c):
  return (
    f'At θ = {c.apart:g} the gradient at the best discriminator is {m["best log(1 − D)"]:.1e} for log(1 − D) and '
    f'{m["best −log D"]:.2f} for −log D; at the best critic it is {m["best Wasserstein"]:.2f}. A discriminator that is '
    f'trained while the generator stays begins with {m["first log(1 − D)"]:.3f} and {m["first −log D"]:.3f} and ends '
    f'with {m["last log(1 − D)"]:.1e} and {m["last −log D"]:.2f}; a critic with a penalty ends with '
    f'{m["last Wasserstein"]:.2f}. At θ = {c.theta:g} the value of the best D is V = {m["V"]:.4f}, as '
    f'2 JSD − log 4 = {m["2 JSD − log 4"]:.4f} says (over all θ they are within {m["difference"]:.0e}), where JSD '
    f'alone is {m["JSD"]:.4f}; without logarithms the best D has the value {m["without log"]:.4f}.'
  )


def masses(theta, step=5e-3):
  """Masses of N(0, 1) and N(theta, 1) on a grid so fine that sums are integrals."""
  x = np.arange(min(theta, 0) - 12, max(theta, 0) + 12, step)
  return tuple(np.exp(-((x - mean) ** 2) / 2) * step / np.sqrt(2 * np.pi) for mean in (0, theta))


def value_of_the_best(theta) -> float:
  """E log D + E log(1 - D) with D = p / (p + q)."""
  z, weights = codes(theta)
  with jax.enable_x64(True):
    losses = objectives.minimax().critic(*(jnp.asarray(best_logits(x, theta)) for x in (z, theta + z)))
  return -float(weights @ np.asarray(losses))


def told_by_the_best(name, theta) -> float:
  """The gradient on theta where fakes are theta + z; the best critic is a straight line of slope -1."""
  z, weights = codes(theta)
  objective = LOSSES[name][0]
  return (
    -float(weights @ slopes_of(objective, -z)) if name == 'Wasserstein' else told_by_the_best_logits(objective, theta)
  )


def told_while_training(c, name) -> np.ndarray:
  """Sizes of the gradient on theta over the updates of a critic."""
  config = toy_wgan_gp.get_config()
  config.critic.width, config.seed = c.width, c.seed
  config.game.objective = LOSSES[name][1]
  config.game.penalty.update(name='gradient_penalty' if name == 'Wasserstein' else 'none', weight=c.weight)
  config.train.update(steps=c.rounds, rounds_per_dispatch=250)
  config.optimizer.critic_loss.update(learning_rate=c.rate, decay='constant')
  *_, last = facing(config, c.apart).stages([c.rounds], name)
  return np.float64(last.history['gradient_norm/generator_loss/generator'])


def smoothed(sizes, windows=80):
  """Updates and means of sizes between some that are evenly spaced on a logarithmic scale."""
  edges = np.unique(np.geomspace(1, len(sizes) + 1, windows).astype(int)) - 1
  means = [sizes[a:b].mean() for a, b in itertools.pairwise(edges)]
  return edges[:-1] + 1, np.maximum(means, 1e-12)


def picture(c, thetas, best, values, bounds, trained):
  figure, axes = plots.panels(3, height=3.4)
  of_best, of_value, of_training = axes[0]
  for name, colour in COLOURS.items():
    of_best.semilogy(thetas, best[name], color=colour, label=name)
    of_training.loglog(*smoothed(trained[name]), color=colour, linewidth=1, label=name)
    of_training.axhline(told_by_the_best(name, c.apart), color=colour, linestyle=':', linewidth=1)
  of_value.plot(thetas, thetas, color=plots.TEAL, label='W₁ = θ')
  of_value.plot(thetas, values, color=plots.BLUE, label='V of the best D')
  of_value.plot(thetas, bounds, '--', color=plots.INK, linewidth=1, label='2 JSD − log 4')
  of_value.set_ylim(-1.5, 3)
  plots.label(of_best, 'The best critic', 'θ', 'gradient on θ')
  plots.label(of_value, 'What is descended', 'θ', 'nats; distance')
  plots.label(of_training, f'One in training, θ = {c.apart:g}; dots: the best', 'its updates', 'gradient on θ')
  for one, corner in zip(axes[0], ('lower left', 'lower right', 'lower left'), strict=True):
    plots.legend(one, loc=corner)
  return figure
