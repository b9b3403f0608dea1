"""Processes as the kernel sees them, and waiting for things to happen."""

import glob
import socket
import subprocess
import time


def wait_until(test, seconds):
    """Waits until `test` gives something that is true; gives that, or what is not true after so long."""
    end = time.monotonic() + seconds
    while not (result := test()) and time.monotonic() < end:
        time.sleep(0.05)
    return result


def cpu_time(pid):
    """What a process has used of a core so far, in seconds."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path) as file:
            total += int(file.read().split()[0])
    return total / 1e9


def resident(pid, most=False):
    """The memory that a process has in use, in bytes, or the most that it had."""
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("VmHWM" if most else "VmRSS"):
                return int(line.split()[1]) * 1024
    return 0


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def is_listening(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def stop(process):
    """Ends what was started by subprocess, by force where it does not end by itself."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
