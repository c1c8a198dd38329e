"""Slurm's programs for tests: those that are installed, or Debian's packages, fetched and unpacked into a folder.

Nothing is installed, and nothing outside of the folder is written; for that nobody needs to be root.
"""

import os
import pathlib
import pwd
import shutil
import subprocess
import sysconfig

PACKAGES = 'slurmctld', 'slurmd', 'slurm-client', 'munge'
SECONDS = 60  # that fetching may take


class Unavailable(Exception):
  """Says why there is no Slurm to be had here."""


def programs(folder: pathlib.Path, fetch: bool) -> dict[str, str]:
  """The variables with which Slurm's programs are found, PLUGINS for its configuration among them where they need it.

  Raises:
    Unavailable: where they are neither installed nor to be fetched.
  """
  if all(map(shutil.which, ('slurmctld', 'slurmd', 'munged'))):
    return {'PATH': os.environ['PATH']}
  if not fetch:
    raise Unavailable(f'no Slurm is installed (Debian: apt-get install {" ".join(PACKAGES)})')
  if not all(map(shutil.which, ('apt-get', 'dpkg'))):
    raise Unavailable('no Slurm is installed, and without apt-get none can be fetched')
  try:
    _fetch(folder)
  except subprocess.TimeoutExpired as error:
    raise Unavailable(f'no Slurm is installed, and apt-get took longer than {SECONDS} s to fetch it') from error
  except subprocess.CalledProcessError as error:
    said = (f'{error.stderr}'.strip().splitlines() or ['it does not say why'])[-1]
    raise Unavailable(f'no Slurm is installed, and apt-get cannot fetch it: {said}') from error
  usr = folder / 'programs' / 'usr'
  libraries = usr / 'lib' / sysconfig.get_config_var('MULTIARCH')
  return {
    'PATH': f'{usr}/sbin:{usr}/bin:{os.environ["PATH"]}',
    'LD_LIBRARY_PATH': f'{libraries}:{libraries}/slurm-wlm',
    'PLUGINS': f'{libraries}/slurm-wlm',
  }


def _fetch(folder):
  options = {
    'Dir::Cache::archives': folder / 'packages',
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    'Debug::NoLocking': 1,
    'Acquire::Retries': 0,
    'Acquire::http::Timeout': 5,
    'APT::Sandbox::User': pwd.getpwuid(os.getuid()).pw_name,
  }
  (folder / 'packages' / 'partial').mkdir(parents=True)
  try:
    _install(options)
  except subprocess.CalledProcessError:  # a bare machine does not know what packages there are
    (folder / 'lists' / 'partial').mkdir(parents=True)
    options['Dir::State::lists'] = folder / 'lists'
    _apt_get('update', options)
    _install(options)
  for package in (folder / 'packages').glob('*.deb'):
    _run('dpkg', '-x', package, folder / 'programs')


def _install(options):
  _apt_get('install', options, '--yes', '--no-install-recommends', '--download-only', *PACKAGES)


def _apt_get(what, options, *more):
  _run(
    'apt-get', '--quiet=2', what, *(part for key, value in options.items() for part in ('-o', f'{key}={value}')), *more
  )


def _run(*command):
  subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS)
