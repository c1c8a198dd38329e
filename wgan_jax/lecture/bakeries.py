"""The bakeries and cafés of Paris, as lecture 4 prints them."""

MINUTES = (  # from bakery x_i, a row, to café y_j
  (12, 10, 31, 27, 10, 30),
  (22, 7, 25, 15, 11, 14),
  (19, 7, 19, 10, 15, 15),
  (10, 6, 21, 19, 14, 24),
  (15, 23, 14, 24, 31, 34),
  (35, 26, 16, 9, 34, 15),
)
PAIRS = (5, 2, 6, 1, 3, 4)  # the café of each bakery that the lecture calls optimal
LOAVES = (  # its optimal plan for masses, from bakery to café
  (1, 7, 0, 0, 16, 0),
  (0, 0, 0, 0, 0, 9),
  (0, 0, 0, 0, 0, 3),
  (0, 16, 0, 0, 0, 0),
  (2, 0, 18, 1, 0, 0),
  (0, 0, 0, 25, 0, 2),
)


def names(letter: str, suffix: str = '') -> list[str]:
  """x₁ to x₆, or y₁ to y₆."""
  return [f'{letter}{chr(ord("₀") + i)}{suffix}' for i in range(1, len(MINUTES) + 1)]
