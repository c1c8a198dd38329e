"""What a figure of a lecture is: what the lecture says, what is drawn, and what was measured in drawing it."""

import importlib.util
import inspect
import pathlib
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import ml_collections

from wgan_jax.errors import UserError

LECTURES = (  # by their number
  'Neural Networks and Machine Learning: Wasserstein GANs and BigGAN (lecture notes)',
  'WGAN, improved WGAN, EBGAN (notes, partly in Chinese)',
  'Louppe, Deep Learning, lecture 6: Generative adversarial networks',
  'Depth First Learning: Wasserstein GAN, a curriculum',
  'Derkach, Ryzhikov, Popov, Generative Modeling: Wasserstein GANs and friends, spring 2023',
)
COMMENTED = re.compile(r'(?m)^ +(\w+)=.*?  # *(.+)$')  # a number with what it means
LEFT_OUT = re.compile(r'[][]|\\\n\s*')  # of a command: brackets round what is optional, and ends of lines


class About(NamedTuple):
  """What stands above a figure; plain text.

  title: what is to be seen in it.
  lectures: the numbers, in LECTURES, of those that it is from.
  claim: what they say.
  erratum: what they say wrongly, and what is right; '' where nothing is.
  source: the paper, with its equation or figure.
  """

  title: str
  lectures: tuple[int, ...]
  claim: str
  erratum: str = ''
  source: str = ''


class Figure(NamedTuple):
  """What a file draws.

  told: what was measured, in a few sentences, whose every number is one of `measured` or of the config.
  measured: those numbers by name.
  picture: of matplotlib; None for a table alone.
  table: rows of text, the first one the header.
  """

  told: str
  measured: dict[str, float]
  picture: Any = None
  table: Sequence[Sequence[str]] = ()


class Piece(NamedTuple):
  """A file of a lecture, loaded: what stands above its figure, its config, and what draws it.

  command, hint: of its docstring: how to draw it with a number changed, and what is to be seen then.
  meanings: what its numbers are, by name, as the comments beside them say.
  inputs: config -> files that it reads, of a figure that shows what others made; without them it is drawn once.
  """

  name: str
  path: pathlib.Path
  about: About
  get_config: Callable[[], ml_collections.ConfigDict]
  draw: Callable[[ml_collections.ConfigDict, pathlib.Path], Figure]
  command: str
  hint: str
  meanings: dict[str, str]
  inputs: Callable[[ml_collections.ConfigDict], Sequence[pathlib.Path]] = lambda config: ()


def numbers(file: str, **values) -> ml_collections.ConfigDict:
  """The config of the figure in `file`, whose numbers are these: `--config.NAME.KEY=` with the file's name."""
  return ml_collections.ConfigDict({'lecture': _contents('', {'': (file,)}), pathlib.Path(file).stem: values})


def collected(file: str, title: str, chapters: dict[str, Sequence[str]]) -> ml_collections.ConfigDict:
  """The config of many figures, which lie beside `file`: their names by chapter."""
  files = {
    heading: [str(pathlib.Path(file).with_name(f'{name}.py')) for name in chapters[heading]] for heading in chapters
  }
  pieces = [loaded(path) for paths in files.values() for path in paths]
  each = {piece.name: piece.get_config()[piece.name] for piece in pieces}
  return ml_collections.ConfigDict({'lecture': _contents(title, files), **each})


def _contents(title, chapters):
  return {'title': title, 'chapters': tuple((heading, tuple(files)) for heading, files in chapters.items())}


def loaded(file: str) -> Piece:
  """The figure in a file.

  Raises:
    UserError: where it holds none.
  """
  path = pathlib.Path(file)
  spec = importlib.util.spec_from_file_location(path.stem, path)
  module = importlib.util.module_from_spec(spec)
  spec.loader.exec_module(module)
  if missing := [name for name in ('ABOUT', 'get_config', 'draw') if not hasattr(module, name)]:
    raise UserError(f'{file} has no {" and no ".join(missing)}: see the figures in experiments/lecture')
  _, command, hint = f'{inspect.cleandoc(module.__doc__ or "")}\n\n\n\n'.split('\n\n')[:3]
  meanings = dict(COMMENTED.findall(inspect.getsource(module.get_config)))
  optional = {'inputs': module.inputs} if hasattr(module, 'inputs') else {}
  about = module.ABOUT, module.get_config, module.draw
  return Piece(path.stem, path, *about, LEFT_OUT.sub('', command).strip(), _in_a_line(hint), meanings, **optional)


def _in_a_line(text):
  return ' '.join(text.split())
