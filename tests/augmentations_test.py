import functools

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from wgan_jax import augmentations
from wgan_jax.ada import bgc
from wgan_jax.augmentations import Augmentation, ada, diffaug, flip_and_shift, instance_noise

N = 600
KEYS = jax.random.split(jax.random.key(0), N)
IMAGE = np.random.default_rng(0).uniform(-1, 1, (8, 16, 3)).astype(np.float32)
ONE = jnp.float32(1)
# Compiled in half the time; what runs here is small.
quick = functools.partial(jax.jit, compiler_options={'xla_backend_optimization_level': 0})


def many(step, image=IMAGE):
  """What a step makes of one image with 600 keys, in float64."""
  return np.asarray(quick(jax.vmap(step, (None, 0)))(image, KEYS), np.float64)


def one_value(values):
  """The value that all pixels of a sample share, [600]; fails if they do not."""
  flat = values.reshape(N, -1)
  np.testing.assert_allclose(flat, np.repeat(np.median(flat, axis=1, keepdims=True), flat.shape[1], axis=1), atol=1e-4)
  return np.median(flat, axis=1)


def test_brightness_adds_one_number_to_a_sample():
  added = one_value(many(augmentations.brightness) - IMAGE)
  assert stats.kstest(added, stats.uniform(-0.5, 1).cdf).pvalue > 0.01
  assert np.abs(added).max() <= 0.5


@pytest.mark.parametrize('step, axes, low, width', [('saturation', (2,), 0, 2), ('contrast', (0, 1, 2), 0.5, 1)])
def test_saturation_and_contrast_multiply_what_differs_from_a_mean(step, axes, low, width):
  differs = IMAGE - IMAGE.mean(axis=axes, keepdims=True, dtype=np.float64)
  after = many(getattr(augmentations, step)) - (IMAGE - differs)
  np.testing.assert_allclose(after.mean(axis=tuple(axis + 1 for axis in axes)), 0, atol=1e-6)
  far = np.abs(differs) > 0.05
  factor = one_value(after[:, far] / differs[far])
  assert stats.kstest(factor, stats.uniform(low, width).cdf).pvalue > 0.01
  # Of one channel there is nothing to saturate.
  np.testing.assert_array_equal(many(augmentations.saturation, IMAGE[..., :1])[7], IMAGE[..., :1])


def crops(image, rows, columns, **pad):
  """{(row, column): image shifted so}, over all shifts up to `rows` and `columns`, by numpy."""
  height, width = image.shape[:2]
  padded = np.pad(image, ((rows, rows), (columns, columns), (0, 0)), **pad)
  return {(i, j): padded[i : i + height, j : j + width] for i in range(2 * rows + 1) for j in range(2 * columns + 1)}


def matches(samples, candidates):
  """The one candidate that each sample equals bit by bit, as a list of their names."""
  names, stack = list(candidates), np.stack(list(candidates.values()))
  equal = np.all(samples[:, None] == stack[None], axis=(2, 3, 4))
  np.testing.assert_array_equal(equal.sum(axis=1), np.ones(len(samples)))
  return [names[i] for i in equal.argmax(axis=1)]


def assert_uniform(found, names):
  assert stats.chisquare([found.count(name) for name in names]).pvalue > 0.01


def test_translation_is_one_of_all_shifts_up_to_an_eighth_and_zeros_follow():
  candidates = crops(IMAGE, 1, 2)
  assert_uniform(matches(many(augmentations.translate), candidates), candidates)


def test_the_gradient_of_a_translation_is_the_shift_back():
  weights, key = np.random.default_rng(1).normal(size=IMAGE.shape).astype(np.float32), KEYS[3]
  y, pull = jax.vjp(lambda image: augmentations.translate(image, key), IMAGE)
  ((row, column),) = matches(np.asarray(y)[None], crops(IMAGE, 1, 2))
  assert (row, column) != (1, 2)
  np.testing.assert_array_equal(pull(weights)[0], crops(weights, 1, 2)[2 - row, 4 - column])


