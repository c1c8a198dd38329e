import pytest

from wgan_jax import clock


@pytest.fixture
def times(monkeypatch):
  """A clock that shows what the test says."""
  now = [0.0]
  monkeypatch.setattr(clock.time, 'perf_counter', lambda: now[0])
  return now


def test_rounds_are_paced_by_the_last_ones_that_were_compiled(times):
  watch = clock.Clock()
  assert watch.rounds_in(1.0) == 1
  with watch.rounds(1, compiled=False):
    times[0] += 30
  assert watch.rounds_in(1.0) == 1
  with watch.rounds(4, compiled=True):
    times[0] += 0.2
  assert watch.rounds_in(1.0) == 20
  with watch.rounds(1, compiled=True):
    times[0] += 3
  assert watch.rounds_in(1.0) == 1
  assert watch.seconds == {'compilation and its first rounds': 30, 'rounds': pytest.approx(3.2)}


def test_times_add_up_by_what_they_were_spent_on(times):
  watch = clock.Clock()
  for _ in range(3):
    with watch.measure('checkpoints'):
      times[0] += 2
  assert watch.seconds == {'checkpoints': 6}
