"""The sheets of a sampling that show what becomes of latent codes; each returns what there is to know of it."""

from typing import Any

import numpy as np

from wgan_jax import pictures
from wgan_jax.data.images import to_uint8
from wgan_jax.sampling import arithmetic as sums
from wgan_jax.sampling.labelled import sheet
from wgan_jax.sampling.session import Session

VARIANTS = 4  # of a result of arithmetic, each entry of its code moved by at most JITTER
JITTER = 0.25
HOW = {'resample': 'resampling (as if entries outside were drawn anew)', 'threshold': 'clipping'}


def classes(s: Session) -> dict[str, Any]:
  """A row for each class, or a grid."""
  numbers = s.numbers()
  z, label = s.codes(numbers.ravel())
  if len(s.source.shape) != 3:
    s.save('classes', pictures.picture(s.look(z, label), s.real))
    return {}
  shown = s.look.pictures(*_folded(z, label, numbers.shape))
  row = 'its class' if s.classes else "its row's"
  title = f"Samples{_within(s)}. The number of a sample is {row} plus its column's."
  s.save('classes', sheet(title, shown, s.called(numbers[:, 0]), [f'+{i}' for i in numbers[0] - numbers[0, 0]]))
  return {}


def truncation(s: Session) -> dict[str, Any]:
  """The same latent codes within thresholds, each with standing statistics of its own."""
  c = s.config.sample
  thresholds = [0.0, *s.options.thresholds]
  names = ['none', *(f'{t:g}' for t in thresholds[1:])]
  numbers = s.few(c.columns if len(s.source.shape) == 3 else s.config.log.n_samples)
  z, label = s.codes(numbers)
  samples = [s.looking(t)(z, label) for t in thresholds]
  title = f'The same codes truncated by {HOW[c.truncation.kind]}'
  title += ', with standing statistics of each threshold.' if s.standing else '.'
  if len(s.source.shape) != 3:
    panels = [[pictures.halved(pictures.picture(points, s.real)) for points in samples]]
    s.save('truncation', sheet(title, panels, [''], names))
  else:
    s.save('truncation', sheet(title, [to_uint8(row) for row in samples], names, s.called(numbers)))
  return {'kind': c.truncation.kind, 'thresholds': thresholds[1:]}


def interpolation_z(s: Session) -> dict[str, Any]:
  """From one latent code to another, a row of one class."""
  starts, ends = np.split(s.few(2 * s.rows), 2)
  (start, label), (end, _) = s.codes(starts), s.codes(ends)
  columns = s.config.sample.columns
  z = np.asarray(s.game.between(start, end, columns))
  label = None if label is None else np.repeat(label[:, None], columns, axis=1)
  if len(s.source.shape) != 3:
    samples = s.look(z.reshape(-1, *z.shape[2:]), None if label is None else label.ravel())
    s.save('interpolation_z', pictures.paths(samples.reshape(*z.shape[:2], -1), s.real))
  else:
    title = 'From one latent code to another' + (', of one class in a row.' if s.classes else ', a row each.')
    s.save('interpolation_z', sheet(title, s.look.pictures(z, label), s.called(starts)))
  return {}


def interpolation_class(s: Session) -> dict[str, Any]:
  """From one class to another, of one latent code in a row."""
  starts, ends = s.classes, [*s.classes[1:], s.classes[0]]
  columns = s.config.sample.columns
  z, _ = s.codes(s.few(s.rows))
  t, kinds = np.linspace(0, 1, columns, dtype=np.float32)[None, :, None], np.eye(s.source.classes, dtype=np.float32)
  weights = (1 - t) * kinds[starts][:, None] + t * kinds[ends][:, None]
  shown = s.look.pictures(np.repeat(z[:, None], columns, axis=1), weights)
  names = [f'{a} to {b}' for a, b in zip(starts, ends, strict=True)]
  s.save('interpolation_class', sheet('One latent code in a row, from class to class.', shown, names))
  return {}


def arithmetic(s: Session) -> dict[str, Any]:
  """The sample of each operand's mean code and those of its own, then that of the result and others close to it."""
  terms, rows, means, weights = s.options.terms, [], [], None
  for term in terms:
    z, label = s.codes(np.array(term.numbers))
    if s.classes:  # those of the last operand stay
      label = np.eye(s.source.classes, dtype=np.float32)[label]
      weights = label.mean(axis=0, keepdims=True)
    means.append(z.mean(axis=0))
    rows.append([*to_uint8(s.look(means[-1][None], weights)), None, *to_uint8(s.look(z, label))])
  z = sums.result(terms, means)
  noise = np.random.default_rng(s.config.sample.seed).uniform(-JITTER, JITTER, (VARIANTS, *z.shape))
  near = np.concatenate([z[None], z + noise]).astype(np.float32)
  result, *others = to_uint8(s.look(near, None if weights is None else np.repeat(weights, len(near), axis=0)))
  title = f'{sums.written(terms)}, numbers being those of classes.png. Last row: the result, and others whose codes '
  title += f'lie within {JITTER} of it' + (', all of the class of the last operand.' if s.classes else '.')
  names = [*map(sums.signed, terms), '=']
  s.save('arithmetic', sheet(title, [*rows, [result, None, *others]], names, ['mean', '', 'samples']))
  return {'terms': sums.written(terms)}


def _folded(z, label, shape):
  return z.reshape(*shape, *z.shape[1:]), None if label is None else label.reshape(shape)


def _within(s):
  t = s.config.sample.truncation
  return f' with codes within {t.threshold:g} by {HOW[t.kind]}' if t.threshold else ''
