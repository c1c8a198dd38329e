import pytest

from wgan_jax.looks import Looks


@pytest.mark.parametrize('looks', [Looks(12, (6, 4)), Looks(13, (5, 5)), Looks(3, (10, 7)), Looks(20, (3, 4))])
def test_they_come_when_they_should(looks):
  steps = [step for step in range(looks.steps + 1) if looks.at(step)]
  assert steps == sorted({looks.steps, *(s for s in range(looks.steps) for n in looks.every if s % n == 0)})
  assert looks.count() == len(steps)
  walked = [0]
  while walked[-1] < looks.steps:
    walked.append(looks.after(walked[-1]))
  assert walked == steps
