"""Parts of a set of images by the names that TFDS has for them: 'train[:80%]', 'train[1000:]', 'train+test'."""

import dataclasses
import hashlib
import re
from collections.abc import Iterator

import numpy as np

from wgan_jax.data.cache import Images
from wgan_jax.errors import UserError

EDGE = r'(-?\d+%?)?'
PART = re.compile(rf'(\w+)(?:\[{EDGE}:{EDGE}\])?')


@dataclasses.dataclass(frozen=True)
class Part:
  """Some of the images of a set, with all the classes that the whole has. rows: which, [N] int."""

  whole: Images
  rows: np.ndarray

  @property
  def shape(self) -> tuple[int, int, int]:
    """Of one image, (H, W, C)."""
    return self.whole.shape

  @property
  def classes(self) -> int:
    """Kinds of labels, 0 for none."""
    return self.whole.classes

  @property
  def identity(self) -> str:
    """What tells it from other sets."""
    return f'{self.whole.identity} {hashlib.sha256(self.rows).hexdigest()}'

  def __len__(self) -> int:
    return len(self.rows)

  def __getitem__(self, i: int) -> dict[str, np.ndarray]:
    return self.whole[self.rows[i]]

  def decoded(self) -> Images:
    """Its images as arrays of their own."""
    labels = None if self.whole.labels is None else self.whole.labels[self.rows]
    return Images(self.whole.images[self.rows], labels, self.classes)


def part(images: Images, split: str, name: str) -> Images | Part:
  """The split of a set that has but one of its own, 'train'; parts are cut from the images in an order drawn once.

  A folder's images are sorted by class, and digits by writer: pieces of such an order would differ from one another.

  name: of the set, for people.

  Raises:
    UserError: for a split that is no such part, or an empty one.
  """
  if split == 'train':
    return images
  shuffled = np.random.Generator(np.random.Philox(key=len(images))).permutation(len(images))
  rows = np.concatenate([shuffled[a:b] for _, a, b in spans(split, {'train': len(images)}) or [('', 0, 0)]])
  if not len(rows):
    raise UserError(f'{name} has nothing in split {split!r}; it has train and parts such as train[:80%]')
  return Part(images, np.sort(rows))


def overlap(a: str, b: str, sizes: dict[str, int]) -> bool:
  """Whether two splits share samples; of what `spans` cannot read that is not known, and not said."""
  return any(
    one == other and max(first, start) < min(last, stop)
    for one, first, last in spans(a, sizes)
    for other, start, stop in spans(b, sizes)
  )


def spans(split: str, sizes: dict[str, int]) -> list[tuple[str, int, int]]:
  """(split's own name, first, last + 1) of each part, of sets with so many samples in each split; [] for any other."""
  found = [PART.fullmatch(piece.strip()) for piece in split.split('+')]
  if not all(match and match[1] in sizes for match in found):
    return []
  return [(m[1], *_edges(m[2], m[3], sizes[m[1]])) for m in found]


def _edges(start: str | None, stop: str | None, n: int) -> Iterator[int]:
  for text, default in ((start, 0), (stop, n)):
    edge = default if text is None else round(n * int(text[:-1]) / 100) if text.endswith('%') else int(text)
    yield min(max(edge + n if edge < 0 else edge, 0), n)
