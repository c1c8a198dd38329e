"""A machine for pickles that calls nothing and imports nothing: plain data come out of it, or a refusal.

A pickle is a program for a machine with a stack. Python's own runs whatever function the program names; this one knows
only the instructions that PyTorch writes for tensors, names of which it has a list, and functions of ours in their
place. The instructions are decoded by Python's pickletools, which only reads.
"""

import pickletools
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, NamedTuple


class Refused(Exception):
  """Says in one line what a file holds that a file of weights does not."""


class Name(NamedTuple):
  """What an allowed global is while the machine runs: its place in a table, nothing that could be called."""

  text: str


class Machine:
  """Runs one pickle.

  Args:
    names: 'module name' -> (arguments tuple) -> value, what to make of the globals that are allowed, and nothing for
      those that are only mentioned.
    persistent: what to make of a persistent id, which is how PyTorch refers to what lies outside of the pickle.
  """

  def __init__(self, names: Mapping[str, Callable | None], persistent: Callable[[Any], Any] | None = None):
    self.names, self.persistent = names, persistent
    self.stack, self.below, self.memo = [], [], {}

  def run(self, stream: BinaryIO) -> Any:
    """The value that the pickle at the stream's place makes; the stream is then just behind it.

    Raises:
      Refused: for anything but data and the names that are allowed, and for what is no pickle.
    """
    try:
      for opcode, argument, _ in pickletools.genops(stream):
        if opcode.name == 'STOP':
          return self.stack.pop()
        if opcode.name not in INSTRUCTIONS:
          raise Refused(f'uses the instruction {opcode.name} of pickles, which no tensor needs')
        INSTRUCTIONS[opcode.name](self, argument)
    except (ValueError, IndexError, KeyError, TypeError, OverflowError, MemoryError) as error:
      raise Refused(f'is torn or no pickle ({short(error)})') from error

  def push(self, value: Any) -> None:
    self.stack.append(value)

  def pop(self, n: int) -> list:
    """The last n values; there have to be so many above the last mark."""
    if n > len(self.stack):
      raise IndexError('nothing on the stack')
    values = self.stack[len(self.stack) - n :]
    del self.stack[len(self.stack) - n :]
    return values

  def mark(self, _: Any) -> None:
    self.below.append(self.stack)
    self.stack = []

  def above_mark(self) -> list:
    values, self.stack = self.stack, self.below.pop()
    return values

  def name(self, text: str) -> None:
    """Pushes an allowed global. 'module name', as the instruction GLOBAL has it."""
    if text not in self.names:
      raise Refused(f'names {short(text.replace(" ", "."))}, which is no part of a tensor')
    self.push(Name(text))

  def stack_global(self, _: Any) -> None:
    module, name = self.pop(2)
    if not isinstance(module, str) or not isinstance(name, str):
      raise Refused('names a global by what is no text')
    self.name(f'{module} {name}')

  def reduce(self, _: Any) -> None:
    function, arguments = self.pop(2)
    make = self.names[function.text] if isinstance(function, Name) else None
    if make is None or not isinstance(arguments, tuple):
      raise Refused(f'calls {short(function.text) if isinstance(function, Name) else "what is no function"}')
    self.push(make(*arguments))

  def build(self, _: Any) -> None:
    """Leaves out the attributes of a dictionary, which are a state_dict's notes about versions."""
    (thing, _state) = self.pop(2)
    if type(thing) is not dict:
      raise Refused('sets attributes of what is no dictionary')
    self.push(thing)

  def persistent_id(self, _: Any) -> None:
    if self.persistent is None:
      raise Refused('refers to a storage where there is none')
    self.push(self.persistent(*self.pop(1)))

  def set_items(self, values: list) -> None:
    dictionary = self.stack[-1]
    if type(dictionary) is not dict or len(values) % 2:
      raise Refused('sets items of what is no dictionary')
    for key, value in zip(values[::2], values[1::2], strict=True):
      if not isinstance(key, str | int):
        raise Refused('has a key that is neither a text nor a number')
      dictionary[key] = value

  def append(self, values: list) -> None:
    if type(self.stack[-1]) is not list:
      raise Refused('appends to what is no list')
    self.stack[-1].extend(values)


def short(what: Any) -> str:
  """The beginning of what it says, in one line."""
  return repr(str(what))[1:-1][:100]


def _put(machine, index):
  machine.memo[index] = machine.stack[-1]


def _push(machine, value):
  machine.push(value)


def _nothing(machine, argument):
  del machine, argument


INSTRUCTIONS = {
  **dict.fromkeys(['PROTO', 'FRAME'], _nothing),
  **dict.fromkeys(['BININT', 'BININT1', 'BININT2', 'LONG1', 'BINFLOAT'], _push),
  **dict.fromkeys(['BINUNICODE', 'SHORT_BINUNICODE', 'BINSTRING', 'SHORT_BINSTRING'], _push),
  **dict.fromkeys(['BINPUT', 'LONG_BINPUT'], _put),
  **dict.fromkeys(['BINGET', 'LONG_BINGET'], lambda m, index: m.push(m.memo[index])),
  'MEMOIZE': lambda m, _: _put(m, len(m.memo)),
  'NONE': lambda m, _: m.push(None),
  'NEWTRUE': lambda m, _: m.push(True),
  'NEWFALSE': lambda m, _: m.push(False),
  'MARK': Machine.mark,
  'EMPTY_TUPLE': lambda m, _: m.push(()),
  'TUPLE1': lambda m, _: m.push(tuple(m.pop(1))),
  'TUPLE2': lambda m, _: m.push(tuple(m.pop(2))),
  'TUPLE3': lambda m, _: m.push(tuple(m.pop(3))),
  'TUPLE': lambda m, _: m.push(tuple(m.above_mark())),
  'EMPTY_LIST': lambda m, _: m.push([]),
  'APPEND': lambda m, _: m.append(m.pop(1)),
  'APPENDS': lambda m, _: m.append(m.above_mark()),
  'EMPTY_DICT': lambda m, _: m.push({}),
  'SETITEM': lambda m, _: m.set_items(m.pop(2)),
  'SETITEMS': lambda m, _: m.set_items(m.above_mark()),
  'GLOBAL': Machine.name,
  'STACK_GLOBAL': Machine.stack_global,
  'REDUCE': Machine.reduce,
  'BUILD': Machine.build,
  'BINPERSID': Machine.persistent_id,
}
