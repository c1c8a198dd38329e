"""Images decoded once: kept as arrays in the user's cache folder and mapped into memory from there."""

import dataclasses
import functools
import hashlib
import os
import pathlib
import shutil
import tempfile
from collections.abc import Callable, Iterator

import numpy as np
import tqdm

from wgan_jax.errors import UserError


@dataclasses.dataclass(frozen=True)
class Images:
  """A decoded set. images: uint8 [N, H, W, C]; labels: int32 [N], or None where there are none.

  of_classes: kinds of labels in the set that this is a part of, 0 where it is none.
  """

  images: np.ndarray
  labels: np.ndarray | None
  of_classes: int = 0

  @property
  def shape(self) -> tuple[int, int, int]:
    """Of one image, (H, W, C)."""
    return self.images.shape[1:]

  @property
  def classes(self) -> int:
    """Kinds of labels, 0 for none."""
    return 0 if self.labels is None else self.of_classes or int(self.labels.max()) + 1

  @functools.cached_property
  def identity(self) -> str:
    """What tells it from other sets: a digest of all its pixels and labels."""
    digest = hashlib.sha256(repr((self.images.shape, self.labels is None)).encode())
    for part in (self.images, self.labels) if self.labels is not None else (self.images,):
      digest.update(np.ascontiguousarray(part))
    return digest.hexdigest()

  def __len__(self) -> int:
    return len(self.images)

  def __getitem__(self, i: int) -> dict[str, np.ndarray]:
    image = {'image': self.images[i]}
    return image if self.labels is None else {**image, 'label': self.labels[i]}

  def decoded(self) -> 'Images':
    """Itself: it is decoded already."""
    return self


def cache_folder() -> pathlib.Path:
  """Where this project keeps what can be made again; XDG_CACHE_HOME moves it."""
  return pathlib.Path(os.environ.get('XDG_CACHE_HOME') or '~/.cache').expanduser() / 'wgan_jax'


def made(folder: pathlib.Path, write: Callable[[pathlib.Path], None]) -> None:
  """Makes a folder of the cache by `write(empty folder)`, where it is not there yet: whole or not at all."""
  if folder.exists():
    return
  try:
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = pathlib.Path(tempfile.mkdtemp(dir=folder.parent, prefix='.partial-'))
  except OSError as error:
    raise UserError(f'cannot write in {folder.parent}: set XDG_CACHE_HOME to a folder that can be written') from error
  try:
    write(partial)
    # A rename is atomic: whoever is killed before it leaves no entry, and of two at once one wins.
    partial.rename(folder)
  except OSError:
    if not folder.exists():
      raise
  finally:
    shutil.rmtree(partial, ignore_errors=True)


def decoded(name: str, identity: str, n: int, decode: Callable[[], Iterator[tuple[np.ndarray, int | None]]]) -> Images:
  """The set that `decode` yields, image by image [H, W, C] with its label, from the cache where it is there.

  Args:
    name: for people: what the progress bar and the folder are called.
    identity: everything that the decoded bytes depend on; another identity is another entry.
    n: how many images `decode` yields.
  """
  folder = cache_folder() / 'images' / f'{name}-{hashlib.sha256(identity.encode()).hexdigest()[:16]}'
  made(folder, lambda partial: _write(partial, name, n, decode()))
  labels = folder / 'labels.npy'
  return Images(np.load(folder / 'images.npy', mmap_mode='r'), np.load(labels) if labels.exists() else None)


def _write(folder, name, n, examples):
  images, labels = None, []
  bar = tqdm.tqdm(examples, f'decoding {name}, once', n, unit=' images', leave=False, disable=None)
  for i, (image, label) in enumerate(bar):
    if images is None:
      images = np.lib.format.open_memmap(folder / 'images.npy', 'w+', np.uint8, (n, *image.shape))
    images[i] = image
    labels.append(label)
  images.flush()
  if labels[0] is not None:
    np.save(folder / 'labels.npy', np.asarray(labels, np.int32))
