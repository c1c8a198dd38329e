import numpy as np

from wgan_jax.sampling import labelled


def colours(picture):
  return {tuple(c) for c in picture.reshape(-1, 3).tolist()}


def test_pictures_stand_in_their_rows_and_columns_enlarged_without_blur():
  rows = [[np.full((24, 24, 3), 10 * row + column, np.uint8) for column in range(3)] for row in range(2)]
  picture = labelled.sheet('', rows, ['', ''])
  left, top, step = 2 * labelled.MARGIN, labelled.MARGIN, 48 + labelled.GAP
  for row in range(2):
    for column in range(3):
      y, x = top + row * step, left + column * step
      assert (picture[y : y + 48, x : x + 48] == 10 * row + column).all()
      assert (picture[y + 48, x] == 255).all() and (picture[y, x + 48] == 255).all()


def test_names_make_room_for_themselves():
  cell = np.zeros((48, 48, 1), np.uint8)
  bare, named, titled = (
    labelled.sheet(title, [[cell]], [name], columns)
    for title, name, columns in (('', '', ()), ('', 'a long name of a row', ['column']), ('A title', '', ()))
  )
  assert named.shape[0] > bare.shape[0] and titled.shape[0] > bare.shape[0]
  assert bare.shape[1] == 480 + labelled.MARGIN  # room for a title
  black = lambda picture: np.flatnonzero((picture == 0).all(axis=(2,)).any(axis=0))[0]
  assert black(named) > black(bare) == 2 * labelled.MARGIN
  assert labelled.INK in colours(named) and labelled.INK not in colours(bare)


def test_a_title_is_broken_into_lines_that_fit():
  lines = labelled._broken('every word of it is there and in order ' * 5, 300)
  assert ' '.join(lines) == ('every word of it is there and in order ' * 5).strip()
  assert len(lines) > 3 and max(labelled._font(labelled.HEADING).getlength(line) for line in lines) <= 300
  assert labelled._broken('a-word-wider-than-the-sheet it is', 20) == ['a-word-wider-than-the-sheet', 'it', 'is']


def test_a_column_of_nothing_is_a_narrow_gap_and_rows_may_end_early():
  cell = np.full((48, 48, 1), 7, np.uint8)
  picture = labelled.sheet('', [[cell, None, cell], [cell]], ['', ''])
  second = 2 * labelled.MARGIN + 48 + labelled.GAP + labelled.MARGIN
  assert (picture[labelled.MARGIN : labelled.MARGIN + 48, second : second + 48] == 7).all()
  below = labelled.MARGIN + 48 + labelled.GAP
  assert (picture[below : below + 48, second : second + 48] == 255).all()


def test_grey_and_coloured_pictures():
  assert (7, 7, 7) in colours(labelled.sheet('', [[np.full((8, 8, 1), 7, np.uint8)]], ['']))
  assert (200, 10, 30) in colours(labelled.sheet('', [[np.full((8, 8, 3), np.uint8([200, 10, 30]))]], ['']))
