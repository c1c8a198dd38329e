import signal

import pytest

from wgan_jax.stop import Stop


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT])
def test_the_first_signal_is_noted_and_the_second_is_as_always(number):
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


def test_handlers_are_given_back():
  before = signal.getsignal(signal.SIGTERM)
  with Stop():
    assert signal.getsignal(signal.SIGTERM) != before
  assert signal.getsignal(signal.SIGTERM) == before
