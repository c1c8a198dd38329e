"""Two sources side by side, for games that translate one kind of images into another; nothing pairs their samples."""

import jax

from wgan_jax.data.source import WHOLE, Source
from wgan_jax.errors import UserError


def paired(images: Source, sources: Source) -> Source:
  """Batches of `images` whose samples have one of `sources` beside them as 'source', of the same shape.

  Raises:
    UserError: when their shapes differ.
  """
  if images.shape != sources.shape:
    shapes = ' and '.join('x'.join(map(str, source.shape)) for source in (sources, images))
    raise UserError(
      f'both sets must be images of one size and as many channels, not {shapes}: --config.source.size= fits them'
    )

  def feed(first, count, share=WHOLE):
    return {'image': images.feed(first, count, share), 'source': sources.feed(first, count, share)}

  def draw(resident, minibatch, keys):
    image_keys, source_keys = (jax.vmap(jax.random.fold_in, (0, None))(keys, i) for i in range(2))
    batch = images.draw(resident['image'], minibatch['image'], image_keys)
    return {**batch, 'source': sources.draw(resident['source'], minibatch['source'], source_keys)['image']}

  resident = {'image': images.resident, 'source': sources.resident}
  return images._replace(feed=feed, draw=draw, resident=resident, size=images.size + sources.size)
