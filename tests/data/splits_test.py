import numpy as np
import pytest

from wgan_jax.data import splits
from wgan_jax.data.cache import Images
from wgan_jax.errors import UserError

IMAGES = Images(np.arange(50, dtype=np.uint8).reshape(50, 1, 1, 1), np.arange(50, dtype=np.int32))


def values(split):
  return splits.part(IMAGES, split, 'a').decoded().images.ravel().tolist()


def test_the_whole_is_the_set_itself():
  assert splits.part(IMAGES, 'train', 'a') is IMAGES


SIZES = {'train[:80%]': 40, 'train[80%:]': 10, 'train[:7]': 7, 'train[7:]': 43, 'train[-5:]': 5, 'train[-50%:]': 25}
SIZES |= {'train[10:20]': 10, 'train[:33%]': 16, 'train[:]': 50, 'train[:5]+train[-5:]': 10, 'train[:900]': 50}


@pytest.mark.parametrize('split, n', SIZES.items())
def test_parts_have_the_size_asked_for(split, n):
  assert len(set(values(split))) == len(values(split)) == len(splits.part(IMAGES, split, 'a')) == n


@pytest.mark.parametrize('edge', ['80%', '7', '-5', '-20%'])
def test_two_sides_of_an_edge_make_the_whole(edge):
  left, right = values(f'train[:{edge}]'), values(f'train[{edge}:]')
  assert sorted(left + right) == list(range(50))


def test_a_part_is_no_piece_of_a_sorted_set_and_keeps_its_classes():
  part = splits.part(IMAGES, 'train[:10]', 'a')
  assert max(values('train[:10]')) > 30 and values('train[:10]') == values('train[:10]')
  assert part.classes == part.decoded().classes == 50 and part.shape == part.decoded().shape == (1, 1, 1)
  assert [int(part[i]['label']) for i in range(10)] == values('train[:10]') == part.decoded().labels.tolist()


def test_a_set_without_labels_has_parts_without():
  part = splits.part(Images(IMAGES.images, None), 'train[:10]', 'a')
  assert part.classes == part.decoded().classes == 0 and set(part[0]) == {'image'}


@pytest.mark.parametrize('split', ['test', 'train[', 'train[:x]', 'train[5:5]', 'train[:0%]', 'train+test', ''])
def test_what_is_no_part_is_one_line(split):
  with pytest.raises(UserError, match=r'a has nothing in split .*; it has train and parts such as train\[:80%\]'):
    splits.part(IMAGES, split, 'a')


@pytest.mark.parametrize(
  'a, b, shared',
  [
    ('train', 'train', True),
    ('train', 'test', False),
    ('train[:80%]', 'train[80%:]', False),
    ('train[:81%]', 'train[80%:]', True),
    ('train[:1000]', 'train[1000:]', False),
    ('train[1000:]', 'train[:1001]', True),
    ('train+test', 'test[:1]', True),
    ('train[:50%]', 'train[50%:]+test', False),
  ],
)
def test_overlapping_parts_are_known(a, b, shared):
  assert splits.overlap(a, b, {'train': 60_000, 'test': 10_000}) is shared


def test_parts_are_those_of_tfds():
  tfds = pytest.importorskip('tensorflow_datasets')
  info = tfds.core.SplitInfo(name='train', shard_lengths=[997], num_bytes=0, filename_template=None)
  known = tfds.core.SplitDict([info])
  for split in ('train[:33%]', 'train[33%:]', 'train[-7%:]', 'train[:100]', 'train[-100:]', 'train[10:20]'):
    expected = tfds.core.ReadInstruction.from_spec(split).to_absolute(known)[0]
    assert splits.spans(split, {'train': 997}) == [
      ('train', expected.from_ or 0, 997 if expected.to is None else expected.to)
    ]
