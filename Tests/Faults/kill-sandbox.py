#!/usr/bin/env python3
"""kill -9 of the sandbox between retries and with a paused queue, twice: all that was accepted is delivered afterwards."""
# Short: ends within some seconds.

import atexit
import http.client
import http.server
import json
import os
import re
import subprocess
import tempfile
import threading
import time
import uuid

from harness import report
from harness.process import until
from harness.program import environment, path, without_core
from harness.report import Failed, require

THREADS = 4
COUNT = 150  # events that are accepted before each kill


class App(http.server.ThreadingHTTPServer):
    """Answers 500 until it is told to accept; keeps which event came to which path."""

    daemon_threads = True
    request_queue_size = 128

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            event = json.loads(self.rfile.read(int(self.headers["content-length"])))["id"]
            self.server.attempts += 1
            if self.server.accepts:
                self.server.accepted.add((self.path, event))
            self.send_response(200 if self.server.accepts else 500)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    def __init__(self):
        self.accepts, self.accepted, self.attempts = False, set(), 0
        super().__init__(("127.0.0.1", 0), App.Handler)
        threading.Thread(target=self.serve_forever, args=[0.05], daemon=True).start()

    def handle_error(self, *_):
        pass


class Sandbox:
    """`hooktop sandbox --state`, and calls of its API."""

    def __init__(self, state):
        command = [path(), "sandbox", "--listen", "127.0.0.1:0", "--rate", "0/s", "--time-scale", "600", "--state", state]
        self.child = subprocess.Popen(
            command, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, preexec_fn=without_core)
        # Where the fault fails it is not left behind.
        atexit.register(self.child.kill)
        words = self.child.stderr.readline()
        if "listening on" not in words:
            raise Failed(f"the sandbox did not start: {words}")
        self.port = int(words.rpartition(":")[2])
        self.key = re.search(r"pk_sandbox_\w+", self.child.stderr.readline())[0]

    def call(self, method, target, document=None, key=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        connection.request(method, target, json.dumps(document) if document else None, headers)
        response = connection.getresponse()
        answer = json.loads(response.read() or b"null")
        connection.close()
        require(response.status < 300, f"{method} {target}: {response.status} {answer}")
        return answer

    def kill(self):
        self.child.kill()
        self.child.wait()
        self.child.stderr.close()


def stream(sandbox, accepted, is_over):
    """Posts events until the sandbox is gone; keeps the key and the response of each that was accepted."""
    while not is_over.is_set():
        key = str(uuid.uuid4())
        try:
            accepted.append((key, sandbox.call("POST", "/v1/events", {"event": "analysis.completed"}, key)))
        except (OSError, http.client.HTTPException, ValueError):
            return


def kill_while_streaming(sandbox, accepted):
    is_over = threading.Event()
    threads = [threading.Thread(target=stream, args=[sandbox, accepted, is_over]) for _ in range(THREADS)]
    goal = len(accepted) + COUNT
    for thread in threads:
        thread.start()
    until(f"{goal} accepted events", lambda: len(accepted) >= goal, within=20)
    sandbox.kill()
    is_over.set()
    for thread in threads:
        thread.join()


def check(sandbox, webhooks, accepted):
    listed = {webhook["id"]: webhook for webhook in sandbox.call("GET", "/v1/webhooks")["data"]}
    require(list(listed) == [webhook["id"] for webhook in webhooks], "a webhook is lost")
    paused = listed[webhooks[1]["id"]]
    require(paused["paused"] and paused["dropped"] == 0, "the paused webhook is not as it was")
    # A call that was being answered may be in the file, too.
    queued = paused["queue_length"]
    require(0 <= queued - len(accepted) <= 2 * THREADS, f"{len(accepted)} were accepted, {queued} are queued")
    key, answer = accepted[-1]
    again = sandbox.call("POST", "/v1/events", {"event": "analysis.completed"}, key)
    require(again == answer, "an accepted call is made again under its Idempotency-Key")


def measure():
    with tempfile.TemporaryDirectory() as folder:
        state, app, accepted = os.path.join(folder, "state"), App(), []
        sandbox, url = Sandbox(state), f"http://127.0.0.1:{app.server_port}"
        webhooks = [
            sandbox.call("POST", "/v1/webhooks", {"url": url + place, "enabled_events": ["analysis.completed"]})
            for place in ("/open", "/paused")]
        sandbox.call("PATCH", f"/v1/webhooks/{webhooks[1]['id']}", {"paused": True})
        key = sandbox.key
        for _ in range(2):
            kill_while_streaming(sandbox, accepted)
            sandbox = Sandbox(state)
            require(sandbox.key == key, "the API key is another one")
            check(sandbox, webhooks, accepted)
        require(os.stat(state).st_mode & 0o777 == 0o600, "others can read the state file")
        until("a retry", lambda: app.attempts > len(accepted))
        app.accepts = True
        sandbox.call("PATCH", f"/v1/webhooks/{webhooks[1]['id']}", {"paused": False})
        due = {(place, answer["id"]) for _, answer in accepted for place in ("/open", "/paused")}
        begin = time.monotonic()
        try:
            until("every accepted event", lambda: due <= app.accepted, within=20)
        finally:
            sandbox.kill()
            app.shutdown()
        return f"{len(accepted)} events for two webhooks, all delivered {time.monotonic() - begin:.1f} s after the second kill"


report.run(measure)
