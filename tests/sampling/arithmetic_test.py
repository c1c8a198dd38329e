import numpy as np
import pytest

from wgan_jax.errors import UserError
from wgan_jax.sampling import arithmetic
from wgan_jax.sampling.arithmetic import Term


@pytest.mark.parametrize(
  'text, terms',
  [
    ('3,17,22 - 5,9 + 1', [Term(1, (3, 17, 22)), Term(-1, (5, 9)), Term(1, (1,))]),
    ('-4+2', [Term(-1, (4,)), Term(1, (2,))]),
    ('12', [Term(1, (12,))]),
  ],
)
def test_numbers_between_signs(text, terms):
  assert arithmetic.parse(text) == terms
  assert arithmetic.parse(arithmetic.written(terms)) == terms


@pytest.mark.parametrize('text', ['a-b', '1,,2', '1+-2', '1,2-', '1.5', ',1', '1;2'])
def test_anything_else_is_one_line(text):
  with pytest.raises(UserError, match=r'--config.sample.arithmetic takes numbers of samples, .* not'):
    arithmetic.parse(text)


def test_means_are_added_and_taken_away():
  means = [np.float32([1, 2]), np.float32([10, 20]), np.float32([100, 200])]
  terms = arithmetic.parse('1-2+3')
  np.testing.assert_array_equal(arithmetic.result(terms, means), [91, 182])


@pytest.mark.parametrize('classes', [0, 2, 10])
def test_the_example_is_of_nine_samples_which_are_of_two_classes_where_there_are_any(classes):
  terms = arithmetic.example(classes, [0, 1, 2])
  numbers = [i for term in terms for i in term.numbers]
  assert [term.sign for term in terms] == [1, -1, 1] and len(set(numbers)) == 9
  if classes:
    assert [{i % classes for i in term.numbers} for term in terms] == [{0}, {0}, {1}]
