"""All figures and exercises of the lectures on one page, lecture.html.

    python launch.py --config=experiments/lecture/all.py [--workdir=W] [--config.NAME.KEY=...]

What is there already, of this file, these numbers and this code, is not drawn again.
"""

from wgan_jax.lecture.figure import collected

CHAPTERS = {
  'Distances': (
    'moving_plans',
    'w1_example',
    'bakery_assignment',
    'bakery_plan',
    'parallel_lines',
    'few_samples',
    'convergence',
    'discrete_exercises',
    'bernoulli_pairs',
    'gaussians',
    'w_p',
    'noisy_support',
    #
  ),
  'f-divergences': (
    'f_divergence_bound',
    'optimal_critics',
    'variational_fit',
    'estimated_divergence',
    #
  ),
  'Likelihood': (
    'mle_least_squares',
    'iris',
    'transposed_convolution',
    'likelihood_or_samples',
    'bayes_and_ages',
    'f_gan_likelihood',
    #
  ),
  'The dynamics of GANs': (
    'two_gaussians',
    'saturating_gradient',
    'dirac_gan',
    'critic_steps',
    'mode_collapse',
    'learning_process',
    'separated_samples',
    #
  ),
  'Wasserstein GANs': (
    'value_surfaces',
    'clipped_weights',
    'gradient_by_layer',
    'one_or_two_sided',
    'interpolates',
    'spectral_normalization',
    'clip_scale',
    'biased_gradients',
    'estimate_and_exact',
    'js_and_w_estimates',
    'loss_ranks_samples',
    'overfitting',
    'hyperparameters',
    #
  ),
  'BigGAN': (
    'truncation',
    'orthogonality',
    'interpolation',
    'class_embedding',
    'ema_or_raw',
    'batch_size',
    'self_attention',
    'hinge',
    #
  ),
  'Are GANs created equal?': (
    'are_gans_equal',
    #
  ),
  'Errata': (
    'errata',
    #
  ),
}


def get_config():
  return collected(__file__, 'The lectures, alive', CHAPTERS)