def holes(height, width):
  """Every hole of the official code, by its clamped indices: the list of masks, with repetitions."""
  masks = []
  for i in range(height + 1 - height // 2 % 2):
    for j in range(width + 1 - width // 2 % 2):
      rows = np.clip(np.arange(height // 2) + i - height // 2 // 2, 0, height - 1)
      columns = np.clip(np.arange(width // 2) + j - width // 2 // 2, 0, width - 1)
      mask = np.ones((height, width, 1))
      mask[np.ix_(rows, columns)] = 0
      masks.append(mask)
  return masks


@pytest.mark.parametrize('height, width', [(4, 6), (5, 7)])
def test_a_cutout_is_one_of_the_official_ones(height, width):
  samples = many(augmentations.cut_out, jnp.ones((height, width, 1)))
  candidates = dict(enumerate(holes(height, width)))
  assert_uniform(matches(samples, candidates), candidates)
  assert np.sum(samples == 0, axis=(1, 2, 3)).max() == (height // 2) * (width // 2)


@pytest.mark.parametrize('choice', ['color', 'translation', 'cutout'])
def test_diffaug_does_what_was_chosen(choice):
  chosen = diffaug(**{name: name == choice for name in ('color', 'translation', 'cutout')})
  y = np.asarray(quick(chosen.apply)(jnp.ones((50, 8, 8, 3)), KEYS[:50], ONE))
  zeros = np.sum(y == 0, axis=(1, 2, 3)) / 3
  assert np.all(zeros <= {'color': 0, 'translation': 15, 'cutout': 16}[choice])
  assert np.mean(zeros > 0) > (choice != 'color') * 0.8 - 0.1
  assert np.any(y[..., 0] % 1) == (choice == 'color')
  chex.assert_trees_all_equal(diffaug(False, False, False).apply(y, KEYS[:50], ONE), y)


def test_diffaug_draws_each_step_by_a_key_of_its_own():
  # Brightness, saturation and contrast of one key would be one uniform number in three scales.
  x = np.zeros((N, 2, 2, 3), np.float32) + np.float32([1, 0, -1]).reshape(1, 1, 1, 3)
  y = np.asarray(quick(diffaug(translation=False, cutout=False).apply)(x, KEYS, ONE))
  added, factor = y[..., 1].mean(axis=(1, 2)), (y[..., 0] - y[..., 1]).mean(axis=(1, 2))
  assert abs(stats.pearsonr(added, factor).statistic) < 0.1


@pytest.mark.parametrize('make', [diffaug, functools.partial(ada, 64), instance_noise])
@pytest.mark.parametrize('dtype', [jnp.float32, jnp.bfloat16])
def test_shapes_and_types_stay(make, dtype):
  x = jnp.zeros((4, 8, 8, 1), dtype)
  chex.assert_trees_all_equal_shapes_and_dtypes(jax.eval_shape(make().apply, x, KEYS[:4], ONE), x)
  chex.assert_trees_all_equal_shapes_and_dtypes(jax.eval_shape(flip_and_shift, x, KEYS[:4]), x)


@pytest.mark.parametrize('apply', [diffaug().apply, instance_noise().apply, lambda x, keys, _: flip_and_shift(x, keys)])
def test_a_sample_depends_on_its_own_key_only_and_gradients_reach_it(apply):
  x, order = jnp.stack([IMAGE] * 5), np.array([3, 0, 4, 1, 2])

  @quick
  def run(x, keys):
    y, pull = jax.vjp(lambda x: apply(x, keys, ONE), x)
    return y, pull(jnp.ones_like(y))[0]

  (whole, gradient), (shuffled, _) = run(x, KEYS[:5]), run(x, KEYS[order])
  chex.assert_trees_all_close(shuffled, whole[order], atol=1e-6)
  assert len(np.unique(np.asarray(whole).sum(axis=(1, 2, 3)))) == 5
  assert np.all(np.isfinite(gradient)) and np.all(np.any(gradient != 0, axis=(1, 2, 3)))


def test_a_strength_stays_unless_something_adapts_it():
  constant = diffaug()
  assert constant.initial == 1
  assert constant.adapt(0.7, 10, 1.0) == Augmentation(None).adapt(0.7, 10, -1.0) == 0.7


def test_ada_is_the_pipeline_from_no_strength_on():
  assert ada(64).initial == 0
  assert ada(64).apply is bgc
  np.testing.assert_allclose(ada(64).adapt(0.5, 3, 1.0) - 0.5, 64 / 500_000, rtol=1e-2)


@pytest.mark.parametrize(
  'p, sign, expected',
  [(0.5, 0.7, 0.532), (0.5, 0.5, 0.468), (0.5, 0.6, 0.5), (0.5, -1, 0.468), (0.01, 0.0, 0.0), (0.99, 1.0, 1.0)],
)
def test_p_moves_by_hand(p, sign, expected):
  adapt = ada(batch_size=32, target=0.6, images=1000).adapt
  p = adapt(jnp.float32(p), jnp.int32(3), jnp.float32(sign))
  chex.assert_trees_all_close(p, jnp.float32(expected), rtol=1e-6)


@pytest.mark.parametrize('shape', [(2,), (4, 4, 3)])
def test_instance_noise_is_normal_with_the_strength_as_its_deviation(shape):
  x = np.random.default_rng(1).normal(size=(N, *shape)).astype(np.float32)
  noise = np.asarray(quick(instance_noise().apply)(x, KEYS, jnp.float32(0.25))) - x
  assert stats.kstest(noise.ravel() / 0.25, 'norm').pvalue > 0.01
  correlation = np.corrcoef(noise.reshape(N, -1).T)
  assert np.abs(correlation - np.eye(len(correlation))).max() < 0.2


@pytest.mark.parametrize('updates, expected', [(0, 0.2), (250, 0.15), (999, 0.0002), (1000, 0), (5000, 0)])
def test_instance_noise_falls_linearly_and_stays_at_zero(updates, expected):
  noise = instance_noise(sigma=0.2, updates=1000)
  strength = noise.adapt(jnp.float32(7), jnp.int32(updates), jnp.float32(1))
  np.testing.assert_allclose(strength, expected, rtol=1e-4)
  assert noise.initial == 0.2 and strength.dtype == jnp.float32


@pytest.mark.parametrize('options, pixels', [({}, 4), ({'pixels': 1}, 1)])
def test_flip_and_shift_is_one_flip_and_one_shift_with_mirrored_borders(options, pixels):
  y = many(lambda image, key: flip_and_shift(image[None], key[None], **options)[0])
  candidates = {
    (flipped, *shift): crop
    for flipped, image in enumerate((IMAGE, IMAGE[:, ::-1]))
    for shift, crop in crops(image, pixels, pixels, mode='reflect').items()
  }
  assert_uniform(matches(y, candidates), candidates)


@pytest.mark.parametrize('apply', [diffaug().apply, bgc, lambda x, keys, _: flip_and_shift(x, keys)])
def test_points_are_no_images(apply):
  with pytest.raises(AssertionError, match='rank'):
    apply(jnp.zeros((4, 2)), KEYS[:4], ONE)
