"""A receiver of deliveries and a client of the API, as the providers' documentation has them written."""

import atexit
import contextlib
import hashlib
import hmac
import http.client
import http.server
import json
import re
import signal
import subprocess
import threading
import time
import uuid

# How much later or earlier than due an attempt may seem to come, in seconds: a busy machine is late to note one.
LATE = 0.75
EARLY = 0.4
SENTENCES = []
# The program under test.
HOOKTOP = []


def sentence(words):
    """Names a check after the sentence of the documentation that it is about."""
    return lambda check: SENTENCES.append((words, check)) or check


def verify_parlay_signature(raw_body, header, signing_secret, tolerance=300):
    parts = dict(p.split("=", 1) for p in header.split(","))
    t = int(parts.get("t", 0))
    v1 = parts.get("v1", "")
    if not t or not v1:
        return False
    if abs(time.time() - t) > tolerance:
        return False
    signed = f"{t}.".encode() + raw_body
    expected = hmac.new(signing_secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, v1)


class Delivery:
    """A request as it came to the app."""

    def __init__(self, path, headers, raw):
        self.at = time.monotonic()
        self.path, self.headers, self.raw = path, headers, raw
        self.body = json.loads(raw)

    @property
    def signature(self):
        return self.headers.get("X-Parlay-Signature") or self.headers.get("x-parable-signature")


class App:
    """A receiver. `answer` says with which status, given the delivery and how many came before; None hangs for 10.5 s."""

    def __init__(self, answer=lambda delivery, count: 200, port=0):
        self.deliveries, self.answer, self.secrets, self.unverified = [], answer, [], []
        self.lock = threading.Condition()
        app = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["content-length"]))
                status = app.take(Delivery(self.path, self.headers, raw))
                if status is None:
                    time.sleep(10.5)
                with contextlib.suppress(OSError):
                    self.send_response(status or 200)
                    self.send_header("content-length", "0")
                    self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128
            allow_reuse_address = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()

    def take(self, delivery):
        with self.lock:
            if self.secrets and not any(verify_parlay_signature(delivery.raw, delivery.signature, s) for s in self.secrets):
                self.unverified.append(delivery)
            count = len(self.deliveries)
            self.deliveries.append(delivery)
            self.lock.notify_all()
        return self.answer(delivery, count)

    def wait(self, count, within=15):
        """The deliveries, once there are so many."""
        with self.lock:
            assert self.lock.wait_for(lambda: len(self.deliveries) >= count, within), (
                f"{len(self.deliveries)} of {count} deliveries came")
            return list(self.deliveries)

    def until(self, condition, within=20):
        """The deliveries, once the condition holds for them."""
        with self.lock:
            assert self.lock.wait_for(lambda: condition(self.deliveries), within), "it never happened"
            return list(self.deliveries)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        assert not self.unverified, f"{len(self.unverified)} deliveries are not signed as documented"


class Sandbox:
    """A running `hooktop sandbox`, and a client of its API."""

    def __init__(self, *options, rate="0/s", scale=7200):
        command = [*HOOKTOP, "sandbox", "--listen", "127.0.0.1:0", "--rate", rate, "--time-scale", str(scale), *options]
        self.scale = scale
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        # Where a check fails it is not left behind.
        atexit.register(self.process.kill)
        self.words = self.process.stderr.readline()
        self.port = int(re.match(r"hooktop sandbox: listening on http://127\.0\.0\.1:(\d+)\n", self.words)[1])
        while "Try next" not in self.words:
            line = self.process.stderr.readline()
            assert line, self.words
            self.words += line
        self.key = re.search(r"pk_sandbox_[A-Za-z0-9]+", self.words)[0]
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    @property
    def parable_secret(self):
        found = re.search(r"whsec_[A-Za-z0-9]+", self.words)
        return found and found[0]

    def call(self, method, path, body=None, key=None, idempotency_key=None):
        """Status and document of a call, as the documentation's curl commands make it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Authorization": f"Bearer {key or self.key}", "Idempotency-Key": idempotency_key or str(uuid.uuid4())}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        raw = response.read()
        connection.close()
        return response.status, json.loads(raw) if raw else None

    def good(self, method, path, body=None, **options):
        status, document = self.call(method, path, body, **options)
        assert 200 <= status < 300, f"{method} {path}: {status} {document}"
        return document

    def register(self, app, events=("analysis.completed",), name="production"):
        made = self.good("POST", "/v1/webhooks", {"url": app.url, "name": name, "enabled_events": list(events)})
        app.secrets.append(made["signing_secret"])
        return made

    def happen(self, event="analysis.completed", **more):
        return self.good("POST", "/v1/events", {"event": event, **more})

    def captures(self):
        """All captures of the pull API, page by page."""
        found, cursor = [], ""
        while True:
            page = self.good("GET", f"/api/v1/captures?limit=20{cursor}")
            found += page["data"]
            if not page["data"]:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(10) == -signal.SIGTERM


def until(probe, within=15):
    """Asks again and again until there is something."""
    end = time.monotonic() + within
    while not (found := probe()):
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)
    return found


@contextlib.contextmanager
def at_work(*options, answer=lambda delivery, count: 200, parable=False, **more):
    """An app and a sandbox; with `parable`, whose endpoint the app is."""
    app = App(answer)
    try:
        sandbox = Sandbox(*options, *(["--parable", app.url] if parable else []), **more)
        if parable:
            app.secrets.append(sandbox.parable_secret)
        try:
            yield sandbox, app
        finally:
            sandbox.close()
    finally:
        app.close()


def gaps(deliveries):
    return [later.at - earlier.at for earlier, later in zip(deliveries, deliveries[1:])]


def require_schedule(deliveries, due, scale):
    for measured, seconds in zip(gaps(deliveries), due, strict=True):
        assert seconds / scale - EARLY <= measured <= seconds / scale + LATE, f"{measured} s, due {seconds / scale} s"
