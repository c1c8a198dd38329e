import io

import numpy as np
import pytest
from PIL import Image

from wgan_jax.sampling.animation import FORMATS, animation


@pytest.mark.parametrize('kind', FORMATS)
def test_every_frame_comes_back_in_order_and_goes_on_without_end(kind):
  frames = [np.full((16, 24, 3), level, np.uint8) for level in (0, 60, 120, 240)]
  with Image.open(io.BytesIO(animation(frames, kind, 50))) as film:
    assert (film.format.lower(), film.n_frames, film.size, film.info['loop']) == (kind, 4, (24, 16), 0)
    for i, level in enumerate((0, 60, 120, 240)):
      film.seek(i)
      film.load()
      assert film.info['duration'] == 50
      np.testing.assert_allclose(np.array(film.convert('RGB'), int), level, atol=3)
