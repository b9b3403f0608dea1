#!/usr/bin/env python3
"""kill -9 while an app dies, hangs and comes back: what was answered 200 is in the file once, before its exchange."""
# Short: ends within some seconds.

import http.server
import json
import os
import signal
import socket
import socketserver
import tempfile
import threading
import time

from harness import report
from harness.deliveries import Connection, body, identity, request
from harness.program import Tail
from harness.report import require

THREADS = 16
COUNT = 600  # answers of the app before each change of it


class App(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """An app that takes all, until it is told to hang; its port stays the same when it comes back."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            while self.server.hangs:
                time.sleep(0.01)
            self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

        def log_message(self, *_):
            pass

    def __init__(self, port=0):
        self.hangs = False
        self.connections = []
        super().__init__(("127.0.0.1", port), App.Handler)
        threading.Thread(target=self.serve_forever, args=[0.01], daemon=True).start()

    def process_request(self, connection, address):
        self.connections.append(connection)
        super().process_request(connection, address)

    def handle_error(self, *_):
        pass

    def die(self):
        self.shutdown()
        self.server_close()
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # It is closed already.


def stream(port, answers, is_over):
    while not is_over.is_set():
        try:
            with Connection(port) as connection:
                while True:
                    content = body(300)
                    connection.send(request(content))
                    answers.append((connection.answer(), identity(content)))
        except OSError:
            time.sleep(0.01)


def wait_for(answers, status, count):
    end = time.monotonic() + 30
    while sum(1 for answer, _ in answers if answer == status) < count:
        require(time.monotonic() < end, f"no {count} answers of {status} came")
        time.sleep(0.01)


def trouble(app, answers):
    """What happens to the app while deliveries stream."""
    port = app.server_port
    wait_for(answers, 200, COUNT)
    app.die()
    wait_for(answers, 502, 1)
    app = App(port)
    wait_for(answers, 200, 2 * COUNT)
    app.hangs = True
    wait_for(answers, 504, 1)
    app.hangs = False
    wait_for(answers, 200, 3 * COUNT)
    return app


def check(path, answers):
    with open(path, "rb") as file:
        records = [json.loads(line) for line in file.read().split(b"\n")[:-1]]
    deliveries = [record for record in records if record["kind"] == "delivery"]
    recorded = [record["event_id"] for record in deliveries]
    lost = {event for status, event in answers if status == 200} - set(recorded)
    require(not lost, f"{len(lost)} that were answered 200 are not in the file")
    require(len(recorded) == len(set(recorded)), "a delivery is in the file twice")
    seen = set()
    for record in records:
        if record["kind"] == "delivery":
            seen.add(record["sequence"])
        else:
            require(record["sequence"] in seen, "an exchange is in the file before its delivery")
    return deliveries, len(records) - len(deliveries)


def measure():
    with tempfile.TemporaryDirectory() as folder:
        path, app, answers, is_over = os.path.join(folder, "session"), App(), [], threading.Event()
        forward = ["--forward", f"http://127.0.0.1:{app.server_port}", "--forward-timeout", "1"]
        with Tail("--record", path, *forward) as tail:
            arguments = [tail.listening_port, answers, is_over]
            threads = [threading.Thread(target=stream, args=arguments) for _ in range(THREADS)]
            for thread in threads:
                thread.start()
            try:
                app = trouble(app, answers)
            finally:
                is_over.set()
                os.kill(tail.pid, signal.SIGKILL)
            for thread in threads:
                thread.join()
        app.die()
        deliveries, exchanges = check(path, answers)
        accepted = sum(1 for status, _ in answers if status == 200)
        return f"{accepted} answered 200; {len(deliveries)} in the file, with {exchanges} exchanges"


report.run(measure)
