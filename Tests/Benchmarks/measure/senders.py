"""What posts to the servers: wrk as fast as they answer, paced.mjs so many a second, and single deliveries."""

import hashlib
import hmac
import http.client
import json
import os
import subprocess
import time

from . import tools
from .bench import Failure

CONNECTIONS = 32


def wrk(bench, name, url, variant="parlay"):
    """Posts one signed delivery of 412 bytes for a turn; gives how many were answered, and in how many seconds."""
    # Signed anew each time: a signature counts for five minutes only.
    script = os.path.join(bench.work, "post.lua")
    with open(script, "w") as file:
        subprocess.run(["node", "delivery.mjs", variant], cwd=tools.HERE, stdout=file, check=True)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{bench.turn:g}s", "--timeout", "10s", "-s", script, url]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout
    results = [line.split() for line in output.splitlines() if line.startswith("result")]
    if not results:
        raise Failure(f"wrk has no result for {name}")
    requests, microseconds, failed = (int(word) for word in results[0][1:])
    if failed or not requests:
        raise Failure(f"{failed} of {requests} requests to {name} were not answered with 200")
    return requests, microseconds / 1e6


class Paced:
    """A run of paced.mjs in the background: `count` different deliveries, `rate` of them a second."""

    def __init__(self, bench, port, rate, count, forged=False):
        tools.need("node")
        self.count = count
        self._forged = forged
        command = ["node", "paced.mjs", str(port), str(rate), str(count)] + (["forged"] if forged else [])
        self._process = subprocess.Popen(command, cwd=tools.HERE, stdout=subprocess.PIPE, text=True)
        bench.ending.callback(self.stop)

    def is_running(self):
        return self._process.poll() is None

    def stop(self):
        if self.is_running():
            self._process.kill()
            self._process.wait()

    def finish(self):
        """Waits for the last answer; gives p50, p99 and p999 in milliseconds, and the bytes of a delivery."""
        try:
            output, _ = self._process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            raise Failure(f"not all of {self.count} deliveries were answered") from None
        if self._process.returncode != 0:
            raise Failure(f"not all of {self.count} deliveries were answered")
        result = json.loads(output)
        if result["asDue"] != self.count:
            due = 401 if self._forged else 200
            raise Failure(f"{self.count - result['asDue']} of {self.count} deliveries were not answered with {due}")
        return result


def post(port, body, media_type="application/json", encoding=None):
    """Posts one signed delivery with this body."""
    seconds = int(time.time())
    key = os.environ["PARLAY_SIGNING_SECRET"].encode()
    code = hmac.new(key, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": media_type, "X-Parlay-Signature": f"t={seconds},v1={code}"}
    if encoding:
        headers["Content-Encoding"] = encoding
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/", body, headers)
    status = connection.getresponse().status
    connection.close()
    if status != 200:
        raise Failure(f"a delivery of {len(body)} bytes was answered with {status}")
