r"""Are GANs created equal? Eight models: many settings of each, and the best of these with many seeds.

    python launch.py --config=experiments/are_gans_equal.py --sweep=main --workdir=runs/are_gans_equal/main
    python launch.py --config=experiments/are_gans_equal.py --sweep=seeds --workdir=runs/are_gans_equal/seeds
    python launch.py --config=experiments/lecture/are_gans_equal.py

Each of the first two with --config.data.dir=WHERE_TFDS_SETS_ARE; the second begins when the first is over; the third
draws what was measured beside what was published. One run by itself, with its authors' settings:

    python launch.py --config=experiments/are_gans_equal.py:wgan,mnist

Models: mm_gan, ns_gan, lsgan, wgan, wgan_gp, dragan, began, vae. Data: mnist, fashion_mnist, cifar10, celeb_a.

Lucic et al., "Are GANs Created Equal? A Large-Scale Study", https://arxiv.org/abs/1711.10337, as its code has it
(https://github.com/google/compare_gan, branch v1): InfoGAN's networks for all, Adam, batch 64; the authors' settings
and 99 draws from wide ranges; every run 20 epochs (CIFAR-10 100, CelebA 40), its best checkpoint scored by 10,000
samples against the test images; the best setting of each model with 50 seeds. Where this differs from that code is said
in experiments/lucic/models.py.

| sweeps | data | settings | seeds | updates of the critic | width | runs |
|---|---|---|---|---|---|---|
| main, seeds | MNIST, Fashion-MNIST | 3 | 2 | 500 | 16 | 48, 32 |
| full, full_seeds | MNIST, Fashion-MNIST, CIFAR-10 | 100 | 50 | 15,625; 78,125 | 64 | 2,400, 1,200 |
| celeba, celeba_seeds | CelebA | 100 | 50 | 101,250 | 64 | 800, 400 |

The score is FID where Inception's weights are named (--config.evaluate.weights=auto, with --config.log.inception=True
to choose the best checkpoint by it too), else FCD-mnist, FCD-fashion_mnist or FCD-cifar10, by small classifiers that
ship with this code: no FID, and not to be compared with one. CelebA has no such classifier.

Figures: docs/are_gans_equal.md.
"""

from experiments.lucic import search


def get_config(arg='wgan_gp,mnist'):
  model, _, data = arg.partition(',')
  return search.config_of(model, data)


def sweep(add):
  """The search in small."""
  search.search(add, search.BUDGETS['main'])


def sweep_full(add):
  """The search as in the paper."""
  search.search(add, search.BUDGETS['full'])


def sweep_celeba(add):
  """The paper's search on CelebA, which has to be prepared."""
  search.search(add, search.BUDGETS['celeba'])


def sweep_seeds(add):
  """The second stage of `sweep`, which has to be over."""
  search.repeat(add, 'main')


def sweep_full_seeds(add):
  """The second stage of `sweep_full`."""
  search.repeat(add, 'full')


def sweep_celeba_seeds(add):
  """The second stage of `sweep_celeba`."""
  search.repeat(add, 'celeba')
