"""Which devices a slot has."""

import pytest

from wgan_jax.errors import UserError
from wgan_jax.sweep.backends import devices


def environments(slots, **given):
  return [place.environment for place in devices.places(slots, given)]


def test_one_slot_has_everything():
  assert environments(1, CUDA_VISIBLE_DEVICES='0,1') == [{}]


def test_gpus_are_divided_evenly():
  assert environments(2, CUDA_VISIBLE_DEVICES='4,5,6,7') == [
    {'CUDA_VISIBLE_DEVICES': '4,5'},
    {'CUDA_VISIBLE_DEVICES': '6,7'},
  ]
  assert environments(2, CUDA_VISIBLE_DEVICES='GPU-a, GPU-b,GPU-c') == [
    {'CUDA_VISIBLE_DEVICES': 'GPU-a'},
    {'CUDA_VISIBLE_DEVICES': 'GPU-b'},
  ]


def test_too_few_gpus_are_shared_in_turn_with_their_memory():
  places = environments(3, CUDA_VISIBLE_DEVICES='0,1,-1,2')
  assert [place['CUDA_VISIBLE_DEVICES'] for place in places] == ['0', '1', '0']
  assert {place['XLA_CLIENT_MEM_FRACTION'] for place in places} == {'0.400'}
  own = environments(2, CUDA_VISIBLE_DEVICES='0', XLA_PYTHON_CLIENT_MEM_FRACTION='.1')
  assert own == [{'CUDA_VISIBLE_DEVICES': '0'}] * 2


def test_gpus_are_counted_without_starting_cuda(monkeypatch, tmp_path):
  (tmp_path / 'nvidia-smi').write_text('#!/bin/sh\nprintf "GPU 0: A (UUID: GPU-1)\\nGPU 1: A (UUID: GPU-2)\\n"')
  (tmp_path / 'nvidia-smi').chmod(0o755)
  monkeypatch.setenv('PATH', f'{tmp_path}', prepend=':')
  assert environments(2) == [{'CUDA_VISIBLE_DEVICES': '0'}, {'CUDA_VISIBLE_DEVICES': '1'}]


def test_chips_of_a_tpu_host_are_a_processs_own():
  given = {'TPU_VISIBLE_CHIPS': '0,1,2,3', 'JAX_PLATFORMS': 'tpu'}
  two = environments(2, **given)
  assert [place['TPU_VISIBLE_CHIPS'] for place in two] == ['0,1', '2,3']
  assert {place['TPU_CHIPS_PER_PROCESS_BOUNDS'] for place in two} == {'1,2,1'}
  assert len({place['JAX_COORDINATOR_PORT'] for place in two}) == 2
  assert [place['TPU_VISIBLE_CHIPS'] for place in environments(3, **given)] == ['0', '1', '2']
  with pytest.raises(UserError, match='--parallel=4'):
    devices.places(5, given)


def test_cpus_are_shared_by_their_threads(monkeypatch):
  monkeypatch.setattr(devices, '_cores', lambda: 8)
  of_cpu = {'JAX_PLATFORMS': 'cpu', 'CUDA_VISIBLE_DEVICES': '0,1'}
  assert environments(3, **of_cpu) == [{'NPROC': '2'}] * 3
  assert environments(9, **of_cpu) == [{'NPROC': '1'}] * 9
  assert environments(3, **of_cpu, NPROC='32') == [{'NPROC': '32'}] * 3
