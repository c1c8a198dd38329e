import io

import numpy as np
from PIL import Image

from wgan_jax import pictures
from wgan_jax.sweep import runs, samples


def noise(side):
  return pictures.png(np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8))


def test_a_picture_is_halved_until_it_fits():
  whole = noise(512)
  assert samples.fitted(whole, len(whole)) == whole
  assert Image.open(io.BytesIO(samples.fitted(whole, len(whole) - 1))).size == (256, 256)
  assert Image.open(io.BytesIO(samples.fitted(whole, 1))).size == (128, 128)


def test_the_last_picture_is_shown_and_a_torn_one_passed_over(make_sweep, leave):
  root, units = make_sweep([{'seed': seed} for seed in range(4)])
  folders = [leave(unit, {300: {'sliced_w1': 0.5}}) for unit in units[:3]]
  (folders[0] / 'samples' / '00000100.png').write_bytes(b'')
  (folders[1] / 'samples' / '00000300.png').write_bytes(noise(64)[:200])
  (folders[2] / 'samples' / '00000300.png').write_bytes(b'no picture')
  tiles = samples.tiles([(run, f'seed {run.seed}') for run in runs.read(root, units, {})], small=True)
  assert tiles.count('<img') == 1 and 'seed 0, round 300' in tiles


def test_a_page_stays_small(make_sweep, leave, monkeypatch):
  monkeypatch.setattr(samples, 'BYTES', 200_000)
  root, units = make_sweep([{'seed': seed} for seed in range(4)])
  for unit in units:
    (leave(unit, {300: {'sliced_w1': 0.5}}) / 'samples' / '00000300.png').write_bytes(noise(256))
  tiles = samples.tiles([(run, '') for run in runs.read(root, units, {})], small=True)
  assert tiles.count('<img') == 4 and len(tiles) < 200_000 * 4 / 3 + 1000
