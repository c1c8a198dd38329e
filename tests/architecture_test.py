"""The folders are the architecture: imports run one way, and files and functions stay short."""

import ast
import pathlib

import pytest

ROOT = pathlib.Path(__file__).parents[1]
PACKAGE = 'wgan_jax'

# From the ground up. A module imports from layers below its own, and from its own.
LAYERS = [
  {'axis', 'errors', 'hosts', 'joining', 'keys', 'progress', 'stop'},
  {
    'augmentations',
    'ada',
    'closed_forms',
    'discrete',
    'divergences',
    'kernels',
    'likelihoods',
    'objectives',
    'penalties',
    'points',
    'priors',
    'schedules',
    'sinkhorn',
    'transforms',
    'transport',
  },
  {'networks', 'data', 'metrics'},
  {'game'},
  {'games'},
  {'state'},
  {'engine'},
  {'parallel', 'remote', 'checkpoint'},
  {'checkpoint_read'},
  {
    'build_architectures',
    'build_checks',
    'build_data',
    'build_features',
    'build_games',
    'build_networks',
    'build_optimizers',
    'config',
    'dispatch',
    'dispatch_many',
    'extract',
  },
  {'standing'},
  {'build'},
  {'build_names'},
  {
    'clock',
    'agreement',
    'curves',
    'diagnose',
    'lock',
    'log',
    'looks',
    'pages',
    'pictures',
    'run',
    'summary',
    'vector',
    'workdir',
  },
  {'evaluators', 'prepare', 'sample'},
  {'drawing', 'restored', 'watching'},
  {'evaluation', 'sampling', 'scoring'},
  {'lecture', 'member', 'pack', 'report', 'status', 'train'},
  {'sweep'},
  {'launch'},
]
FORMULAS = LAYERS[1]
SOURCES = sorted([*(ROOT / PACKAGE).rglob('*.py'), *(ROOT / 'experiments').rglob('*.py'), *ROOT.glob('launch.py')])
EVERYTHING = [*SOURCES, *sorted((ROOT / 'tests').rglob('*.py'))]
MODULES = [f for f in SOURCES if 'experiments' not in f.relative_to(ROOT).parts and f != ROOT / PACKAGE / '__init__.py']

named = {'ids': lambda file: str(file.relative_to(ROOT))}


def tree_of(file):
  return ast.parse(file.read_text())


def part_of(file):
  """The module or sub-package of wgan_jax that a file belongs to; launch for launch.py."""
  parts = file.relative_to(ROOT).with_suffix('').parts
  return parts[1] if parts[0] == PACKAGE else parts[0]


def imported(file):
  """Every dotted name that a file imports anywhere, relative ones made absolute."""
  for node in ast.walk(tree_of(file)):
    if isinstance(node, ast.Import):
      yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
      above = file.relative_to(ROOT).parts[: -node.level] if node.level else ()
      module = '.'.join([*above, *([node.module] if node.module else [])])
      yield from (f'{module}.{alias.name}' for alias in node.names)


def imported_parts(file):
  parts = {name.split('.')[1] for name in imported(file) if name.startswith(f'{PACKAGE}.')}
  exported = {
    name for name in parts if not (ROOT / PACKAGE / name).is_dir() and not (ROOT / PACKAGE / f'{name}.py').exists()
  }
  assert not exported, f'{file.name} imports {exported} from {PACKAGE} itself: import from the module that defines it'
  return parts


def layer_of(part):
  layers = [i for i, layer in enumerate(LAYERS) if part in layer]
  assert layers, f'{part} is in no layer: add it to LAYERS in {pathlib.Path(__file__).name}, as low as it can stand'
  return layers[0]


def names_said(file):
  """Every name and attribute in a file's code, which docstrings and comments are not."""
  for node in ast.walk(tree_of(file)):
    for field in ('id', 'attr', 'name'):
      if isinstance(name := getattr(node, field, None), str):
        yield name.split('.')[-1]


@pytest.mark.parametrize('file', MODULES, **named)
def test_imports_run_one_way(file):
  own = layer_of(part_of(file))
  upwards = {part for part in imported_parts(file) if layer_of(part) > own}
  assert not upwards, f'{file.name} imports from above: {upwards}'


@pytest.mark.parametrize('file', [f for f in MODULES if part_of(f) in FORMULAS], **named)
def test_formulas_know_no_flax_and_nothing_of_ours_but_one_another(file):
  assert imported_parts(file) <= {'axis', 'errors', 'keys', *FORMULAS}
  assert not [name for name in imported(file) if name.split('.')[0] == 'flax']


@pytest.mark.parametrize('file', EVERYTHING, **named)
def test_files_and_functions_are_short(file):
  assert len(file.read_text().splitlines()) <= 200
  functions = [node for node in ast.walk(tree_of(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
  long = {f.name: n for f in functions if (n := f.end_lineno - f.lineno + 1) > 45}
  assert not long


@pytest.mark.parametrize('name, home', [('pmap', 'parallel.py'), ('pmean', 'engine.py')])
def test_one_file_alone_says_it(name, home):
  assert {str(f.relative_to(ROOT)) for f in SOURCES if name in names_said(f)} == {f'{PACKAGE}/{home}'}
