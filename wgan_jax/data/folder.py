"""A folder of images as a data set: `folder:PATH`, a class for each sub-folder where there are any."""

import os
import pathlib

import numpy as np
from PIL import Image, ImageOps

from wgan_jax.data import cache
from wgan_jax.data.resize import fit
from wgan_jax.errors import UserError

SUFFIXES = {'.png', '.jpg', '.jpeg', '.webp', '.bmp', '.gif', '.tif', '.tiff', '.ppm', '.pgm'}
HIDDEN = ('.', '__MACOSX')


def load(path: str, side: int) -> cache.Images:
  """All images below `path` as RGB, upright, fitted to side x side once and cached.

  Links are followed; what systems hide (.thumbnails, ._a.png, __MACOSX) is passed over. Transparency is dropped, and of
  a film there is the first picture.

  Args:
    path: the folder; its sub-folders, in alphabetical order, are the classes 0, 1, ...
    side: of the square images, in pixels; 0 for the size that they all have.

  Raises:
    UserError: when the folder is missing or empty, a file cannot be read, or sizes differ and `side` is 0.
  """
  if not path:
    raise UserError('--config.data.name=folder:PATH needs the path of a folder')
  root = pathlib.Path(path).expanduser()
  if not root.is_dir():
    what = 'not a folder' if root.exists() else 'no such folder'
    raise UserError(f'{what}: {root} (of --config.data.name=folder:{path})')
  files = sorted(f for f in _visible(root) if f.suffix.lower() in SUFFIXES and f.is_file())
  if not files:
    raise UserError(f'no images in {root}: it should hold some of {", ".join(sorted(SUFFIXES))}, in sub-folders or not')
  classes = sorted({f.relative_to(root).parts[0] for f in files if f.parent != root})
  number = {name: i for i, name in enumerate(classes)}

  def decode():
    shape = None
    for file in files:
      image = _read(file, side)
      shape = shape or image.shape
      if image.shape != shape:
        raise UserError(
          f'{file} is {_size(image.shape)}, others are {_size(shape)}: set --config.data.size to fit them'
        )
      yield image, number.get(file.relative_to(root).parts[0]) if classes else None

  mixed = [f for f in files if classes and f.parent == root]
  if mixed:
    raise UserError(f'{root} holds both class sub-folders and loose images ({mixed[0].name}): move these into one')
  stamps = [(str(f.relative_to(root)), f.stat().st_size, f.stat().st_mtime_ns) for f in files]
  return cache.decoded(root.name, repr((str(root.resolve()), side, stamps)), len(files), decode)


def _visible(root):
  for folder, folders, names in os.walk(root, followlinks=True):
    folders[:] = [name for name in folders if not name.startswith(HIDDEN)]
    yield from (pathlib.Path(folder, name) for name in names if not name.startswith(HIDDEN))


def _read(file, side):
  try:
    with Image.open(file) as opened:
      if opened.mode.startswith(('I', 'F')):
        raise UserError(f'{file} has more than 8 bits per channel: convert it to 8')
      image = np.asarray(ImageOps.exif_transpose(opened).convert('RGB'))
  except (OSError, Image.DecompressionBombError) as error:
    raise UserError(f'{file} is not a readable image ({error}): mend or remove it') from error
  return fit(image, side) if side else image


def _size(shape):
  return f'{shape[1]}x{shape[0]}'
