"""A real Slurm of two nodes on this machine's loopback, for tests.

No configuration but its own is read, and all that it writes lies in one folder. It has two partitions: jobs of `high`
preempt those of `low`, which are asked to end (SIGTERM) and have a while for it.
"""

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator

from tests import processes
from tests.sweep.backends import slurm_packages

# JAX takes the name of a node for its address, so the names of these are addresses.
NODES = '127.0.0.2', '127.0.0.3'
SECONDS = 60  # in which its daemons are there
CONFIG = """
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
{plugins}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
SlurmctldPort={ports[0]}
# Neither listens on any address but the loopback's.
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=0
KillWait=30
ReturnToService=2
NodeName={nodes[0]} NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=2 RealMemory=4000
NodeName={nodes[1]} NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=2 RealMemory=4000
PartitionName=low Nodes=ALL Default=YES PriorityTier=1 GraceTime=60 MaxTime=60
PartitionName=high Nodes=ALL PriorityTier=9 PreemptMode=OFF MaxTime=60
"""


class Cluster:
  """Where it lies (`folder`), and with which variables its commands are run (`environment`)."""

  def __init__(self, folder: pathlib.Path, environment: dict[str, str]):
    self.folder, self.environment, self._daemons = folder, {**os.environ, **environment}, []
    self.environment['SLURM_CONF'] = f'{folder}/slurm.conf'

  def run(self, *command: str) -> str:
    """What one of its commands prints."""
    return subprocess.run(
      command, env=self.environment, check=True, capture_output=True, text=True, timeout=30
    ).stdout.strip()

  def start(self) -> None:
    """Returns when both nodes are idle."""
    folder, path = self.folder, self.environment['PATH']
    for name in ('state', *(f'spool-{node}' for node in NODES)):
      (folder / name).mkdir()
    facts = {'host': socket.gethostname(), 'user': pwd.getpwuid(os.getuid()).pw_name, 'folder': folder, 'nodes': NODES}
    plugins = ''.join(f'PluginDir={where}' for where in [self.environment.pop('PLUGINS', '')] if where)
    (folder / 'slurm.conf').write_text(CONFIG.format(**facts, plugins=plugins, ports=processes.free_ports(3)))
    (folder / 'munge.key').write_bytes(os.urandom(128))
    (folder / 'munge.key').chmod(0o400)
    which = lambda name: shutil.which(name, path=path) or shutil.which(f'{name}-wlm', path=path)
    files = [f'--{what}={folder}/munge.{end}' for what, end in MUNGE.items()]
    self._daemon(which('munged'), '--foreground', '--force', *files)
    processes.until((folder / 'munge.socket').exists, SECONDS)
    self._daemon(which('slurmctld'), '-D', '-c')
    for node in NODES:
      self._daemon(which('slurmd'), '-D', '-N', node, '-d', which('slurmstepd'))
    processes.until(lambda: self._states() == ['idle', 'idle'], SECONDS)

  def _states(self):
    try:
      return self.run('sinfo', '--noheader', '--Node', '--partition=low', '--format=%T').split()
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
      return []

  def _daemon(self, *command):
    # Which would otherwise outlive a test that is killed.
    ends_with_us = ['setpriv', '--pdeathsig', 'TERM'] if shutil.which('setpriv') else []
    with (self.folder / f'daemon-{len(self._daemons)}.log').open('w') as log:
      daemon = subprocess.Popen(
        [*ends_with_us, *command], env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
      )
    self._daemons.append(daemon)

  def stop(self) -> None:
    """Ends its jobs, then its daemons, by force where they linger."""
    with contextlib.suppress(subprocess.SubprocessError, TimeoutError):
      self.run('scancel', '--signal=KILL', '--full', '--quiet', *self.run('squeue', '-h', '-o', '%A').split())
      self.run('scancel', '--quiet', *self.run('squeue', '-h', '-o', '%A').split())
      processes.until(lambda: not self.run('squeue', '-h'), 10)
    for daemon in reversed(self._daemons):
      daemon.send_signal(signal.SIGTERM)
      try:
        daemon.wait(10)
      except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait(10)


MUNGE = {'key-file': 'key', 'socket': 'socket', 'pid-file': 'pid', 'log-file': 'log', 'seed-file': 'seed'}


@contextlib.contextmanager
def cluster(folder: pathlib.Path, fetch: bool) -> Iterator[Cluster]:
  """A cluster that is up while inside. `fetch`: whether programs that are not installed may be fetched.

  Raises:
    Unavailable: where it cannot be had.
  """
  made = Cluster(folder, slurm_packages.programs(folder, fetch))
  try:
    try:
      made.start()
    except TimeoutError as error:
      logs = [line for log in sorted(folder.glob('*.log')) for line in log.read_text().splitlines() if 'rror' in line]
      # Some machines let nobody start daemons; what else it may be, stands among the reasons of what was skipped.
      raise slurm_packages.Unavailable('Slurm does not start here: ' + '; '.join(logs[-3:])) from error
    yield made
  finally:
    made.stop()
