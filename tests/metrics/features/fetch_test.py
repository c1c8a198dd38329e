"""A file is fetched once, here from a server on this machine; what goes wrong leaves nothing and says what to do."""

import hashlib
import http.server
import re
import threading

import pytest

from wgan_jax.errors import UserError
from wgan_jax.metrics.features import fetch

DATA = bytes(range(256)) * 20  # 5 KiB


@pytest.fixture
def folder(tmp_path, monkeypatch):
  monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
  monkeypatch.setenv('no_proxy', '*')
  monkeypatch.setattr(fetch, 'CHUNK', 1000)
  monkeypatch.setattr(fetch, 'TIMEOUT', 5)
  return tmp_path / 'wgan_jax' / 'weights'


class Handler(http.server.BaseHTTPRequestHandler):
  def do_GET(self):
    self.server.asked.append(self.path)
    answer = self.server.answers[self.path]
    self.send_response(answer.get('status', 200))
    self.send_header('Content-Length', str(answer.get('claims', len(answer['body']))))
    self.end_headers()
    self.wfile.write(answer['body'])

  def log_message(self, *_):
    pass


@pytest.fixture
def server():
  with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler) as server:
    server.asked = []
    server.answers = {
      '/good': {'body': DATA},
      '/other': {'body': DATA[::-1]},
      '/cut': {'body': DATA[:3000], 'claims': len(DATA)},
      '/shorter': {'body': DATA[:3000]},
      '/longer': {'body': DATA + b'1'},
      '/none': {'body': b'no such file', 'status': 404},
    }
    thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()


def remote(server, path):
  address = f'http://127.0.0.1:{server.server_port}{path}'
  return fetch.Remote('weights.pth', address, hashlib.sha256(DATA).hexdigest(), len(DATA))


def test_it_is_fetched_once(folder, server):
  paths = [fetch.once(remote(server, '/good')) for _ in range(2)]
  assert paths == [folder / 'weights.pth'] * 2 and server.asked == ['/good']
  assert paths[0].read_bytes() == DATA and list(folder.iterdir()) == [paths[0]]


def test_a_file_that_is_not_what_it_should_be_is_fetched_anew(folder, server):
  folder.mkdir(parents=True)
  (folder / 'weights.pth').write_bytes(b'torn')
  assert fetch.once(remote(server, '/good')).read_bytes() == DATA


@pytest.mark.parametrize(
  'path, said',
  [
    ('/other', f'SHA-256 {hashlib.sha256(DATA[::-1]).hexdigest()[:16]}'),
    ('/cut', '3,000 bytes came of 5,120'),
    ('/shorter', '3,000 bytes came of 5,120'),
    ('/longer', '5,121 bytes came of 5,120'),
    ('/none', 'Not Found'),
  ],
)
def test_what_goes_wrong_leaves_nothing_and_says_what_to_do(folder, server, path, said):
  wanted = remote(server, path)
  with pytest.raises(UserError, match=re.escape(said)) as caught:
    fetch.once(wanted)
  assert list(folder.iterdir()) == []
  line = str(caught.value)
  assert '\n' not in line and wanted.name in line and wanted.address in line
  assert str(folder / wanted.name) in line and '--config.evaluate.weights=PATH' in line


def test_nobody_answers(folder, server):
  wanted = remote(server, '/good')
  with pytest.raises(UserError, match='cannot fetch'):
    fetch.once(wanted._replace(address='http://127.0.0.1:9/'))
  assert list(folder.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_told(tmp_path, monkeypatch, server):
  (tmp_path / 'file').write_text('')
  monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'file'))
  with pytest.raises(UserError, match='set XDG_CACHE_HOME'):
    fetch.once(remote(server, '/good'))


def test_the_weights_of_fid_are_the_file_that_is_published(folder, monkeypatch):
  monkeypatch.setattr(fetch, 'once', lambda remote: folder / remote.name)
  assert fetch.inception() == folder / 'pt_inception-2015-12-05-6726825d.pth'


def test_the_published_file_is_named_after_its_hash():
  assert re.search('-([0-9a-f]{8}).pth$', fetch.INCEPTION.name)[1] == fetch.INCEPTION.sha256[:8]
  assert len(fetch.INCEPTION.sha256) == 64 and fetch.INCEPTION.address.endswith(fetch.INCEPTION.name)
