"""Gets what the benchmarks need and the machine lacks."""

import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PACKAGES = {
    "nginx": "nginx-light",
    "wrk": "wrk",
    "node": "nodejs",
    "webhook": "webhook",
    "mitmdump": "mitmproxy",
    "openssl": "openssl",
    "valgrind": "valgrind",
    "jq": "jq",
    "lnav": "lnav",
}
# Debian starts these as soon as their package is there; nothing here needs that one.
SERVICES = {"nginx": "nginx", "webhook": "webhook"}

_tried = set()


def get(*names):
    """Installs those of the tools that are missing; gives those that can't be had."""
    missing = [name for name in names if not shutil.which(name) and name not in _tried]
    if missing:
        _tried.update(missing)
        _apt("update")
        for name in missing:
            print(f"installing {PACKAGES[name]}", file=sys.stderr)
            if _apt("install", "-y", "--no-install-recommends", PACKAGES[name]) and name in SERVICES:
                subprocess.run(_sudo() + ["service", SERVICES[name], "stop"], **_QUIET)
    return [name for name in names if not shutil.which(name)]


def need(*names):
    """Installs the tools; without one of them the figure can't be measured."""
    lacking = get(*names)
    if lacking:
        from .bench import Failure

        raise Failure(f"{', '.join(lacking)} is needed, and apt-get does not bring it")


def build_hooktop():
    return _build(os.path.join(HERE, "../.."), "hooktop", "--static-swift-stdlib")


def build_microbench():
    return os.environ.get("MICROBENCH") or _build(HERE, "microbench")


def _build(package, product, *options):
    command = ["swift", "build", "-c", "release", "--package-path", package, *options]
    subprocess.run(command + ["--product", product], check=True, stdout=sys.stderr)
    shown = subprocess.run(command + ["--show-bin-path"], check=True, stdout=subprocess.PIPE, text=True)
    return os.path.join(shown.stdout.strip(), product)


_QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def _sudo():
    return ["sudo"] if shutil.which("sudo") else []


def _apt(*arguments):
    """Runs apt-get; what it says goes to standard error. False where it fails or is not there."""
    if not shutil.which("apt-get"):
        return False
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    command = _sudo() + ["apt-get", "-q", *arguments]
    return subprocess.run(command, stdout=sys.stderr, env=environment).returncode == 0
