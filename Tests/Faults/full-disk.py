#!/usr/bin/env python3
"""The record file's disk is full: the answer is 503, it is shown, the receiver goes on, and takes deliveries when there is room."""
# Short: ends within some seconds.

import json
import os
import resource
import subprocess
import tempfile

from harness import report
from harness.deliveries import body, identity, post
from harness.process import until
from harness.report import require
from harness.screen import Screen

ROOM = 64 << 10


def mount(folder):
    """The command that gives the next program a small disk of its own at `folder`; None where that is not allowed."""
    unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    command = unshare + ["sh", "-c", f'mount -t tmpfs -o size={ROOM} none "{folder}" && exec "$@"', "sh"]
    return command if subprocess.run([*command, "true"], capture_output=True).returncode == 0 else None


def make_room(process, folder):
    """Makes the disk larger, from inside the process's own mounts."""
    entering = ["nsenter", "--target", str(process.pid), "--mount"]
    if os.geteuid() != 0:
        entering += ["--user", "--preserve-credentials"]
    subprocess.run([*entering, "mount", "-o", f"remount,size={64 * ROOM}", folder], check=True, capture_output=True)


def exercise(screen, lines, give_room):
    """Posts until the disk is full, and on; the ids that were answered 200 must be in the file."""
    accepted, refused = [], 0

    def send(size=1500):
        nonlocal refused
        content = body(size)
        status, _ = post(screen.listening_port, content)
        require(status in (200, 503), f"a delivery is answered {status}")
        accepted.append(identity(content)) if status == 200 else None
        refused += status == 503
        return status

    while send() == 200:
        require(len(accepted) < 1000, "the disk never filled up")
    for _ in range(20):
        send()
    before = len(accepted)
    require(refused >= 20, f"only {refused} of 21 deliveries were refused with a full disk")
    until("a banner on the screen", lambda: "could not be stored" in screen.picture)
    give_room()
    for _ in range(20):
        require(send() == 200, "a delivery is refused though there is room again")
    screen.wait_for_counter(len(accepted))
    screen.wait_for_counter(refused, "incident")
    require("could not be stored" not in screen.picture, "the banner stays though deliveries are stored again")
    recorded, broken = [], 0
    for line in lines():
        try:
            record = json.loads(line)
            recorded += [record["event_id"]] if record["kind"] == "delivery" else []
        except ValueError:
            broken += 1
    require(not broken, f"{broken} lines of the file can't be read")
    require(recorded == accepted, f"{len(accepted)} were answered 200, and {len(recorded)} stand in the file")
    return f"{before} answered 200, then {refused} times 503 and shown, then 20 times 200; {len(recorded)} in the file"


def measure():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "session")
        command = mount(folder)
        if command:
            with Screen("--record", path, command=command) as screen:
                def lines():
                    with open(f"/proc/{screen.pid}/root{path}", "rb") as file:
                        return file.read().splitlines()
                return exercise(screen, lines, lambda: make_room(screen, folder)) + "; on a tmpfs of 64 KiB"
        with Screen("--record", path) as screen:
            limit = os.path.getsize(path) + ROOM
            resource.prlimit(screen.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

            def lines():
                with open(path, "rb") as file:
                    return file.read().splitlines()

            def give_room():
                resource.prlimit(screen.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

            return exercise(screen, lines, give_room) + "; with a limit on the file's size, as no disk can be mounted here"


report.run(measure)
