from wgan_jax.sweep import differences


def test_names_are_as_short_as_they_can_be():
  keys = ['optimizer.critic_loss.learning_rate', 'optimizer.generator_loss.learning_rate', 'game.n_critic', 'seed']
  assert [*differences.short_names(keys).values()] == [
    'critic_loss.learning_rate',
    'generator_loss.learning_rate',
    'n_critic',
    'seed',
  ]
  assert differences.short_names(['a.b', 'b']) == {'a.b': 'a.b', 'b': 'b'}


def test_a_key_that_some_have_not_varies():
  assert differences.varying([{'a': 1, 'b': 2}, {'a': 1}, {'a': 1, 'b': 2}]) == ['b']


def test_values_are_as_long_as_people_read_them():
  assert [differences.text(value) for value in (0.00012345678, 10, True, 'none', (1, 2))] == [
    '0.0001235',
    '10',
    'True',
    'none',
    '(1, 2)',
  ]
