"""Reading a checkpoint for looking at: whatever is found, the folder stays as it is."""

import chex
import numpy as np
import pytest

from wgan_jax.checkpoint import Checkpoints
from wgan_jax.checkpoint_read import read
from wgan_jax.errors import UserError

LIKE = {'weights': np.zeros((300, 40), np.float32), 'step': np.array(0, np.int32)}
SCORES = {10: 3.0, 20: 5.0, 30: 1.0}


def state_of(step):
  weights = np.random.default_rng(step).normal(size=(300, 40)).astype(np.float32)
  return {'weights': weights, 'step': np.array(step, np.int32)}


@pytest.fixture
def folder(tmp_path):
  checkpoints = Checkpoints(tmp_path / 'checkpoints', 3, 'score', True)
  for step, score in SCORES.items():
    checkpoints.save(step, state_of(step), {'score': score})
  checkpoints.close()
  return tmp_path / 'checkpoints'


def files(folder):
  return {f: f.stat().st_mtime_ns for f in folder.parent.rglob('*')}


def looked_at(folder, which, report=pytest.fail, like=LIKE):
  before = files(folder)
  try:
    return read(folder, like, which, lambda scores: scores['score'], report)
  finally:
    assert files(folder) == before


@pytest.mark.parametrize('which, step', [('newest', 30), ('best', 20), ('10', 10)])
def test_the_one_that_is_asked_for_comes_bit_by_bit(folder, which, step):
  found, state = looked_at(folder, which)
  assert found == step
  chex.assert_trees_all_equal(state, state_of(step))


def flip_a_bit(file):
  data = bytearray(file.read_bytes())
  data[len(data) // 2] ^= 1
  file.write_bytes(data)


@pytest.mark.parametrize('tear', [flip_a_bit, lambda file: file.unlink()])
@pytest.mark.parametrize('which, torn, step', [('newest', 30, 20), ('best', 20, 10), ('10', 10, 0)])
def test_a_torn_one_is_told_and_passed_over_but_stays(folder, tear, which, torn, step):
  tear(max((f for f in (folder / f'{torn}').rglob('*') if f.is_file()), key=lambda f: f.stat().st_size))
  lines = []
  if step:
    assert looked_at(folder, which, lines.append)[0] == step
  else:
    with pytest.raises(UserError, match=r'checkpoint 10 in .* is torn: name newest, best or another \(30, 20\)'):
      looked_at(folder, which, lines.append)
  assert len(lines) == 1 and lines[0].startswith(f'checkpoint {torn} cannot be read') and 'passed over' in lines[0]


def test_one_that_is_being_written_stays(folder):
  unfinished = folder / '40.orbax-checkpoint-tmp-1'
  unfinished.mkdir()
  assert looked_at(folder, 'newest')[0] == 30 and unfinished.exists()


def test_where_there_is_none_nothing_is_made(tmp_path):
  assert looked_at(tmp_path / 'checkpoints', 'newest') is None
  assert not (tmp_path / 'checkpoints').exists()


def test_what_is_not_there_or_of_other_code_is_one_line(folder):
  with pytest.raises(
    UserError, match=r'no checkpoint 15 in .*: name newest, best or one of those there \(10, 20, 30\)'
  ):
    looked_at(folder, '15')
  with pytest.raises(UserError, match=r'checkpoint 30 in .* is of another version'):
    looked_at(folder, 'newest', like={**LIKE, 'more': np.zeros(3)})
