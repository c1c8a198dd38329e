import json

import numpy as np

from wgan_jax import log


def test_rows_after_the_step_of_a_restart_are_forgotten(tmp_path):
  first = log.Log(tmp_path, 0)
  for step in (10, 20, 30):
    first.scalars(step, {'critic_loss': float(step)})
  first.close()
  with (tmp_path / 'metrics.jsonl').open('a') as file:
    file.write('{"step": 40, "critic_l')  # what a kill leaves
  second = log.Log(tmp_path, 20)
  second.scalars(30, {'critic_loss': -1.0})
  second.close()
  rows = list(log.read(tmp_path))
  assert [(row['step'], row['critic_loss']) for row in rows] == [(10, 10.0), (20, 20.0), (30, -1.0)]


def test_numbers_that_json_lacks_are_strings(tmp_path):
  writer = log.Log(tmp_path, 0)
  writer.scalars(1, {'a': float('nan'), 'b': float('inf'), 'c': 0.5})
  writer.close()
  row = json.loads((tmp_path / 'metrics.jsonl').read_text(), parse_constant=lambda name: 1 / 0)
  assert row == {'step': 1, 'a': 'nan', 'b': 'inf', 'c': 0.5}


def test_tensorboard_gets_scalars_and_images(tmp_path):
  writer = log.Log(tmp_path, 0)
  writer.scalars(1, {'critic_loss': 0.5})
  writer.image(1, 'samples', np.zeros((8, 8, 3), np.uint8))
  writer.close()
  events = b''.join(f.read_bytes() for f in (tmp_path / 'tensorboard').iterdir())
  assert b'critic_loss' in events and b'samples' in events and b'PNG' in events


def test_a_folder_without_a_log_has_no_rows(tmp_path):
  assert list(log.read(tmp_path)) == []
