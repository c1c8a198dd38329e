import pathlib
import subprocess

import pytest

from experiments.tables import digits


@pytest.fixture
def commands(monkeypatch):
  """What would be launched, in place of doing it; the scores are those of an evaluation with two networks."""
  launched = []

  def run(command, check, **_):
    launched.append(command)
    if 'vae' in command[2]:
      raise subprocess.CalledProcessError(1, command)

  def row(name, value, network):
    return {'name': name, 'value': value, 'network': network}

  rows = [
    row('FID-768', 0.5, 'Inception v3 (2015-12-05), 768'),
    row('precision', 0.1, 'Inception v3 (2015-12-05), 768'),
    row('FCD-digits', 12.0, 'classifier of digits'),
    row('precision', 0.8, 'classifier of digits'),
    row('sliced_w1', 0.03, ''),
  ]
  monkeypatch.setattr(subprocess, 'run', run)
  monkeypatch.setattr(digits.scores, 'read', lambda folder: [{'scores': []}, {'scores': rows}])
  return launched


def test_a_recipe_is_trained_and_evaluated_and_a_failure_is_a_row(commands, capsys, tmp_path):
  digits.main(['--only=cgan_digits,vae_digits', f'--runs={tmp_path}', '--weights=w.npz', '--steps=3'])
  assert [[*map(str.strip, line.split('|')[1:-1])] for line in capsys.readouterr().out.splitlines()[2:]] == [
    ['cgan_digits', '12', '0.5', '0.8', '-', '0.03'],
    ['vae_digits', 'failed: its command ended with status 1'],
  ]
  train, evaluate, _ = commands
  assert '--config=experiments/cgan_digits.py' in train and '--config.train.steps=3' in train
  assert '--mode=evaluate' in evaluate and f'--config.evaluate.weights={pathlib.Path("w.npz").resolve()}' in evaluate


def test_every_recipe_on_the_digits_is_a_row(capsys):
  assert {'digits_wgan_gp', 'vae_digits', 'biggan_digits'} <= set(digits.NAMES)
  with pytest.raises(SystemExit):
    digits.main(['--only=gan'])
  assert 'unknown recipes gan; known: acgan_digits' in capsys.readouterr().err
