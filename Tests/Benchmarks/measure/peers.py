"""The servers that hooktop is compared with. Each is set up as the fastest that still does its work."""

import json
import os
import subprocess
import tempfile
import urllib.error
import urllib.request

from . import tools
from .bench import Failure
from .processes import free_port, is_listening, stop, wait_until


class Peer:
    """A server that runs: its title, its process, and where and with which variant of the delivery to post."""

    def __init__(self, title, process, url, variant="parlay"):
        self.title = title
        self.process = process
        self.url = url
        self.variant = variant
        self.pid = process.pid


def _start(bench, title, command, port, **options):
    with open(os.path.join(bench.work, "peers.log"), "a") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=tools.HERE, **options)
    bench.ending.callback(stop, process)
    if not wait_until(lambda: process.poll() is not None or is_listening(port), 30) or process.poll() is not None:
        with open(os.path.join(bench.work, "peers.log")) as log:
            raise Failure(f"{title} does not start: {log.read()[-500:]}")
    return process


def nginx(bench):
    """nginx's bare `return 200`: one worker, no log."""
    return _nginx(bench, "nginx, return 200", "return 200;")


def nginx_proxy(bench, behind):
    """nginx's `proxy_pass` to what listens at a URL, on connections that stay open."""
    host = behind.rstrip("/").split("//")[1]
    location = 'proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection "";'
    # As many as are posted at once, so that none is opened anew.
    return _nginx(bench, "nginx, proxy_pass", location, f"upstream app {{ server {host}; keepalive 64; }}")


def _nginx(bench, title, location, more=""):
    port = free_port()
    work = tempfile.mkdtemp(prefix="nginx-", dir=bench.work)
    path = os.path.join(work, "nginx.conf")
    folders = "".join(f"{name}_temp_path {work}/{name};" for name in ("proxy", "fastcgi", "uwsgi", "scgi"))
    with open(path, "w") as file:
        file.write(f"""
            worker_processes 1; daemon off; master_process off; pid {work}/nginx.pid; error_log stderr crit;
            events {{ worker_connections 1024; }}
            http {{
              access_log off; keepalive_requests 1000000000; client_body_temp_path {work}/body; {folders}
              {more}
              server {{ listen 127.0.0.1:{port}; location / {{ {location} }} }}
            }}""")
    process = _start(bench, "nginx", ["nginx", "-p", work, "-e", "stderr", "-c", path], port)
    return Peer(title, process, f"http://127.0.0.1:{port}/")


def node(bench):
    """The receiver that Parlay's documentation leads to."""
    port = free_port()
    process = _start(bench, "Node", ["node", "verifier.mjs", str(port)], port)
    return Peer("Node, verifier", process, f"http://127.0.0.1:{port}/")


def webhook(bench):
    """adnanh/webhook, which knows an HMAC of the body alone, without a time.

    The second condition never holds, so that the signature is verified and no command is run.
    """
    port = free_port()
    secret = os.environ["PARLAY_SIGNING_SECRET"]
    header = {"source": "header", "name": "X-Hub-Signature-256"}
    signed = {"match": {"type": "payload-hmac-sha256", "secret": secret, "parameter": header}}
    never = {"match": {"type": "value", "value": "-", "parameter": {"source": "header", "name": "X-Parlay-Event"}}}
    command = {"execute-command": "/bin/true", "response-message": "verified"}
    path = os.path.join(bench.work, "hooks.json")
    with open(path, "w") as file:
        hooks = [
            {"id": "probe", "trigger-rule": signed, **command},
            {"id": "parlay", "trigger-rule": {"and": [signed, never]}, **command},
        ]
        json.dump(hooks, file)
    process = _start(
        bench, "webhook", ["webhook", "-hooks", path, "-ip", "127.0.0.1", "-port", str(port)], port)
    url = f"http://127.0.0.1:{port}/hooks/"
    _check_signature_counts(url + "probe")
    return Peer("adnanh/webhook, HMAC rule", process, url + "parlay", variant="hub")


def _check_signature_counts(url):
    """The rule must take the signed delivery and no other: else the figure is that of something else."""
    text = subprocess.run(
        ["node", "delivery.mjs", "json"], cwd=tools.HERE, stdout=subprocess.PIPE, text=True, check=True).stdout
    delivery = json.loads(text)
    body = delivery["body"].encode()
    for change, is_due in ((b"", True), (b" ", False)):
        request = urllib.request.Request(url, body + change, delivery["headers"])
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                answer = response.read().decode()
        except urllib.error.HTTPError as error:
            answer = f"{error.code} {error.read().decode()}"
        if (answer == "verified") != is_due:
            raise Failure(f"it does not verify the signature as it is set up to: {answer}")


def mitmdump(bench, behind=None):
    """mitmdump in reverse mode, in front of what listens at a URL, or of a bare nginx of its own."""
    behind = (behind or nginx(bench).url).rstrip("/")
    port = free_port()
    command = ["mitmdump", "-q", "--listen-host", "127.0.0.1", "--listen-port", str(port),
               "--mode", f"reverse:{behind}", "--set", f"confdir={bench.work}/mitmproxy"]
    process = _start(bench, "mitmdump", command, port)
    return Peer("mitmdump, reverse mode", process, f"http://127.0.0.1:{port}/")
