"""What /proc says of a process."""

import os
import time

from .report import Failed

_TICKS = os.sysconf("SC_CLK_TCK")


def until(what, condition, within=10):
    """Waits until `condition` gives something true, and returns that."""
    end = time.monotonic() + within
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise Failed(f"{what} never came within {within} s")
        time.sleep(0.01)


class Process:
    """A running process."""

    def __init__(self, pid):
        self.pid = pid

    def _status(self, field):
        with open(f"/proc/{self.pid}/status") as file:
            for line in file:
                if line.startswith(field + ":"):
                    return line.split()[1]
        raise Failed("the program has ended")

    @property
    def is_running(self):
        try:
            return self._status("State") not in "ZX"
        except (OSError, Failed):
            return False

    @property
    def is_stopped(self):
        return self._status("State") == "T"

    @property
    def resident(self):
        """Memory in MiB."""
        return int(self._status("VmRSS")) / 1024

    @property
    def peak(self):
        """The most memory there ever was, in MiB."""
        return int(self._status("VmHWM")) / 1024

    @property
    def threads(self):
        return int(self._status("Threads"))

    @property
    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    @property
    def seconds_of_cpu(self):
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def port(self):
        """The TCP port that it listens on; None while there is none."""
        try:
            return self._listens_on()
        except OSError:
            # It has just ended, or closed what was looked at.
            return None

    def _listens_on(self):
        links = [os.readlink(f"/proc/{self.pid}/fd/{name}") for name in os.listdir(f"/proc/{self.pid}/fd")]
        sockets = {link[8:-1] for link in links if link.startswith("socket:[")}
        for table in "tcp", "tcp6":
            with open(f"/proc/{self.pid}/net/{table}") as file:
                for fields in map(str.split, file):
                    if fields[3] == "0A" and fields[9] in sockets:
                        return int(fields[1].rpartition(":")[2], 16)
        return None
