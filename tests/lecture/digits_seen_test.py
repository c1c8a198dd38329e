"""The classifier that looks at digits knows them."""

import numpy as np

from wgan_jax.data import digits
from wgan_jax.lecture.digits_seen import seeing


def test_digits_are_recognised():
  real = digits.load()
  found = seeing()(real.images[-300:])
  assert np.mean(found.logits.argmax(axis=1) == real.labels[-300:]) > 0.9 and len(found.features) == 300
