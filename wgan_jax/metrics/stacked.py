"""How many of the thousand modes of stacked digits a generator found, by the judgement of a classifier of digits."""

from collections.abc import Callable, Iterator

import chex
import numpy as np

from wgan_jax.errors import UserError

MODES = 1000


def numbers(images: np.ndarray, classify: Callable[[np.ndarray], np.ndarray], chunk: int = 1_000) -> np.ndarray:
  """The three digits of each image as one number, 100 a + 10 b + c of red, green and blue, [N] int.

  Args:
    images: uint8 [N, H, W, 3].
    classify: uint8 [B, H, W, 1] -> digits [B] int.
    chunk: images whose channels are classified at a time.
  """
  if images.ndim != 4 or images.shape[-1] != 3 or images.dtype != np.uint8:
    raise UserError(f'stacked digits are uint8 [N, H, W, 3], not {images.dtype} {list(images.shape)}')
  found = [np.zeros(0, int)]
  for first in range(0, len(images), chunk):
    channels = np.moveaxis(images[first : first + chunk], -1, 0)  # [3, B, H, W]
    digits = np.asarray(classify(channels.reshape(-1, *channels.shape[2:], 1))).reshape(3, -1)
    found.append(np.array([100, 10, 1]) @ digits)
  return np.concatenate(found)


def stacked_modes(real: np.ndarray | None, fake: np.ndarray) -> Iterator[tuple[str, float]]:
  """Yields (name, value) of two measures of generated images, by the numbers that they show.

    modes       how many of the thousand at least one image shows
    mode_kl     KL(shares among generated || shares among real), nats; real ones being even where none are given

  Srivastava et al., "VEEGAN", section 4.2, https://arxiv.org/abs/1705.07761, take the data's own shares; Lin et al.,
  "PacGAN", section 4.2, https://arxiv.org/abs/1712.04086, an even distribution, and 26,000 images. Of so many from a
  perfect generator the divergence would be 0.019 still, 999 / (2 * 26,000).

  Args:
    real, fake: numbers 0..999, [N] int, of any number of images.
  """
  for what, shown in (('real', real), ('fake', fake)):
    if shown is not None and (not len(shown) or min(shown) < 0 or max(shown) >= MODES):
      raise UserError(f'{what} numbers must be one or more of 0..{MODES - 1}, the digits of three channels')
  shares = np.bincount(fake, minlength=MODES) / len(fake)
  data = np.full(MODES, 1 / MODES) if real is None else np.bincount(real, minlength=MODES) / len(real)
  chex.assert_equal_shape([shares, data])
  there = shares > 0
  if not data[there].all():
    missing = int((data[there] == 0).sum())
    raise UserError(f'{missing} numbers are among the generated and not the real ones: take more real images, or none')
  yield 'modes', float(there.sum())
  yield 'mode_kl', float(np.sum(shares[there] * np.log(shares[there] / data[there])))
