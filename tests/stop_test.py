import signal

import pytest

from wgan_jax.stop import Stop, Stopped, check


def test_ctrl_c_is_noted_and_a_second_is_as_always():
  number = signal.SIGINT
  before = signal.signal(number, lambda *_: (_ for _ in ()).throw(InterruptedError))
  try:
    with Stop() as stop:
      assert not stop.asked()
      signal.raise_signal(number)
      assert stop.asked() == number.name
      with pytest.raises(InterruptedError):
        signal.raise_signal(number)
  finally:
    signal.signal(number, before)


def test_a_second_ctrl_c_ends_work_within_work_too():
  number = signal.SIGINT
  before = signal.signal(number, lambda *_: (_ for _ in ()).throw(InterruptedError))
  try:
    with Stop():
      with Stop():
        signal.raise_signal(number)
      with pytest.raises(InterruptedError):
        signal.raise_signal(number)
  finally:
    signal.signal(number, before)


def test_schedulers_may_ask_more_than_once():
  with Stop() as stop:
    signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGTERM)
    assert stop.asked() == 'SIGTERM'
    with pytest.raises(Stopped, match='SIGTERM'):
      check()
  check()


def test_what_was_asked_of_work_within_is_asked_of_what_is_around_it():
  with Stop() as around:
    with Stop():
      signal.raise_signal(signal.SIGTERM)
    assert around.asked() == 'SIGTERM'


def test_handlers_are_given_back():
  before = signal.getsignal(signal.SIGTERM)
  with Stop():
    assert signal.getsignal(signal.SIGTERM) != before
  assert signal.getsignal(signal.SIGTERM) == before
