"""lecture.html: all figures on one page that needs no other file."""

import html
import pathlib
import re
from collections.abc import Sequence

from wgan_jax.lecture import records
from wgan_jax.lecture.figure import LECTURES

FILE = 'lecture.html'
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent);
    --soft: color-mix(in srgb, currentColor 5%, transparent); }}
  body {{ font: 16px/1.55 system-ui, sans-serif; max-width: 980px; margin: 2.5em auto 6em; padding: 0 1.2em; }}
  h1 {{ font-size: 2.1em; line-height: 1.2; margin-bottom: .2em; }}
  h2 {{ font-size: 1.5em; margin: 3em 0 0; padding-bottom: .2em; border-bottom: 2px solid var(--line); }}
  h3 {{ font-size: 1.15em; margin: 0 0 .5em; }} h3 a {{ color: inherit; text-decoration: none; }}
  section {{ margin: 2.6em 0; }} p {{ margin: .5em 0; }}
  svg {{ width: 100%; min-width: 720px; height: auto; display: block; margin: .8em 0; }}
  .what {{ font-weight: 600; margin-right: .4em; }}
  .erratum {{ border-left: 4px solid #e09f3e; padding: .3em .9em; background: var(--soft); }}
  .small, details, nav, footer {{ font-size: 13px; line-height: 1.5; }} .small {{ opacity: .75; }}
  nav > ol {{ columns: 2; column-gap: 2.5em; padding: 0; list-style: none; }} nav ol ol {{ padding-left: 1.6em; }}
  nav li {{ font-weight: normal; break-inside: avoid; }} .chapter {{ font-weight: 600; margin-bottom: .6em; }}
  .mark {{ color: #c27c1a; }}
  code {{ font-size: 12.5px; background: var(--soft); padding: .1em .35em; border-radius: 3px;
    overflow-wrap: anywhere; }}
  .scroll {{ overflow-x: auto; }}
  table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13.5px; margin: .8em 0; }}
  td, th {{ text-align: left; padding: .2em 1.2em .2em 0; border-bottom: 1px solid var(--line);
    vertical-align: top; }}
  summary {{ cursor: pointer; opacity: .75; }}
</style>
<h1>{heading}</h1>
<p>{introduction}</p>
<ol start="0" class="small">{lectures}</ol>
<nav><ol>{contents}</ol></nav>
{chapters}
</html>
"""
STYLE = re.compile(r'<style>svg.*?</style>')  # of a file that stands alone
TYPESET = (
  (re.compile(r'(?<![\w/])(\w)_(\w{1,4})(?!\w)'), r'\1<sub>\2</sub>'),
  (re.compile(r'\^\(?(−?-?[\w./]+)\)?'), r'<sup>\1</sup>'),
  (re.compile(r'(?<![\w)])-(?=[\d.])'), '−'),
  (re.compile(r'(?<=\d)\s?%'), '\u202f%'),
)
MARK = ' <span class="mark">(erratum)</span>'
INTRODUCTION = (
  'What lectures on GANs draw and ask, computed anew by wgan_jax. Below each figure stands what the lecture says, what '
  'was measured, where the lecture errs, and the numbers that can be changed, with the command. The lectures:'
)


def write(folder: pathlib.Path, title: str, chapters: Sequence[tuple[str, Sequence[str]]]) -> pathlib.Path:
  """Writes the page of the figures that are in the folder, and returns its path.

  chapters: names of figures by heading.
  """
  there = [(name, [(f, r) for f in figures if (r := records.read(folder, f))]) for name, figures in chapters]
  heading = title or there[0][1][0][1]['about']['title']
  page = PAGE.format(
    title=html.escape(heading),
    heading=typeset(heading),
    introduction=html.escape(INTRODUCTION),
    lectures=''.join(f'<li>{html.escape(name)}</li>' for name in LECTURES),
    contents=''.join(_contents(*chapter) for chapter in there) if title else '',
    chapters=''.join(_chapter(folder, *chapter) for chapter in there),
  )
  file = folder / FILE
  file.write_text(page)
  return file


def typeset(text: str) -> str:
  """Plain text as HTML: x_i and 2^p as indices and powers, minus signs, apostrophes, and spaces before per cent."""
  text = html.escape(text, quote=False).replace("'", '’')
  for pattern, into in TYPESET:
    text = pattern.sub(into, text)
  return text


def _contents(heading, figures):
  items = ''.join(
    f'<li><a href="#{name}">{typeset(r["about"]["title"])}</a>{MARK if r["about"]["erratum"] else ""}</li>'
    for name, r in figures
  )
  return f'<li class="chapter">{html.escape(heading)}<ol>{items}</ol></li>' if figures else ''


def _chapter(folder, heading, figures):
  above = f'<h2>{html.escape(heading)}</h2>' if heading and figures else ''
  return above + ''.join(_section(folder, name, record) for name, record in figures)


def _section(folder, name, record):
  about = {key: typeset(text) if isinstance(text, str) else text for key, text in record['about'].items()}
  *most, last = map(str, about['lectures'])
  those = f'{", ".join(most)} and {last}' if most else last
  says = f'Lecture {those} says' if len(about['lectures']) == 1 else f'Lectures {those} say'
  title = f'<h3><a href="#{name}">{about["title"]}</a></h3>'
  claim = f'<p><span class="what">{says}:</span>{about["claim"]}</p>'
  picture = _picture(folder / f'{name}.svg', html.escape(record['about']['title'])) if record['files'] else ''
  told = f'<p><span class="what">Measured:</span>{typeset(record["told"])}</p>'
  erratum = f'<p class="erratum"><span class="what">Erratum:</span>{about["erratum"]}</p>' if about['erratum'] else ''
  source = f'<p class="small">{about["source"]}</p>' if about['source'] else ''
  return (
    f'<section id="{name}">{title}{claim}{picture}{_table(record["table"])}{told}{erratum}{source}'
    f'{_details(name, record)}</section>\n'
  )


def _picture(file, title):
  svg = STYLE.sub('', file.read_text(), 1)
  svg = svg[svg.index('<svg') :].replace('<svg', f'<svg role="img" aria-label="{title}"', 1)
  return f'<div class="scroll">{svg}</div>'


def _table(rows):
  if not rows:
    return ''
  head, *body = ([html.escape(text) for text in row] for row in rows)
  lines = [f'<tr>{"".join(f"<td>{text}</td>" for text in row)}</tr>' for row in body]
  top = ''.join(f'<th>{text}</th>' for text in head)
  return f'<div class="scroll"><table><tr>{top}</tr>{"".join(lines)}</table></div>'


def _details(name, record):
  """The numbers that can be changed, and what was measured with which command, when and where."""
  of = record['meanings']
  knobs = [
    ['number', 'value', 'what it is'],
    *([f'{name}.{key}', f'{x}', of.get(key, '')] for key, x in record['config'].items()),
  ]
  measured = [['measured', 'value'], *([key, f'{float(value):.6g}'] for key, value in record['measured'].items())]
  versions = ', '.join(f'{package} {version}' for package, version in record['packages'].items())
  where = f'{record["date"]}, {record["seconds"]} s, {record["host"]}, Python {record["python"]}, {versions}'
  return (
    f'<details><summary>Turn the knobs: <code>{html.escape(record["try"])}</code></summary>'
    f'<p>{typeset(record["hint"])}</p>{_table(knobs)}{_table(measured)}'
    f'<p>Drawn by <code>python {html.escape(record["command"])}</code>, {html.escape(where)}.</p></details>'
  )
