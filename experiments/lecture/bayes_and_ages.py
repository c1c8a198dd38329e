"""Two brothers' ages by counting orders: what one answer tells of another question.

    python launch.py --config=experiments/lecture/bayes_and_ages.py [--config.bayes_and_ages.younger=3]

With more brothers known to be younger than Fred it is ever more likely that he is older than the next one, too.
"""

import itertools
import math

from wgan_jax.errors import UserError
from wgan_jax.lecture import plots
from wgan_jax.lecture.figure import About, Figure, numbers

ABOUT = About(
  title='Fred and his brothers: a probability that an answer changes',
  lectures=(3,),
  claim='The answers to the bonus exercise 2.36 are 1/2 and 2/3. Fred has two brothers, Alf and Bob: how probable is '
  'it that he is older than Bob, and how probable once he has said that he is older than Alf?',
  source='MacKay, Information Theory, Inference and Learning Algorithms, exercise 2.36.',
)


def get_config():
  return numbers(
    __file__,
    younger=1,  # brothers of whom Fred says that they are younger, of the exercise's last question
    most=6,  # such brothers in the picture
  )


def draw(config, folder):
  del folder
  if max(config.younger, config.most) > 7:
    raise UserError('with more than 7 younger brothers there are too many orders to count: give 7 or fewer')
  rows = [['younger brothers known', 'orders', 'of these, Fred older than Bob', 'probability']]
  chances = []
  for known in range(config.most + 1):
    orders, older = counted(known)
    chances.append(older / orders)
    rows.append([str(known), str(orders), str(older), fraction(older, orders)])
  figure, axes = plots.panels(1, height=3.0)
  axes[0, 0].bar(range(config.most + 1), chances, color=plots.BLUE)
  axes[0, 0].set_ylim(0, 1)
  plots.label(
    axes[0, 0], 'Fred is older than Bob', 'brothers known to be younger than Fred', 'probability, all orders alike'
  )
  orders, older = counted(config.younger)
  measured = {'before': counted(0)[1] / counted(0)[0], 'after': older / orders, 'orders': orders, 'older': older}
  told = (
    f'Of all orders of age half have Fred before Bob: {measured["before"]:.4f}. Of the {orders} orders in which Fred '
    f'is older than the brothers that he names, {older} have him older than Bob, too: {measured["after"]:.4f}.'
  )
  return Figure(told, measured, figure, rows)


def fraction(a, b):
  return f'{a // math.gcd(a, b)}/{b // math.gcd(a, b)}'


def counted(known):
  """(orders, oldest first, in which Fred comes before `known` named brothers; those where Bob comes after him, too)."""
  fred, bob, *named = range(2 + known)
  ranks = itertools.permutations(range(2 + known))  # of each of them, 0 the oldest
  kept = [rank for rank in ranks if all(rank[fred] < rank[other] for other in named)]
  return len(kept), sum(rank[fred] < rank[bob] for rank in kept)
