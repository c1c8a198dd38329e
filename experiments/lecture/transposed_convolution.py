r"""A convolution is a product with a matrix, the transposed convolution one with its transpose.

    python launch.py --config=experiments/lecture/transposed_convolution.py \
      [--config.transposed_convolution.small="(1,0,0,0)"]

Try a single 1 in the small image, whose transposed convolution is the kernel, or another kernel, row by row.
"""

import jax
import jax.numpy as jnp
import numpy as np

from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers
from wgan_jax.networks.convolution import convolve, convolve_transpose

ABOUT = About(
  title='The transposed convolution as a matrix',
  lectures=(2,),
  claim='A convolution without padding is v(h) = U v(x) with a sparse Toeplitz circulant matrix U; the transposed '
  'convolution swaps its forward and its backward pass, v(h) = Uᵀ v(x), so that 2×2 numbers become 4×4. It is '
  'mistakenly called a deconvolution.',
  erratum='U is no Toeplitz matrix, for its diagonals are not constant, and no circulant one, for it is not square. '
  'It is made of blocks, one for each pair of an output row and an input row, which are Toeplitz, and so is their '
  'arrangement.',
  source='Dumoulin & Visin, A guide to convolution arithmetic for deep learning (2016), section 4.',
)
PRINTED_MATRIX = (
  (1, 4, 1, 0, 1, 4, 3, 0, 3, 3, 1, 0, 0, 0, 0, 0),
  (0, 1, 4, 1, 0, 1, 4, 3, 0, 3, 3, 1, 0, 0, 0, 0),
  (0, 0, 0, 0, 1, 4, 1, 0, 1, 4, 3, 0, 3, 3, 1, 0),
  (0, 0, 0, 0, 0, 1, 4, 1, 0, 1, 4, 3, 0, 3, 3, 1),
)
PRINTED_SMALL, PRINTED_LARGE = (122, 148, 126, 134), (2, 9, 6, 1, 6, 29, 30, 7, 10, 29, 33, 13, 12, 24, 16, 4)


def get_config():
  return numbers(
    __file__,
    kernel=(1, 4, 1, 1, 4, 3, 3, 3, 1),  # 3x3, row by row
    large=(4, 5, 8, 7, 1, 8, 8, 8, 3, 6, 6, 4, 6, 5, 7, 8),  # 4x4, into the convolution
    small=(2, 1, 4, 4),  # 2x2, into the transposed convolution
  )


def draw(config, folder):
  del folder
  kernel, large, small = square(config.kernel, 3), square(config.large, 4), square(config.small, 2)
  forth, back = convolution(kernel), transposed(kernel)
  # Column j of a linear map's matrix is what it makes of the j-th unit.
  matrix, transpose = matrix_of(forth, 4), matrix_of(back, 2)
  made_small, made_large = forth(large[None])[0], back(small[None])[0]
  gradient = jax.vjp(lambda x: forth(x[None])[0], jnp.asarray(large))[1](jnp.asarray(small))[0]
  figure, axes = plots.panels(4, 2, height=3.0, width_ratios=(4, 3, 4, 6))
  rows = (
    (large, 'x, 4×4', made_small, 'x ⋆ u, 2×2', matrix, 'U, 4×16', 'place in x ⋆ u', 'place in x'),
    (small, 'h, 2×2', made_large, 'Uᵀ h, 4×4', transpose.T, 'Uᵀ, shown lying', 'place in h', 'place in Uᵀ h'),
  )
  for line, (given, name, made, made_name, product, product_name, down, along) in zip(axes, rows, strict=True):
    for one, values, title in ((line[0], given, name), (line[1], kernel, 'Kernel u'), (line[2], made, made_name)):
      with_numbers(figure, one, values, title)
    plots.heat(figure, line[3], product, cmap=plots.fade(plots.TEAL))
    plots.cells(line[3], [[f'{v:.0f}' if v else '' for v in row] for row in product], product > 0.6 * product.max())
    line[3].set(xticks=range(0, 16, 3), yticks=range(4))
    plots.label(line[3], product_name, along, down)
  measured = {
    'transpose_off': float(np.abs(matrix.T - transpose).max()),
    'gradient_off': float(np.abs(gradient - made_large).max()),
    'printed_off': printed_off(),
    'zeros': float(np.mean(matrix == 0)),
    'uneven_diagonals': uneven_diagonals(matrix),
    'diagonals': sum(matrix.shape) - 1,
    'there_and_back_off': float(np.abs(back(made_small[None])[0] - large).max()),
  }
  return Figure(told(measured), measured, figure)


def square(values, side):
  if len(values) != side**2:
    raise UserError(f'{len(values)} numbers make no square of side {side}: give {side**2}')
  return np.array(values, np.float32).reshape(side, side)


def convolution(kernel):
  """[B, 4, 4] -> [B, 2, 2], without padding."""
  return lambda x: convolve(x[..., None], jnp.asarray(kernel)[..., None, None], padding='VALID')[..., 0]


def transposed(kernel):
  """[B, 2, 2] -> [B, 4, 4]."""
  return lambda h: convolve_transpose(
    h[..., None], jnp.asarray(kernel)[..., None, None], strides=(1, 1), padding='VALID'
  )[..., 0]


def matrix_of(linear, side):
  """The matrix [outputs, side²] of a map of squares [B, side, side], flattened row by row."""
  return np.asarray(linear(jnp.eye(side**2).reshape(-1, side, side))).reshape(side**2, -1).T


def printed_off():
  """How many of the numbers that the lecture prints are others than the library's."""
  printed = get_config().transposed_convolution
  kernel = square(printed.kernel, 3)
  small = convolution(kernel)(square(printed.large, 4)[None]).ravel()
  large = transposed(kernel)(square(printed.small, 2)[None]).ravel()
  wrong = matrix_of(convolution(kernel), 4) != np.array(PRINTED_MATRIX)
  return int(wrong.sum() + np.sum(small != np.array(PRINTED_SMALL)) + np.sum(large != np.array(PRINTED_LARGE)))


def uneven_diagonals(matrix):
  """How many diagonals have unlike numbers on them, which those of a Toeplitz matrix have not."""
  rows, columns = matrix.shape
  return sum(int(np.ptp(np.diagonal(matrix, k)) > 0) for k in range(1 - rows, columns))


def with_numbers(figure, axes, values, title):
  plots.heat(figure, axes, values, cmap=plots.fade(), aspect='equal')
  plots.cells(
    axes, [[f'{v:.0f}' for v in row] for row in values], np.asarray(values) > np.mean([np.min(values), np.max(values)])
  )
  axes.set(xticks=[], yticks=[])
  plots.label(axes, title)


def told(m):
  return (
    f'Of all numbers that the lecture prints of this example {m["printed_off"]} differ from what the convolution '
    'layers of this library make. Their matrices are each other’s transposes (largest difference '
    f'{m["transpose_off"]:.1f}), and the gradient of the convolution is the transposed one (largest difference '
    f'{m["gradient_off"]:.1f}). {m["zeros"]:.1%} of U are zeros, and {m["uneven_diagonals"]} of its {m["diagonals"]} '
    f'diagonals are not constant. No inverse: after both, x is off by up to {m["there_and_back_off"]:.1f}.'
  )
