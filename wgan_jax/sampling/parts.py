"""The parts of a sampling: each writes files into the session's folder, and returns what there is to know of them."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import numpy as np

from wgan_jax import build_data, build_features, pictures
from wgan_jax.data.images import to_uint8
from wgan_jax.extract import Extractor
from wgan_jax.progress import steps
from wgan_jax.sampling import export, neighbours, sheets_of_codes
from wgan_jax.sampling.animation import animation
from wgan_jax.sampling.labelled import sheet
from wgan_jax.sampling.session import Session


class Part(NamedTuple):
  """write: session -> facts. unfit: session -> what it would need and does not have here, '' where it fits."""

  write: Callable[[Session], dict[str, Any]]
  unfit: Callable[[Session], str] = lambda session: ''


def nearest(s: Session) -> dict[str, Any]:
  """Generated samples and their nearest training examples, in pixels and in features."""
  c = s.config.sample.neighbours
  config = s.config.copy_and_resolve_references()
  with config.unlocked():
    config.data.update(flip=False, dequantize=False)
    config.source.name = ''
  source = build_data.build_source(config)
  most = min(c.examples or source.size, source.size)
  z, label = s.codes(s.few(s.config.sample.rows))
  queries = {'image': s.look(z, label)} | ({} if label is None else {'label': label})
  spaces, names = {'pixels': neighbours.pixels}, {'pixels': 'pixels'}
  if found := _features(s, queries):
    names['features'], spaces['features'] = f'the features of the {found[0]}', found[1]
  chunks = neighbours.examples(source, most, s.config.data.flip)
  total = -(-most // s.config.data.batch_size) * (1 + s.config.data.flip)
  result = neighbours.nearest(queries, steps(chunks, 'training examples, in chunks', total), c.k, spaces)
  parts = [[[x] for x in to_uint8(queries['image'])], *(to_uint8(result[name].examples) for name in spaces)]
  rows = [[cell for part in parts for cell in (*part[i], None)] for i in range(len(z))]
  columns = ['sample', *(name for space in spaces for name in ('', f'nearest in {space}', *(c.k - 1) * ['']))]
  mirrored = ' and their mirror images' if s.config.data.flip else ''
  of = ' and in '.join(names.values())
  title = f'Generated samples, and of {most:,} training examples{mirrored} the nearest in {of}.'
  s.save('neighbours', sheet(title, rows, s.called(s.few(len(z))), columns))
  distances = {name: np.round(found.distances, 4).tolist() for name, found in result.items()}
  return {'examples': most, 'mirrored': s.config.data.flip, 'spaces': names, 'distances': distances}


def _features(s, queries):
  """(whose, the space of them): of a feature network that suits the images, or else of the game's own network."""
  shape = queries['image'].shape[1:]
  if network := build_features.preferred(s.config, shape):
    extractor = Extractor(network, shape, s.config.data.batch_size, jax.local_devices())
    return network.name, neighbours.of_network(extractor)
  return neighbours.features(s.game, s.variables, queries)


def animated(s: Session) -> dict[str, Any]:
  """Round trips through latent codes, a tile for each row of a grid."""
  c = s.config.sample.animation
  stops = [s.codes(numbers) for numbers in np.split(s.few(c.legs * s.rows), c.legs)]
  label, frames = stops[0][1], []
  legs = [(stops[i][0], stops[(i + 1) % c.legs][0]) for i in range(c.legs)]
  for start, end in steps(legs, 'frames, by leg', c.legs):
    z = np.asarray(s.game.between(start, end, c.frames + 1))[:, :-1]  # whose last is the first of the next leg
    labels = None if label is None else np.repeat(label[:, None], c.frames, axis=1)
    frames += [pictures.grid(frame, min(s.rows, 5)) for frame in np.moveaxis(s.look.pictures(z, labels), 1, 0)]
  (s.out / f'animation.{c.format}').write_bytes(animation(frames, c.format, c.milliseconds))
  return {'frames': len(frames), 'milliseconds': c.milliseconds}


def samples(s: Session) -> dict[str, Any]:
  """Raw samples, in files for other people's tools."""
  n, size = s.config.sample.n, s.config.sample.batch_size

  def chunks():
    for first in range(0, n, size):
      z, label = s.codes(np.arange(first, min(first + size, n)))
      drawn = s.look(z, label)
      yield to_uint8(drawn) if drawn.ndim == 4 else drawn, s.sampler.asked(s.look.inside(z), label)

  return export.write_samples(s.out, n, steps(chunks(), 'raw samples, in chunks', -(-n // size)))


def _of_images(s):
  return '' if len(s.source.shape) == 3 else 'images, and these data are points'


def _of_vectors(s):
  return '' if s.game.truncation else 'codes of a prior, and those of this game are images'


PARTS = {  # by the name of the file that each writes, in the order in which they are made
  'classes': Part(sheets_of_codes.classes),
  'truncation': Part(sheets_of_codes.truncation, _of_vectors),
  'interpolation_z': Part(sheets_of_codes.interpolation_z),
  'interpolation_class': Part(
    sheets_of_codes.interpolation_class, lambda s: '' if len(set(s.classes)) > 1 else 'two classes to go between'
  ),
  'arithmetic': Part(sheets_of_codes.arithmetic, lambda s: _of_images(s) or _of_vectors(s)),
  'neighbours': Part(nearest, _of_images),
  'animation': Part(animated, _of_images),
  'samples': Part(samples, lambda s: '' if s.config.sample.n else '--config.sample.n=1000, say'),
}
