"""What a clipped critic estimates: K times a part of W₁, with a K that is a power of c.

    python launch.py --config=experiments/lecture/clip_scale.py [--config.clip_scale.depth=2]

With fewer hidden layers the power is smaller; no c makes the estimate W₁ for the right reason.
"""

import numpy as np

from experiments import toy_wgan
from wgan_jax.errors import UserError
from wgan_jax.lecture import fixed, plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='A clipped critic estimates K W₁ for some K, and less than that',
  lectures=(1, 4),
  claim='With clipped weights we only ensure that |D(x₁) - D(x₂)| ≤ K ‖x₁ - x₂‖ for some K; then the critic estimates '
  'K W(P, Q), and we do not truly find the function that maximises.',
  erratum='K W₁ would be the supremum over all functions of Lipschitz constant K; over those few that clipped weights '
  'can make it is less, by a share that no K mends. In lecture 1 the update "if w > c, then w = -c" must be w = c.',
  source='Arjovsky et al., Wasserstein GAN, section 3 and Algorithm 1.',
)


def get_config():
  return numbers(
    __file__,
    data='8gaussians',  # or 25gaussians, swissroll, 2gaussians
    clips=(0.01, 0.02, 0.04, 0.08, 0.16, 0.32),  # c of each critic
    noise=1.0,  # standard deviation of what the fixed generator adds to the data
    depth=3,  # hidden layers
    width=64,  # units of each
    updates=1500,  # of each critic
    rate=2e-3,  # of learning for c = 0.1, in proportion to c for others; it falls to 0
    samples=512,  # of each kind, on which the exact distance is computed
    seed=0,
  )


def draw(config, folder):
  del folder
  if len(set(config.clips)) < 2:
    raise UserError(f'a power is that of two or more clips, not of {config.clips}')
  found = [dual(config, clip) for clip in config.clips]
  of = {key: np.array([each[key] for each in found]) for key in ('w1_estimate', 'w1_exact', 'lipschitz', 'w1_ratio')}
  exact = of['w1_exact'][0]
  power = np.polyfit(np.log(config.clips), np.log(np.maximum(of['w1_estimate'], np.finfo(float).tiny)), 1)[0]
  figure, axes = plots.panels(2, height=3.6)
  one, other = axes[0]
  one.loglog(config.clips, of['lipschitz'] * exact, color=plots.AMBER, marker='.', label='K W₁, K the slope found')
  one.loglog(config.clips, of['w1_estimate'], color=plots.RED, marker='.', label=f'estimate, as c to the {power:.2f}')
  one.axhline(exact, color=plots.INK, linewidth=0.8, linestyle=':', label='exact W₁')
  plots.label(one, 'What it estimates', 'c', 'distance, unit of the data')
  other.semilogx(config.clips, of['w1_ratio'], color=plots.RED, marker='.', label='estimate / (K W₁)')
  other.axhline(1, color=plots.INK, linewidth=0.8, linestyle=':', label='the best critic')
  other.set_ylim(0, 1.05)
  plots.label(other, 'Once its scale is taken out', 'c', 'share of W₁')
  for panel in axes[0]:
    plots.legend(panel)
  measured = {'w1': exact, 'power': power, 'ratio_least': of['w1_ratio'].min(), 'ratio_most': of['w1_ratio'].max()}
  measured |= {f'estimate_{clip:g}': value for clip, value in zip(config.clips, of['w1_estimate'], strict=True)}
  measured |= {f'lipschitz_{clip:g}': value for clip, value in zip(config.clips, of['lipschitz'], strict=True)}
  ends = [measured[f'estimate_{clip:g}'] for clip in (config.clips[0], config.clips[-1])]
  told = (
    f'The exact W₁ is {exact:.3f}. From c = {config.clips[0]:g} to {config.clips[-1]:g} the estimate goes from '
    f'{ends[0]:.3g} to {ends[1]:.3g}, as c to the power of {power:.2f} for {config.depth + 1} layers of weights: its '
    f'size says c, not W₁. The critic accounts for {measured["ratio_least"]:.0%} to {measured["ratio_most"]:.0%} of W₁ '
    'once the largest slope that was found is taken out.'
  )
  return Figure(told, measured, figure)


def dual(config, clip):
  """What a critic with weights clipped to c says, beside what is so."""
  rate, shape = config.rate * clip / 0.1, {'depth': config.depth, 'width': config.width}
  given = fixed.settings(toy_wgan, config.data, config.updates, rate, config.seed, **shape)
  fixed.clip(given, clip)
  training = fixed.critic_alone(given, config.noise)
  *_, stage = training.stages([config.updates], f'c = {clip:g}')
  return fixed.duality_of(training, stage.state, config.samples)
