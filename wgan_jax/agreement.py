"""What all processes of one run must agree on before it starts: its config, and its folder."""

import json
import pathlib
import secrets
import time
from typing import Any

from wgan_jax import hosts, remote
from wgan_jax.errors import UserError

PATIENCE = 10  # seconds in which a file has to be seen from all hosts
OWN = ('data.dir',)  # keys that each host may have its own of


def check_config(config: dict[str, Any]) -> None:
  """Raises a UserError unless all processes were started with one config, by full key, and found the same data."""
  theirs, ours = (json.loads(json.dumps(of)) for of in (hosts.told(lambda: config), config))
  differ = [key for key in sorted({*theirs, *ours} - {*OWN}) if theirs.get(key) != ours.get(key)]
  if not hosts.all_agree(not differ):
    which = f'here {", ".join(differ)}' if differ else 'others than the first have'
    raise UserError(f'the processes of this run have different configs ({which}): start all with the same flags')


def check_folder(folder: pathlib.Path) -> None:
  """Raises a UserError unless all processes see in the folder what the first one writes there."""
  mark = remote.origin(folder) / '.shared'

  def write():
    word = secrets.token_hex(8)
    mark.write_text(word)
    return word

  word, last = hosts.told(write), time.monotonic() + PATIENCE
  while not (seen := mark.exists() and mark.read_text() == word) and time.monotonic() < last:
    time.sleep(0.2)  # a network's file system may take a moment
  if not hosts.all_agree(seen):
    raise UserError(
      f'--workdir={remote.origin(folder)} is not one folder for all {hosts.share()[1]} processes: choose one on a file '
      'system that their hosts share, or a bucket'
    )
