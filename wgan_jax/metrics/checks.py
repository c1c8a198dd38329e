"""What metrics ask of the samples that they are given; what is not so is said in one line."""

import numpy as np

from wgan_jax.errors import UserError

BORDER = 1e-3  # a generator's tanh and a resizer's rounding may pass -1 or 1 by this much


def features(found: np.ndarray, name: str = '', at_least: int = 0, dimensions: int | None = None) -> np.ndarray:
  """The features themselves, [N, D], when they are numbers, enough of them and as wide as others were.

  Args:
    name: whose they are, for the message: 'real', 'fake' or ''.
    at_least: N.
    dimensions: D, None for any.
  """
  found, named = np.asarray(found), f'{name} features'.strip()
  if found.ndim != 2:
    raise UserError(f'{named} should be of shape [samples, dimensions], not {list(found.shape)}')
  if dimensions is not None and found.shape[1] != dimensions:
    raise UserError(f'{named} have {found.shape[1]} dimensions where others have {dimensions}: use one feature network')
  if bad := len(found) - int(np.sum(np.isfinite(found).all(axis=1))):
    raise UserError(f'{bad} of {len(found)} {named} are NaN or infinite: look at the samples that they are of')
  enough(len(found), name, at_least)
  return found


def enough(n: int, name: str, at_least: int) -> None:
  """Refuses fewer samples than the measure needs."""
  if n < at_least:
    raise UserError(f'{" ".join(f"{n} {name}".split())} sample{"s" * (n != 1)}: at least {at_least} are needed')


def pair(real: np.ndarray, fake: np.ndarray, at_least: int = 2) -> tuple[np.ndarray, np.ndarray]:
  """Both sets of features, [N, D] and [M, D], of one D and at least so many of each."""
  real = features(real, 'real', at_least)
  return real, features(fake, 'fake', at_least, dimensions=real.shape[1])


def images(found: np.ndarray, name: str = '') -> np.ndarray:
  """Images [N, H, W, C] as float64 in [-1, 1], from those or from uint8."""
  found, named = np.asarray(found), f'{name} images'.strip()
  if found.ndim != 4:
    raise UserError(f'{named} should be of shape [samples, height, width, channels], not {list(found.shape)}')
  if found.dtype == np.uint8:
    return found / 127.5 - 1
  if not np.issubdtype(found.dtype, np.floating):
    raise UserError(f'{named} should be uint8, or floats in [-1, 1], not {found.dtype}')
  if bad := int(np.sum(~np.isfinite(found).all(axis=(1, 2, 3)))):
    raise UserError(f'{bad} of {len(found)} {named} have pixels that are NaN or infinite')
  if found.size and np.abs(found).max() > 1 + BORDER:
    low, high = found.min(), found.max()
    raise UserError(f'{named} run from {low:g} to {high:g}: give floats in [-1, 1], or 0 to 255 as uint8')
  return found.astype(np.float64)


def labels(found: np.ndarray, n: int, classes: int) -> None:
  """Refuses labels that are not [n] integers in 0 ... classes - 1."""
  if found.shape != (n,) or not np.issubdtype(found.dtype, np.integer):
    raise UserError(f'labels are {found.dtype} of shape {list(found.shape)}: {n} samples need one integer each')
  if n and not 0 <= found.min() <= found.max() < classes:
    raise UserError(f'labels run from {found.min()} to {found.max()}: {classes} classes have 0 to {classes - 1}')
