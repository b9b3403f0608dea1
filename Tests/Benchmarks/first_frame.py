"""first_frame.py HOOKTOP: prints the milliseconds from starting hooktop to its first frame, median of ten."""

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import termios
import time

RUNS = 10
LIMIT = 10  # seconds, for one run


def first_frame(program):
    """Starts the program on a terminal of 120x36 and waits until its counters stand there."""
    start = time.monotonic()
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        os.execv(program, [program, "watch", "--port", "0"])
    try:
        seen = b""
        while b"incident" not in seen:
            left = start + LIMIT - time.monotonic()
            if not select.select([terminal], [], [], max(0, left))[0]:
                sys.exit("no frame came: " + repr(seen[-200:]))
            seen += os.read(terminal, 65536)
        return (time.monotonic() - start) * 1000
    except OSError:
        sys.exit("hooktop ended before its first frame: " + repr(seen[-200:]))
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


print(f"{statistics.median(first_frame(sys.argv[1]) for _ in range(RUNS)):.1f}")
