"""hooktop without a screen, and what all ways of starting it have in common."""

import json
import os
import resource
import subprocess
import tempfile

from .process import Process, until
from .report import Failed

SECRET = "whsec_of-the-faults-4Jd8"


def path():
    """The program under test, as `Tests/Faults/run` chose it."""
    if "HOOKTOP" not in os.environ:
        raise Failed("HOOKTOP does not say where the program is: use Tests/Faults/run")
    return os.path.realpath(os.environ["HOOKTOP"])


def environment(**changes):
    """What hooktop finds in its environment; None takes a variable away."""
    variables = {
        "PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8", "TZ": "UTC",
        "TERM": "xterm-256color", "PARLAY_SIGNING_SECRET": SECRET,
    }
    # A program that was built where Swift is may find its libraries by this.
    if "LD_LIBRARY_PATH" in os.environ:
        variables["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    return {name: value for name, value in (variables | changes).items() if value is not None}


def without_core():
    """For the child between fork and exec: a program that dies by a signal leaves no core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(*arguments, within=10, **options):
    """Runs hooktop to its end; its exit code, output and errors."""
    options = {"env": environment(), "stdin": subprocess.DEVNULL} | options
    done = subprocess.run(
        [path(), *arguments], capture_output=True, text=True, timeout=within, preexec_fn=without_core, **options)
    return done.returncode, done.stdout, done.stderr


class Tail(Process):
    """`hooktop tail --json`, its output in a file."""

    def __init__(self, *options, prepare=without_core, prefix=(), variables={}):
        """`prepare` runs between fork and exec; `prefix` is a command that ends in running another one."""
        self.output = tempfile.TemporaryFile("w+b")
        self.errors = tempfile.TemporaryFile("w+b")
        command = [*prefix, path(), "tail", "--json", "--port", "0", *options]
        self.child = subprocess.Popen(
            command, env=environment(**variables), stdin=subprocess.DEVNULL, stdout=self.output,
            stderr=self.errors, preexec_fn=prepare)
        super().__init__(self.child.pid)
        try:
            self.listening_port = until("a port", self._find_port)
        except BaseException as error:
            self.close()
            if isinstance(error, Failed):
                raise Failed(f"hooktop did not start: {self.words}")
            raise

    def _find_port(self):
        if self.child.poll() is not None:
            raise Failed("ended")
        # It says so once all that it opens for itself is open.
        return self.port if "listening on" in self.words else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()

    @property
    def has_ended(self):
        return self.child.poll() is not None

    @property
    def words(self):
        """What it has said on standard error."""
        return os.pread(self.errors.fileno(), 1 << 20, 0).decode(errors="replace")

    @property
    def records(self):
        """The whole lines that it has printed so far."""
        size = os.fstat(self.output.fileno()).st_size
        text = os.pread(self.output.fileno(), size, 0)
        return [json.loads(line) for line in text.split(b"\n")[:-1]]

    @property
    def deliveries(self):
        return [record for record in self.records if record["kind"] == "delivery"]

    @property
    def incidents(self):
        return [record for record in self.records if record["kind"] == "incident"]
