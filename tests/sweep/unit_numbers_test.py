import random

import pytest

from wgan_jax.errors import UserError
from wgan_jax.sweep import unit_numbers


@pytest.mark.parametrize(
  'said, meant',
  [('0', [0]), ('0,3-5', [0, 3, 4, 5]), ('5,0-1, 1', [0, 1, 5]), ('9-9', [9]), ('0-9', list(range(10)))],
)
def test_numbers_and_pairs_of_them(said, meant):
  assert unit_numbers.parse(said, 10, 'units') == meant


@pytest.mark.parametrize(
  'said, line',
  [
    ('', "--units=: '' is neither a number nor two such as 3-5"),
    ('1,', "--units=1,: '' is neither"),
    ('a', "--units=a: 'a' is neither"),
    ('-1', "--units=-1: '-1' is neither"),
    ('1-2-3', "'1-2-3' is neither"),
    ('1.5', "'1.5' is neither"),
    ('²', "'²' is neither"),
    ('5-3', "--units=5-3: '5-3' goes backwards; say 3-5"),
    ('3-10', '--units=3-10: there is no unit 10; they go from 0 to 9'),
  ],
)
def test_anything_else_is_refused(said, line):
  with pytest.raises(UserError) as caught:
    unit_numbers.parse(said, 10, 'units')
  assert line in f'{caught.value}'


def test_what_is_said_is_read_as_it_was():
  assert unit_numbers.text([0, 3, 4, 5, 7]) == '0,3-5,7'
  draw = random.Random(0)
  for _ in range(50):
    some = sorted(draw.sample(range(30), draw.randint(1, 30)))
    assert unit_numbers.parse(unit_numbers.text(some), 30, 'units') == some
