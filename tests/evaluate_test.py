import numpy as np

from wgan_jax.data import images, toy
from wgan_jax.data.cache import Images
from wgan_jax.evaluate import evaluate, real_samples


def test_mixtures_are_judged_by_their_modes_and_all_data_by_a_distance():
  density = toy.eight_gaussians()
  real = np.repeat(density.centers, 10, axis=0)
  scores = dict(evaluate(density, real, real))
  assert next(iter(scores)) == 'hq_share'
  assert (scores['modes'], scores['hq_share'], scores['sliced_w1']) == (8, 1.0, 0.0)
  assert list(dict(evaluate(toy.SwissRoll(), real, real))) == ['sliced_w1']
  assert list(dict(evaluate(None, real, real))) == ['sliced_w1']


def test_real_samples_are_the_data_as_training_sees_them():
  pixels = np.random.default_rng(0).integers(0, 256, (6, 4, 4, 1), dtype=np.uint8)
  source = images.resident_source(Images(pixels, None), 4, 0, flip=False, dequantize=False)
  real = real_samples(source, 6)
  assert real.shape == (6, 4, 4, 1)
  shown, all_of_them = (sorted(x.reshape(6, -1).tolist()) for x in (real, pixels / 127.5 - 1))
  np.testing.assert_allclose(shown, all_of_them, atol=1e-6)
