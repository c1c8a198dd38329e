"""Raw samples for other people's tools: one .npz, and a folder of PNGs."""

import pathlib
import zipfile
from collections.abc import Iterable

import numpy as np

from wgan_jax.pictures import png


def write_samples(
  folder: pathlib.Path, n: int, chunks: Iterable[tuple[np.ndarray, np.ndarray | None]]
) -> dict[str, list[int]]:
  """Writes `samples.npz` and, of images, `png/000000.png` and so on, chunk by chunk: they need not fit into memory.

  Args:
    n: samples in all chunks.
    chunks: of (samples [b, ...], the class that each was asked to be [b] or None): uint8 [b, H, W, C] images,
      float32 [b, 2] points. In the file they are `images` or `points`, and `labels`, int32.

  Returns:
    {array in the file: its shape}.
  """
  shapes, labels, first = {}, [], 0
  with zipfile.ZipFile(folder / 'samples.npz', 'w') as archive:
    chunks = iter(chunks)
    samples, asked = next(chunks)
    name = 'images' if samples.ndim == 4 else 'points'
    shapes[name] = [n, *samples.shape[1:]]
    with archive.open(f'{name}.npy', 'w', force_zip64=True) as file:
      header = {'descr': samples.dtype.str, 'fortran_order': False, 'shape': tuple(shapes[name])}
      np.lib.format.write_array_header_1_0(file, header)
      while samples is not None:
        file.write(np.ascontiguousarray(samples).tobytes())
        if name == 'images':
          _write_pngs(folder / 'png', samples, first)
        labels, first = [*labels, asked], first + len(samples)
        samples, asked = next(chunks, (None, None))
    if labels[0] is not None:
      shapes['labels'] = [n]
      with archive.open('labels.npy', 'w') as file:
        np.save(file, np.concatenate(labels).astype(np.int32))
  return shapes


def _write_pngs(folder, images, first):
  folder.mkdir(exist_ok=True)
  for i, image in enumerate(images, first):
    (folder / f'{i:06d}.png').write_bytes(png(image[..., 0] if image.shape[-1] == 1 else image))
