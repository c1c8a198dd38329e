"""The README does what it says."""

import pathlib
import re

import jax.numpy as jnp

ROOT = pathlib.Path(__file__).parents[1]
README = (ROOT / 'README.md').read_text()


def test_the_library_from_python(capsys):
  _, code = re.findall(r'```python\n(.*?)```', README, re.DOTALL)
  names = {'__name__': 'readme'}
  exec(compile(code, 'README.md', 'exec'), names)
  assert {'critic_loss', 'generator_loss'} <= names['metrics'].keys()
  assert names['state'].step == 1
  clipped = names['state'].params['critic']
  assert max(float(jnp.abs(w).max()) for w in (clipped['kernel'], clipped['bias'])) <= 0.01 + 1e-6
  assert capsys.readouterr().out


def test_its_sweep_is_that_of_the_digits():
  code, _ = re.findall(r'```python\n(.*?)```', README, re.DOTALL)
  assert code in (ROOT / 'experiments' / 'digits_wgan_gp.py').read_text()


def test_what_it_links_to_and_names_exists():
  assert all((ROOT / link).exists() for link in re.findall(r'\]\((?!http)([^)]+)\)', README))
  named = re.findall(r'`(\w+)`(?=, `|\s*\|)', README.partition('## Experiments')[2].partition('**Your own data')[0])
  assert len(named) >= 8 and all((ROOT / 'experiments' / f'{name}.py').exists() for name in named)


def test_ci_runs_its_test_line():
  install, test = re.search(r"pip install -q -e ('\S+') -c (\S+) && \S+python (-m pytest)", README).group(1, 3)
  script = (ROOT / '.ci' / 'run').read_text()
  assert install in script and test in script
