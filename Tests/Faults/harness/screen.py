"""hooktop in tmux, where what stands on the screen can be read."""

import itertools
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import termios

from . import program
from .process import Process, until
from .report import Failed

_numbers = itertools.count(1)


class Screen(Process):
    """A tmux server with hooktop in its one pane; neither outlives the fault."""

    def __init__(self, *options, columns=120, rows=36, variables={}, prefix="", command=()):
        """`prefix` is run by the shell first; `command` is one that ends in running the program."""
        self.socket = f"hooktop-fault-{os.getpid()}-{next(_numbers)}"
        self.folder = tempfile.mkdtemp()
        configuration = os.path.join(self.folder, "tmux.conf")
        with open(configuration, "w") as file:
            file.write("set -g status off\nset -g default-terminal tmux-256color\nset -g escape-time 0\n")
            # What a program says that ends at once can be read then.
            file.write("set -g remain-on-exit on\n")
        words = prefix + "exec " + shlex.join([*command, program.path(), "watch", "--port", "0", *options])
        variables = program.environment(**variables)
        del variables["TERM"]
        facts = self.tmux(
            "-f", configuration, "new-session", "-d", "-x", str(columns), "-y", str(rows), "-P", "-F",
            "#{pid} #{pane_pid} #{pane_tty} #{socket_path}", f"ulimit -c 0; {words}", env=variables).split()
        self.server = int(facts[0])
        self.terminal, self._socket_path = facts[2], facts[3]
        super().__init__(int(facts[1]))
        try:
            until("a screen", lambda: "Deliveries" in self.picture)
        except BaseException as error:
            words = self.picture
            self.close()
            if isinstance(error, Failed):
                raise Failed(f"{error}; there is: {words}")
            raise
        self.listening_port = self.port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for pid in self.pid, self.server:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if os.path.exists(self._socket_path):
            os.unlink(self._socket_path)
        shutil.rmtree(self.folder)

    def tmux(self, *arguments, env=None):
        return subprocess.run(
            ["tmux", "-L", self.socket, "-u", *arguments], capture_output=True, text=True, env=env).stdout

    @property
    def picture(self):
        """What stands on the screen, as lines of text."""
        return self.tmux("capture-pane", "-p")

    @property
    def lines(self):
        return self.picture.split("\n")[:-1]

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def counter(self, word="received"):
        """The number before a word of the top line; None where there is none."""
        found = re.search(rf"([0-9,]+) {word}", self.picture)
        return int(found[1].replace(",", "")) if found else None

    def wait_for_counter(self, number, word="received", within=20):
        try:
            until(f"{number} {word}", lambda: self.counter(word) == number, within)
        except Failed as error:
            raise Failed(f"{error}: there are {self.counter(word)}")

    def stop_output(self, is_stopped):
        """What C-s and C-q do: the terminal takes nothing more from the program, or goes on."""
        descriptor = os.open(self.terminal, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            termios.tcflow(descriptor, termios.TCOOFF if is_stopped else termios.TCOON)
        finally:
            os.close(descriptor)
