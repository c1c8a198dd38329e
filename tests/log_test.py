import json

import numpy as np
import pytest

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


def test_tensorboard_forgets_what_came_after_the_step_of_a_restart(tmp_path):
  event_pb2 = pytest.importorskip('tensorboardX.proto.event_pb2')
  writer = log.Log(tmp_path, 20)
  writer.scalars(30, {'critic_loss': 0.5})
  writer.close()
  (file,) = (tmp_path / 'tensorboard').iterdir()
  data, events = file.read_bytes(), []
  while data:  # records: length, its checksum, content, its checksum
    size = int.from_bytes(data[:8], 'little')
    events.append(event_pb2.Event.FromString(data[12 : 12 + size]))
    data = data[16 + size :]
  assert events[0].file_version == 'brain.Event:2'
  assert (events[1].step, events[1].session_log.status) == (21, event_pb2.SessionLog.START)
  assert (events[2].step, events[2].summary.value[0].simple_value) == (30, 0.5)


def test_rows_that_say_something(tmp_path):
  rows = [{'step': 1, 'a': 1.0}, {'step': 2, 'ab': 2.0}, {'step': 3, 'a': 'nan'}]
  (tmp_path / 'metrics.jsonl').write_text(''.join(f'{json.dumps(row)}\n' for row in rows) + '{"step": 4, "a')
  assert [row['step'] for row in log.read(tmp_path, 'a')] == [1, 3]


def test_a_folder_without_a_log_has_no_rows(tmp_path):
  assert list(log.read(tmp_path)) == []


def test_a_run_at_its_beginning_forgets_what_an_earlier_start_said(tmp_path):
  for _ in range(2):
    writer = log.Log(tmp_path, -1)
    writer.scalars(0, {'sliced_w1': 0.5})
    writer.close()
  assert list(log.read(tmp_path)) == [{'step': 0, 'sliced_w1': 0.5}]


def test_a_run_that_has_looked_at_its_beginning_keeps_what_it_saw(tmp_path):
  for step in (-1, 0):
    writer = log.Log(tmp_path, step)
    if step < 0:
      writer.scalars(0, {'sliced_w1': 0.5})
    writer.close()
  assert list(log.read(tmp_path)) == [{'step': 0, 'sliced_w1': 0.5}]


def test_lines_that_are_no_rows_are_left_out_and_the_others_stay(tmp_path):
  (tmp_path / 'metrics.jsonl').write_bytes(b'{"step": 1}\n{"step": 2, "x\n5\n{}\n\xff\xfe\n{"step": 3}\n{"st')
  assert list(log.read(tmp_path)) == [{'step': 1}, {'step': 3}]
