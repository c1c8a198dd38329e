"""`--config=experiments/lecture/...`: draws what the config names, keeps it, and writes the page that shows it."""

import pathlib
import time
import traceback
from typing import Any

import jax

from wgan_jax import remote, vector, workdir
from wgan_jax.config import flat
from wgan_jax.errors import UserError
from wgan_jax.lecture import fingerprint, page, records
from wgan_jax.lecture.figure import Figure, Piece, loaded
from wgan_jax.progress import say, steps

TRAINED = 'trained'  # folder of what figures train and share


def lecture(config: Any, path: str) -> int:
  """Draws all figures of `config` that are not in the folder `path` yet, and writes lecture.html there.

  A figure is drawn anew when its file, one of its numbers or this code is another than when it was drawn.

  Returns:
    The exit status.
  """
  if remote.is_remote(path):
    raise UserError(f'figures are drawn in a folder of this machine, which {path} is not: choose another --workdir=')
  folder = pathlib.Path(path).expanduser()
  chapters = [(heading, [loaded(file) for file in files]) for heading, files in config.lecture.chapters]
  every = [piece for _, pieces in chapters for piece in pieces]
  folder.mkdir(parents=True, exist_ok=True)
  began, drawn = time.perf_counter(), 0
  for piece in steps(every, 'figures', len(every)):
    drawn += _kept(piece, config[piece.name], folder)
    page.write(folder, config.lecture.title, [(heading, [p.name for p in pieces]) for heading, pieces in chapters])
  minutes, seconds = divmod(round(time.perf_counter() - began), 60)
  others = f', {len(every) - drawn} were there' if drawn < len(every) else ''
  say(f'{drawn} of {len(every)} figures drawn in {minutes}:{seconds:02d}{others}: {folder / page.FILE}')
  return 0


def _kept(piece: Piece, config: Any, folder: pathlib.Path) -> bool:
  """Draws a figure unless it is there as it would be drawn; whether it was drawn."""
  key = fingerprint.of_figure([piece.path, *piece.inputs(config)], config)
  if records.read(folder, piece.name).get('key') == key:
    return False
  say(f'{piece.name}: {piece.about.title}')
  began = time.perf_counter()
  figure = _drawn(piece, config, folder / TRAINED)
  pictures = {}
  if figure.picture is not None:
    svg = _standalone(vector.svg(figure.picture, piece.name))
    pictures = {'.svg': svg.encode(), '.png': vector.png(figure.picture)}
  jax.clear_caches()  # of programs that no other figure runs, and which would fill the memory
  records.write(folder, piece.name, _facts(piece, figure, config, key, time.perf_counter() - began), pictures)
  return True


def _drawn(piece: Piece, config: Any, folder: pathlib.Path) -> Figure:
  try:
    return piece.draw(config, folder)
  except UserError as error:
    raise UserError(f'{piece.name}: {error}') from error
  except Exception as error:  # the file is a program, and its numbers are anyone's: anything may go wrong in it
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(piece.path)]
    what = ' '.join(f'{type(error).__name__}: {error}'.split())[:200]
    where = f'line {lines[-1]} of {piece.path.name}' if lines else piece.path.name
    raise UserError(f'{piece.name} cannot be drawn with {dict(flat(config))}: {what} ({where})') from error


def _facts(piece: Piece, figure: Figure, config: Any, key: str, seconds: float) -> dict[str, Any]:
  """All that the page says of a figure."""
  return {
    'key': key,
    'about': piece.about._asdict(),
    'try': piece.command,
    'hint': piece.hint,
    'meanings': piece.meanings,
    'told': figure.told,
    'measured': figure.measured,
    'table': [list(map(str, row)) for row in figure.table],
    'config': flat(config),
    'seconds': round(seconds, 1),
    **workdir.circumstances(),
  }


def _standalone(svg: str) -> str:
  """An SVG file of its own, which looks at whether its reader likes it dark."""
  light, dark = 'color: #1c1c1c; background: #ffffff', 'color: #e8e8e8; background: #121212'
  style = f'<style>svg {{ {light} }} @media (prefers-color-scheme: dark) {{ svg {{ {dark} }} }}</style>'
  end = svg.index('>') + 1
  return f'<?xml version="1.0" encoding="utf-8"?>\n{svg[:end]}{style}{svg[end:]}'
