"""The colours of the figures are seen on light and dark pages, and told apart without red or green cones."""

import itertools

import numpy as np

from wgan_jax.lecture import plots

# Machado, Oliveira & Fernandes 2009, table 1, severity 1, of linear RGB.
SEEN = {
  'by all': np.eye(3),
  'by deuteranopes': [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
  'by protanopes': [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
}
# Of sRGB, IEC 61966-2-1; its second row is WCAG's luminance.
XYZ = np.array([[0.412456, 0.357576, 0.180438], [0.212673, 0.715152, 0.072175], [0.019334, 0.119192, 0.950304]])


def linear(colour):
  values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
  return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb):
  """CIE 1976 L*a*b* of linear RGB, under the white of the screen."""
  xyz = XYZ @ np.clip(rgb, 0, 1) / XYZ.sum(axis=1)
  x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
  return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one, other):
  low, high = sorted((XYZ @ linear(colour))[1] for colour in (one, other))
  return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_and_white_and_of_a_grey():
  """WCAG's numbers: 21 for black on white, 4.54 for #767676, the lightest grey that passes at 4.5."""
  assert abs(contrast('#000000', '#ffffff') - 21) < 1e-4
  assert abs(contrast('#767676', '#ffffff') - 4.54) < 0.005


def test_colours_are_seen_on_light_and_dark_pages():
  for colour in plots.COLOURS:
    for page in '#ffffff', '#121212':
      assert contrast(colour, page) >= 3, (colour, page)


def test_whatever_has_an_order_is_seen_on_light_and_dark_pages():
  for colour in plots.between()(np.linspace(0, 1, 9)):
    as_text = '#' + ''.join(f'{round(255 * part):02x}' for part in colour[:3])
    assert contrast(as_text, '#ffffff') >= 3 and contrast(as_text, '#121212') >= 3


def test_colours_are_told_apart():
  for by, matrix in SEEN.items():
    for one, other in itertools.combinations(plots.COLOURS, 2):
      difference = np.linalg.norm(lab(matrix @ linear(one)) - lab(matrix @ linear(other)))
      assert difference > 15, f'{one} and {other} differ by {difference:.0f} {by}'
