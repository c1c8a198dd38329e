import pytest

from wgan_jax.restored import training_command


@pytest.mark.parametrize('mode', [['--mode', 'sample'], ['--mode=evaluate']])
@pytest.mark.parametrize('key', ['--config.sample.n=3', '--config.evaluate.weights=auto'])
def test_the_command_that_trains_is_without_what_looks_at_a_run(mode, key):
  argv = ['launch.py', '--config=experiments/a.py', *mode, key, '--workdir=w']
  assert training_command(argv) == 'python launch.py --config=experiments/a.py --workdir=w'
