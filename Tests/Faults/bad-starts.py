#!/usr/bin/env python3
"""A taken port, a privileged one, and secret files that can't be read: one line before the screen opens, and exit 1."""
# Short: ends within some seconds.

import os
import shutil
import socket
import tempfile

from harness import program, report
from harness.starts import require_refused

# What a process needs to be let through where an ordinary one is not.
POWERS = "-net_bind_service,-dac_override,-dac_read_search"


def measure():
    ordinary = []
    if os.geteuid() == 0 and shutil.which("setpriv"):
        ordinary = [shutil.which("setpriv"), "--bounding-set", POWERS]
    refused, skipped = 0, []
    with socket.create_server(("127.0.0.1", 0)) as taken, tempfile.TemporaryDirectory() as folder:
        port = str(taken.getsockname()[1])
        require_refused("a taken port", [port, "--port"], ["--port", port])
        unreadable = os.path.join(folder, "unreadable")
        with open(unreadable, "w") as file:
            file.write(program.SECRET)
        os.chmod(unreadable, 0)
        for name, path in ("no such file", "/nonexistent/secret"), ("a folder", folder):
            require_refused(name, ["parlay"], ["--port", "0", "--secret", f"parlay=file:{path}"])
        refused = 3
        if ordinary or os.geteuid() != 0:
            options = ["--port", "0", "--secret", f"parlay=file:{unreadable}"]
            require_refused("a secret file of mode 000", ["parlay"], options, ordinary)
            refused += 1
        else:
            skipped.append("a secret file of mode 000 (root can read it, and setpriv is not there)")
        if lowest_free_port() > 80 and (ordinary or os.geteuid() != 0):
            require_refused("a privileged port", ["80", "--port"], ["--port", "80"], ordinary)
            refused += 1
        else:
            skipped.append("a privileged port (there is none here)")
    return f"{refused} of {refused} starts refused in one line" + "".join(f"; left out: {one}" for one in skipped)


def lowest_free_port():
    with open("/proc/sys/net/ipv4/ip_unprivileged_port_start") as file:
        return int(file.read())


report.run(measure)
