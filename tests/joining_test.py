"""How processes find one another, as far as it can be seen by one."""

import socket

import jax
import pytest

from wgan_jax import joining
from wgan_jax.errors import UserError


@pytest.mark.parametrize(
  'arguments, said',
  [
    (('localhost:1', None, 0), '--num_processes=N'),
    (('localhost:1', 2, 2), '--process_id=0 ... N-1'),
    (('localhost', 2, 1), 'no HOST:PORT'),
    (('localhost:abc', 2, 1), 'no HOST:PORT'),
    (('localhost:65536', 2, 1), 'no HOST:PORT'),
    ((None, None, 1), '--coordinator=HOST:PORT too'),
    ((None, 4, None), '4 processes were expected and 1 found'),
  ],
)
def test_who_does_not_say_where_the_others_are_is_told(arguments, said, monkeypatch):
  def initialize(**_):
    raise ValueError('coordinator_address should be defined.')  # JAX's words where there is no cluster

  monkeypatch.setattr(jax.distributed, 'initialize', initialize)
  with pytest.raises(UserError, match=said):
    joining.join(*arguments, heartbeat_seconds=10)


def test_what_else_a_cluster_has_to_say_is_told(monkeypatch):
  def initialize(**_):
    raise ValueError('num_processes should be defined.')

  monkeypatch.setattr(jax.distributed, 'initialize', initialize)
  with pytest.raises(UserError, match=r'this process is on cannot be joined: num_processes should be defined'):
    joining.join(None, None, None, heartbeat_seconds=10)


def test_an_address_where_nobody_listens_or_somebody_else_does_is_told(monkeypatch):
  monkeypatch.setattr(joining, 'PATIENCE', 0)
  with socket.socket() as other:
    other.bind(('', 0))
    there = f'127.0.0.1:{other.getsockname()[1]}'
    with pytest.raises(UserError, match=f'process 0 does not listen at --coordinator={there}'):
      joining.join(there, 2, 1, heartbeat_seconds=10)
    other.listen()
    with pytest.raises(UserError, match=f'process 0 cannot listen at --coordinator={there}'):
      joining.join(there, 2, 0, heartbeat_seconds=10)
