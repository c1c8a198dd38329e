import html.parser
import re

import numpy as np
import pytest

from wgan_jax import curves
from wgan_jax.watching import page

ROWS = [
  {
    'step': step,
    'sliced_w1': 1.0,
    'critic/w1_estimate': 0.5,
    'critic/w1_exact': 2.0,
    'critic/lipschitz': 1.25,
    'critic/w1_ratio': 0.2,
    'critic/w1_of_real': 1.75,
    'overfitting/training': -1.5,
    'overfitting/held_out': -1.25,
    'overfitting/t': 5.5,
    'overfitting/p': 3e-8,
    'overfitting/alarm': 0.0,
  }
  for step in (0, 1000, 2000)
]


def text_of(rows):
  section = page.section(rows)
  html.parser.HTMLParser().feed(section)
  return re.sub(r'\s+', ' ', section)


def opened(*alarms):
  return [{**row, 'overfitting/alarm': alarm} for row, alarm in zip(ROWS, alarms, strict=True)]


def test_the_distances_stand_in_one_plot_beside_the_constant_and_the_ratio():
  text = text_of(ROWS)
  assert text.count('<svg') == 4
  assert '1.75 away' in text
  assert 'No overfitting of the critic was found; at round 2,000 its loss is -1.5 on training' in text
  assert 'class="alarm"' not in text


@pytest.mark.parametrize(
  'alarms, still', [((0.0, 1.0, 1.0), 'and does so still'), ((0.0, 1.0, 0.0), 'and no longer does')]
)
def test_the_alarm_is_a_line_of_its_own(alarms, still):
  text = text_of(opened(*alarms))
  assert f'<p class="alarm">The critic overfits: first seen at round 1,000, {still}; at round 2,000' in text
  assert 't = 5.5, p = 3e-08' in text


def test_a_game_without_such_a_critic_has_no_section():
  assert page.section([{'step': 0, 'sliced_w1': 1.0}]) == page.section([]) == ''


def test_what_is_missing_or_not_finite_is_left_out():
  broken = [{**row, 'critic/lipschitz': 'inf', 'overfitting/training': 'nan'} for row in ROWS]
  broken = [{name: x for name, x in row.items() if name != 'critic/w1_ratio'} for row in broken]
  assert text_of(broken).count('<svg') == 1
  assert text_of(ROWS[:1]).count('<svg') == 0


@pytest.mark.parametrize('factor, logarithmic', [(5, False), (50, True)])
def test_curves_that_reach_far_are_drawn_on_a_logarithmic_scale(monkeypatch, factor, logarithmic):
  drawn = []
  monkeypatch.setattr(curves.vector, 'svg', lambda figure: drawn.append(figure.axes[0]))
  steps = np.arange(4)
  curves.together('a', {'low': (steps, np.ones(4)), 'high': (steps, factor * np.ones(4))})
  curves.together('a', {'alone': (steps, np.array([factor, 1.0, 1.0, 1.0]))})
  curves.together('a', {'losses': (steps, -np.ones(4)), 'others': (steps, -factor * np.ones(4))})
  assert [axes.get_yscale() == 'log' for axes in drawn] == [logarithmic, logarithmic, False]
  assert [line.get_label() for line in drawn[0].lines] == ['low', 'high']
