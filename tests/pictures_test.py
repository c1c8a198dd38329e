import io

import numpy as np
from PIL import Image

from wgan_jax import pictures


def test_a_grid_holds_its_images_row_by_row():
  images = np.arange(5, dtype=np.uint8)[:, None, None, None] * np.ones((5, 48, 48, 1), np.uint8)
  grid = pictures.grid(images)
  assert grid.shape == (2 * 50 + 2, 3 * 50 + 2, 3)
  centers = grid[[27, 77]][:, [27, 77, 127], 0]
  assert centers.tolist() == [[0, 1, 2], [3, 4, 128]]


def test_small_images_are_enlarged_without_blur():
  image = np.arange(64, dtype=np.uint8).reshape(1, 8, 8, 1)
  grid = pictures.grid(image, columns=1)
  np.testing.assert_array_equal(grid[2:-2:6, 2:-2:6, 0], image[0, :, :, 0])


def test_colours_and_range_survive_to_the_png():
  samples = np.zeros((1, 48, 48, 3), np.float32) + np.array([-1.0, 0.0, 1.0], np.float32)
  picture = Image.open(io.BytesIO(pictures.png(pictures.picture(samples, samples))))
  assert picture.getpixel((20, 20)) == (0, 128, 255)


def test_points_and_paths_are_drawn_where_they_are():
  real = np.random.default_rng(0).uniform(-1, 1, (50, 2))
  far = pictures.picture(np.full((20, 2), 0.99), real)
  near = pictures.picture(np.full((20, 2), 0.0), real)
  assert far.shape == near.shape and far.dtype == np.uint8
  assert (far != near).any()
  assert (pictures.paths(np.zeros((2, 3, 2)) + real[:2, None], real) != 255).any()


def test_paths_of_images_have_a_row_each():
  assert pictures.paths(np.zeros((2, 5, 48, 48, 1)), np.zeros((1, 48, 48, 1))).shape == (2 * 50 + 2, 5 * 50 + 2, 3)
