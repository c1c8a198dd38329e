from wgan_jax import progress


def test_steps_pass_on_all_there_is_to_do(capsys):
  assert list(progress.steps(iter('abc'), 'letters', 3)) == ['a', 'b', 'c']
  assert capsys.readouterr().err == ''


def test_what_takes_long_is_told_now_and_then_in_a_file(capsys, monkeypatch):
  monkeypatch.setattr(progress, 'SECONDS_BETWEEN_LINES', -1)
  list(progress.steps(range(3), 'letters', 3))
  assert capsys.readouterr().err.splitlines() == ['letters: 0 of 3', 'letters: 1 of 3', 'letters: 2 of 3']
