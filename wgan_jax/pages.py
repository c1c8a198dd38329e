"""The pieces of pages about runs. Each is HTML, and a page of them needs no other file."""

import base64
import html
from collections.abc import Iterable, Sequence
from typing import Any

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent); }}
  body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 1120px; margin: 2em auto; padding: 0 1em; }}
  h1 {{ margin-bottom: 0; }} h2 {{ margin-top: 2em; border-bottom: 1px solid var(--line); }}
  .tiles {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(330px, 1fr)); gap: 1.2em; }}
  .tiles.small {{ grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: .8em; }}
  figure {{ margin: 0; }} figcaption, .note {{ opacity: .7; font-size: 13px; }}
  img, svg {{ max-width: 100%; height: auto; }} .tiles img {{ width: 100%; }}
  .scroll {{ overflow: auto; max-height: 46em; }} summary {{ cursor: pointer; margin: .5em 0; }}
  .wide td, .wide th, .facts td:first-child, td a {{ white-space: nowrap; }} td {{ overflow-wrap: anywhere; }}
  .scroll th {{ position: sticky; top: 0; background: Canvas; }}
  .wide td:first-child, .wide th:first-child {{ position: sticky; left: 0; background: Canvas; }}
  .wide th:first-child {{ z-index: 1; }}
  table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }}
  td, th {{ text-align: left; padding: .15em 1.5em .15em 0; border-bottom: 1px solid var(--line); }}
  td {{ vertical-align: top; }}
  .alarm {{ border-left: 4px solid #d1495b; padding-left: .8em; font-weight: 600; }}
</style>
<h1>{title}</h1><p class="note">{subtitle}</p>
{body}
</html>
"""


def page(title: str, subtitle: str, body: str) -> str:
  """A whole page: plain texts above HTML."""
  return PAGE.format(title=html.escape(title), subtitle=html.escape(subtitle), body=body)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
  """A table of cells that are HTML already, below plain texts."""
  top = ''.join(f'<th>{html.escape(text)}</th>' for text in head)
  lines = (f'<tr>{"".join(f"<td>{cell}</td>" for cell in row)}</tr>' for row in rows)
  return f'<table><tr>{top}</tr>{"".join(lines)}</table>'


def facts(content: dict[str, Any]) -> str:
  """A table of names and what they are."""
  rows = (f'<tr><td>{html.escape(f"{k}")}</td><td>{html.escape(number(v))}</td></tr>' for k, v in content.items())
  return f'<table class="facts">{"".join(rows)}</table><br>'


def number(value: Any) -> str:
  """A number as people read it; what is none, as it is."""
  return f'{value:.5g}' if isinstance(value, float) else f'{value}'


def note(text: str) -> str:
  """A plain text in small print."""
  return f'<p class="note">{html.escape(text)}</p>'


def picture(png: bytes, caption: str) -> str:
  """The bytes of a PNG file above a plain text."""
  data, caption = base64.b64encode(png).decode(), html.escape(caption)
  return f'<figure><img alt="{caption}" src="data:image/png;base64,{data}"><figcaption>{caption}</figcaption></figure>'


def drawing(svg: str, caption: str = '') -> str:
  """An SVG element above a plain text."""
  below = f'<figcaption>{html.escape(caption)}</figcaption>' if caption else ''
  return f'<figure>{svg}{below}</figure>'


def tiles(figures: Iterable[str], small: bool = False) -> str:
  """Pictures and curves side by side, as many as fit into the width."""
  return f'<div class="tiles{" small" if small else ""}">{"".join(figures)}</div>'
