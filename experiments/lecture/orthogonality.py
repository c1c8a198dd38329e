"""Orthogonal regularisation: singular values of a generator's kernels while it trains, with it and without it.

    python launch.py --config=experiments/lecture/orthogonality.py [--config.orthogonality.strong=0.001]

Find the weight from which on the penalty is seen: `strong` is compared with BigGAN's, and with none.
"""

import jax
import numpy as np

from experiments import biggan_digits_short
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.lecture.kept import kept

ABOUT = About(
  title='Orthogonal weights do not stay orthogonal by themselves',
  lectures=(0,),
  claim='Initialise with orthogonal weights, W Wᵀ = I, and add a penalty to the loss that keeps them so: '
  '‖W Wᵀ − I‖ is usually too restrictive, ‖W Wᵀ ⊙ (1 − I)‖ penalises non-zero diagonals.',
  erratum='⊙ (1 − I) takes the diagonal out: what is penalised is what stands off the diagonal, so that filters are '
  'drawn apart and their lengths are free. BigGAN’s penalty is the squared norm, β ‖WᵀW ⊙ (1 − I)‖² with β = 1e-4, '
  'and a kernel with more filters than inputs cannot bring it to zero.',
  source='Brock et al., section 3.1, Equation 3. Kernels are matrices here with a column for each filter, as they are '
  'before spectral normalisation divides them by their largest singular value.',
)


def get_config():
  return numbers(
    __file__,
    beta=1e-4,  # weight of the penalty in the training that the figures of BigGAN share
    rounds=1_500,  # of that training
    strong=0.01,  # a larger weight
    others=450,  # rounds of the trainings with that and with none, in whole steps of 150
    seed=0,
  )


def draw(config, folder):
  betas = {'beta': (config.beta, config.rounds), 'none': (0.0, config.others), 'strong': (config.strong, config.others)}
  runs = {name: spectra(trained(config, *how), folder) for name, how in betas.items()}
  common = min(steps[-1] for steps, _ in runs.values())
  measured = {'common': common, 'of_a_diagonal': off_diagonal(np.diag([1.0, 2.0, 3.0]))}
  for name, (steps, layers) in runs.items():
    last = max(i for i, step in enumerate(steps) if step <= common)
    for what in ('condition', 'off_diagonal'):
      measured[f'{what}_{name}'] = np.median([of[what][last] for of in layers.values()])
  _, layers = runs['beta']
  measured['condition_start'] = np.max([of['condition'][0] for of in layers.values()])
  measured['condition_end'] = np.median([of['condition'][-1] for of in layers.values()])
  measured['layers'] = len(layers)
  for name in ('beta', 'strong'):
    measured[f'less_{name}'] = 1 - measured[f'off_diagonal_{name}'] / measured['off_diagonal_none']
  names = f'β = {config.beta:g}', 'without the penalty', f'β = {config.strong:g}'
  return Figure(told(measured, config), measured, picture(dict(zip(names, runs.values(), strict=True))))


def trained(config, beta, rounds):
  experiment = biggan_digits_short.get_config()
  experiment.seed, experiment.train.steps = config.seed, rounds
  experiment.optimizer.generator_loss.orthogonal = beta
  return experiment


def spectra(experiment, folder):
  """(rounds, {layer: what of each round}) of the generator's kernels that can be orthogonal."""
  _, stages = kept(experiment, folder)
  layers = {}
  for stage in stages:
    for path, kernel in jax.tree_util.tree_leaves_with_path(stage.state.params['generator']):
      names = [step.key for step in path]
      matrix = kernel.reshape(-1, kernel.shape[-1]) if kernel.ndim > 1 else np.zeros((0, 1))
      if names[-1] == 'kernel' and 'shared' not in names and len(matrix) >= matrix.shape[1] > 1:
        of = layers.setdefault('/'.join(names[:-1]), {'condition': [], 'off_diagonal': [], 'largest': []})
        values = np.linalg.svd(matrix, compute_uv=False)
        of['condition'].append(values[0] / values[-1])
        of['off_diagonal'].append(off_diagonal(matrix))
        of['largest'].append(values[0])
  return [stage.step for stage in stages], layers


def off_diagonal(matrix):
  """The norm of WᵀW off its diagonal, over the norm of all of it: 0 where the columns are orthogonal."""
  gram = matrix.T.astype(float) @ matrix
  return np.linalg.norm(gram - np.diag(np.diag(gram))) / np.linalg.norm(gram)


def told(m, config):
  return (
    f'At the start {m["layers"]} kernels of the generator have orthogonal columns (condition numbers of at most '
    f'{m["condition_start"]:.2f}). After {m["common"]:,.0f} rounds without the penalty their median condition '
    f'number is {m["condition_none"]:.2f}, and {m["off_diagonal_none"]:.3f} of the norm of WᵀW is off the diagonal. '
    f'BigGAN’s β = {config.beta:g} changes that share to {m["off_diagonal_beta"]:.3f} ({-m["less_beta"]:+.1%}), '
    f'β = {config.strong:g} to {m["off_diagonal_strong"]:.3f} ({-m["less_strong"]:+.1%}), with condition numbers of '
    f'{m["condition_beta"]:.2f} and {m["condition_strong"]:.2f}. Of a diagonal matrix the penalty is '
    f'{m["of_a_diagonal"]:.1f}, whatever its entries.'
  )


def picture(runs):
  figure, axes = plots.panels(3, height=3.4)
  panels = (
    ('largest', 'Largest singular value; medians are thick', 'σ₁ of a kernel'),
    ('condition', 'Condition', 'largest over smallest singular value'),
    ('off_diagonal', 'Off the diagonal', 'share of the norm of WᵀW'),
  )
  for one, (what, title, y) in zip(axes[0], panels, strict=True):
    for (name, (steps, layers)), colour in zip(runs.items(), (plots.BLUE, plots.RED, plots.TEAL), strict=True):
      values = np.array([of[what] for of in layers.values()])
      one.plot(steps, values.T, color=colour, alpha=0.5, linewidth=0.8)
      one.plot(steps, np.median(values, axis=0), color=colour, label=name)
    plots.label(one, title, 'rounds', y)
  plots.legend(axes[0, 2])
  return figure
