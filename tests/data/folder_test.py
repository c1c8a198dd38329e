import os

import numpy as np
import pytest
from PIL import Image

from wgan_jax.data import folder
from wgan_jax.errors import UserError

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
  monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))


@pytest.fixture
def root(tmp_path):
  return tmp_path / 'pictures'


def paint(file, color=RED, size=(8, 6), mode='RGB'):
  """Writes an image of one colour; size is (width, height), as PIL has it."""
  file.parent.mkdir(parents=True, exist_ok=True)
  Image.new('RGB', size, color).convert(mode).save(file)


def error_of(path, side=0):
  with pytest.raises(UserError) as caught:
    folder.load(str(path), side)
  assert '\n' not in str(caught.value)
  return str(caught.value)


def test_sub_folders_are_classes_in_alphabetical_order(root):
  paint(root / 'cats' / 'b.png', RED)
  paint(root / 'ants' / 'deep' / 'c.png', GREEN)
  paint(root / 'cats' / 'a.PNG', BLUE)
  images = folder.load(str(root), 0)
  np.testing.assert_array_equal(images.images[:, 0, 0], [GREEN, BLUE, RED])
  np.testing.assert_array_equal(images.labels, [0, 1, 1])
  assert images.shape == (6, 8, 3) and images.classes == 2


def test_what_systems_hide_is_passed_over_and_links_are_followed(root, tmp_path):
  paint(tmp_path / 'elsewhere' / 'a.png', GREEN)
  paint(root / 'cats' / 'a.png', RED)
  paint(root / '.thumbnails' / 'a.png', BLUE)
  paint(root / '__MACOSX' / 'a.png', BLUE)
  (root / 'cats' / '._a.png').write_bytes(b'a resource fork')
  (root / 'dogs').symlink_to(tmp_path / 'elsewhere', target_is_directory=True)
  images = folder.load(str(root), 0)
  np.testing.assert_array_equal(images.images[:, 0, 0], [RED, GREEN])
  np.testing.assert_array_equal(images.labels, [0, 1])


def test_a_camera_held_upright_gives_an_upright_image(root):
  root.mkdir()
  orientation = Image.Exif()
  orientation[0x0112] = 6  # stored lying on its left side
  Image.new('RGB', (8, 6)).save(root / 'a.jpg', exif=orientation)
  assert folder.load(str(root), 0).shape == (8, 6, 3)


def test_what_cannot_be_read_without_loss_is_one_line(root):
  root.mkdir()
  Image.fromarray(np.full((4, 4), 60000, np.uint16)).save(root / 'deep.png')
  assert 'more than 8 bits per channel' in error_of(root)


def test_loose_images_have_no_classes(root):
  paint(root / 'b.png', RED)
  paint(root / 'a.png', GREEN)
  (root / 'notes.txt').write_text('not an image')
  images = folder.load(str(root), 0)
  np.testing.assert_array_equal(images.images[:, 0, 0], [GREEN, RED])
  assert images.labels is None


@pytest.mark.parametrize(
  'suffix, mode', [('png', 'RGBA'), ('png', 'L'), ('png', 'P'), ('gif', 'P'), ('bmp', 'RGB'), ('ppm', 'RGB')]
)
def test_every_mode_becomes_rgb(root, suffix, mode):
  paint(root / f'a.{suffix}', (255, 255, 255), mode=mode)
  np.testing.assert_array_equal(folder.load(str(root), 0).images, np.full((1, 6, 8, 3), 255))


def test_images_of_many_sizes_are_fitted_to_the_one_asked_for(root):
  paint(root / 'a.png', size=(8, 6))
  paint(root / 'b.png', size=(5, 30))
  assert folder.load(str(root), 4).images.shape == (2, 4, 4, 3)


def test_a_changed_file_is_decoded_again(root):
  paint(root / 'a.png', RED)
  folder.load(str(root), 0)
  paint(root / 'a.png', GREEN)
  os.utime(root / 'a.png', (1, 1))
  np.testing.assert_array_equal(folder.load(str(root), 0).images[0, 0, 0], GREEN)


def test_a_home_folder_may_be_said_as_a_tilde(root, monkeypatch):
  paint(root / 'a.png')
  monkeypatch.setenv('HOME', str(root.parent))
  assert len(folder.load('~/pictures', 0)) == 1


def test_a_missing_folder_is_an_error_that_names_it_and_the_flag(root):
  message = error_of(root)
  assert str(root) in message and f'--config.data.name=folder:{root}' in message


def test_a_folder_without_images_is_an_error_that_says_what_it_should_hold(root):
  root.mkdir()
  (root / 'notes.txt').write_text('not an image')
  assert '.png' in error_of(root)


def test_many_sizes_without_one_asked_for_are_an_error_that_names_file_sizes_and_flag(root):
  paint(root / 'a.png', size=(8, 6))
  paint(root / 'b.png', size=(5, 30))
  message = error_of(root)
  for part in ('b.png', '5x30', '8x6', '--config.data.size'):
    assert part in message


@pytest.mark.parametrize('content', [b'', b'not an image', b'\x89PNG\r\n\x1a\n'])
def test_a_file_that_cannot_be_read_is_an_error_that_names_it(root, content):
  paint(root / 'a.png')
  (root / 'b.png').write_bytes(content)
  assert 'b.png' in error_of(root)


def test_a_file_cut_short_is_an_error_that_names_it(root):
  paint(root / 'a.png', size=(200, 200))
  whole = (root / 'a.png').read_bytes()
  (root / 'a.png').write_bytes(whole[: len(whole) // 2])
  assert 'a.png' in error_of(root)


def test_classes_beside_loose_images_are_an_error(root):
  paint(root / 'cats' / 'a.png')
  paint(root / 'loose.png')
  assert 'loose.png' in error_of(root)
