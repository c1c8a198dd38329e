"""A bucket on this machine, called `bucket`, for tests: python emulated_bucket.py PORT.

gcp-storage-emulator, and what tensorstore asks of a server beyond it: which generation of a file it gets, and to get
none that it has already.
"""

import contextlib
import re
import sys
from http import server
from urllib.parse import parse_qs, unquote, urlsplit

from gcp_storage_emulator import exceptions
from gcp_storage_emulator import server as emulator


class Handler(emulator.RequestHandler):
  generation = ''

  def do_GET(self):
    url = urlsplit(self.path)
    named, query = re.fullmatch(r'/storage/v1/b/([^/]+)/o/([^/]+)', url.path), parse_qs(url.query)
    if named and query.get('alt') == ['media']:
      with contextlib.suppress(exceptions.NotFound):
        self.generation = self.storage.get_file_obj(*map(unquote, named.groups()))['generation']
      if query.get('ifGenerationNotMatch') == [self.generation]:
        self.send_response(304)
        self.end_headers()
        return
    super().do_GET()

  def end_headers(self):
    if self.generation:
      self.send_header('x-goog-generation', self.generation)
    super().end_headers()


class Server(server.HTTPServer):
  request_queue_size = 200  # two processes with many connections each

  def handle_error(self, request, client_address):
    """Of those who hung up, which JAX's processes do when they end, nothing is said."""


if __name__ == '__main__':
  emulator.RequestHandler, emulator.server.HTTPServer = Handler, Server
  emulator.create_server('127.0.0.1', int(sys.argv[1]), in_memory=True, default_bucket='bucket').run()
