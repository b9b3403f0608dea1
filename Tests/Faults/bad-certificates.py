#!/usr/bin/env python3
"""Certificates that are expired, not valid yet or no certificate, and keys that do not match: one line before the screen opens, exit 1."""
# Short: ends within some seconds.

import os
import tempfile

from harness import report
from harness.report import require
from harness.starts import require_refused
from harness.terminal import Terminal
from harness.tls import certificate, key, openssl


def measure():
    with tempfile.TemporaryDirectory() as folder:
        good_key, other_key = key(folder, "good"), key(folder, "other")
        good = certificate(folder, "good", good_key)
        expired = certificate(folder, "expired", good_key, "20200101000000Z", "20210101000000Z")
        future = certificate(folder, "future", good_key, "20980101000000Z", "20990101000000Z")
        locked = os.path.join(folder, "locked.key")
        openssl("pkey", "-in", good_key, "-aes256", "-passout", "pass:x", "-out", locked)
        empty, noise = os.path.join(folder, "empty"), os.path.join(folder, "noise")
        with open(empty, "wb"), open(noise, "wb") as file:
            file.write(os.urandom(2000))
        cases = {
            "an expired certificate": (expired, good_key), "a certificate of the future": (future, good_key),
            "a key that does not match": (good, other_key), "an encrypted key": (good, locked),
            "no certificate file": ("/nonexistent", good_key), "no key file": (good, "/nonexistent"),
            "an empty certificate": (empty, good_key), "an empty key": (good, empty),
            "noise as certificate": (noise, good_key), "noise as key": (good, noise),
            "a folder as certificate": (folder, good_key), "a key as certificate": (good_key, good_key),
            "a certificate as key": (good, good),
        }
        for name, (certificate_path, key_path) in cases.items():
            require_refused(name, [], ["--port", "0", "--tls-cert", certificate_path, "--tls-key", key_path])
        with Terminal("watch", "--port", "0", "--tls-cert", good, "--tls-key", good_key) as terminal:
            require(terminal.wait_for_screen(), "a good certificate is refused")
        return f"{len(cases)} of {len(cases)} refused in one line, and a good one is taken"


report.run(measure)
