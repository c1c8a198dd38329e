"""A polite end: SIGTERM and Ctrl-C ask the training loop to save and stop."""

import signal


class Stop:
  """While entered, the first signal is only noted in `asked`; a second one ends the process as it always would."""

  SIGNALS = (signal.SIGTERM, signal.SIGINT)

  def __init__(self):
    self.asked = ''

  def __enter__(self) -> 'Stop':
    self._before = {number: signal.signal(number, self._note) for number in self.SIGNALS}
    return self

  def __exit__(self, *exception) -> None:
    self._restore()

  def _note(self, number, frame):
    del frame
    self.asked = signal.Signals(number).name
    self._restore()

  def _restore(self):
    for number, handler in self._before.items():
      signal.signal(number, handler)
