"""Deliveries as Parlay sends them, and ways to post them."""

import collections
import hashlib
import hmac
import itertools
import json
import selectors
import socket
import struct
import time

from .program import SECRET
from .report import Failed

_numbers = itertools.count(1)

# What hooktop answers to a delivery that it has taken.
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def body(size=0):
    """A body of a new event, of `size` bytes or as short as it can be."""
    number = next(_numbers)
    start = f'{{"id":"evt_{number}","event":"webhook.test","livemode":false,"data":{{"filler":"'
    return (start + "x" * max(0, size - len(start) - 3) + '"}}').encode()


def signature(content, at=None, secret=SECRET):
    stamp = str(int(time.time() if at is None else at))
    return f"t={stamp},v1={hmac.new(secret.encode(), stamp.encode() + b'.' + content, hashlib.sha256).hexdigest()}"


def head(content, at=None, fields=()):
    """The head of the request for `content`; `fields` are whole lines."""
    lines = [
        "POST /hook HTTP/1.1", "Host: localhost", "Content-Type: application/json",
        "X-Parlay-Event: webhook.test", f"X-Parlay-Signature: {signature(content, at)}",
        f"Content-Length: {len(content)}", *fields,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def request(content=None, at=None, fields=()):
    content = body() if content is None else content
    return head(content, at, fields) + content


def identity(content):
    """The event id that stands in a body."""
    return json.loads(content)["id"]


class Connection:
    """One connection to the receiver that blocks, ten seconds at most."""

    def __init__(self, port, within=10):
        self.socket = socket.create_connection(("127.0.0.1", port), within)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def reset(self):
        """Closes so that the receiver sees a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def answer(self):
        """The status of the next answer; None where the connection ends first."""
        while b"\r\n\r\n" not in self._rest:
            try:
                data = self.socket.recv(65536)
            except ConnectionResetError:
                data = b""
            if not data:
                return None
            self._rest += data
        one, _, self._rest = self._rest.partition(b"\r\n\r\n")
        return int(one[9:12])


def post(port, content=None, at=None, within=10):
    """Posts one delivery on a new connection; its answer's status and the seconds that took."""
    message = request(content, at)
    start = time.monotonic()
    with Connection(port, within) as connection:
        connection.send(message)
        return connection.answer(), time.monotonic() - start


class Load:
    """Posts deliveries over several connections and takes the time of each answer.

    At a pace it never waits for an answer before the next delivery, and a time runs from the moment when its
    delivery was due. Without one, each connection posts the next delivery after the answer to the one before,
    so that a slow machine or a debug build gets as many as it can take.
    """

    def __init__(self, port, connections=64, make=request):
        self._make = make
        self._lines = [Connection(port) for _ in range(connections)]
        self._due = {line: collections.deque() for line in self._lines}
        self._selector = selectors.DefaultSelector()
        for line in self._lines:
            self._selector.register(line.socket, selectors.EVENT_READ, line)
        self.statuses = collections.Counter()
        self.times = []
        self._sent = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._selector.close()
        for line in self._lines:
            line.socket.close()

    def run(self, count, rate=None, meanwhile=lambda sent: None, within=20):
        """Posts `count` more deliveries, `rate` a second, and waits for the answers; `meanwhile` is called in between."""
        start, first = time.monotonic(), self._sent
        progress = start
        while len(self.times) < first + count:
            now = time.monotonic()
            if rate:
                while self._sent - first < min(count, (now - start) * rate):
                    self._post(self._lines[self._sent % len(self._lines)], start + (self._sent - first) / rate)
            else:
                for line in self._lines:
                    if self._sent < first + count and not self._due[line]:
                        self._post(line, time.monotonic())
            meanwhile(self._sent - first)
            if self._read(0.0005 if rate and self._sent < first + count else 0.05):
                progress = now
            if now - progress > within:
                raise Failed(f"{self._sent - len(self.times)} of {self._sent} deliveries have no answer after {within} s")

    def _post(self, line, due):
        line.send(self._make())
        self._due[line].append(due)
        self._sent += 1

    def _read(self, wait):
        """Takes the answers that are there; whether there were any."""
        ready = self._selector.select(wait)
        for key, _ in ready:
            line = key.data
            data = line.socket.recv(65536)
            if not data:
                raise Failed("hooktop closed a connection in the middle of the load")
            now = time.monotonic()
            *answers, line._rest = (line._rest + data).split(b"\r\n\r\n")
            for one in answers:
                self.statuses[int(one[9:12])] += 1
                self.times.append(now - self._due[line].popleft())
        return bool(ready)

    def milliseconds(self, part):
        """The time within which `part` of the answers came."""
        times = sorted(self.times)
        return 1000 * times[min(len(times) - 1, int(part * len(times)))]
