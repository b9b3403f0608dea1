"""Certificates as openssl makes them, and TLS connections to the receiver."""

import os
import ssl
import subprocess

from .deliveries import Connection


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def key(folder, name):
    path = os.path.join(folder, name + ".key")
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
    return path


def certificate(folder, name, key_path, start="20200101000000Z", end="20991231235959Z"):
    """A self-signed certificate for localhost that holds from `start` to `end`."""
    request, path = (os.path.join(folder, name + ending) for ending in (".csr", ".pem"))
    openssl("req", "-new", "-key", key_path, "-subj", "/CN=localhost", "-out", request)
    # Only `openssl ca` takes any two dates in the versions that are still in use.
    index, settings = os.path.join(folder, name + ".index"), os.path.join(folder, name + ".cnf")
    open(index, "w").close()
    with open(settings, "w") as file:
        file.write(
            f"[ca]\ndefault_ca=own\n[own]\ndatabase={index}\nnew_certs_dir={folder}\ndefault_md=sha256\npolicy=any\n"
            "rand_serial=yes\nx509_extensions=names\n[any]\ncommonName=supplied\n"
            "[names]\nsubjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=critical,CA:true\n")
    openssl(
        "ca", "-batch", "-selfsign", "-config", settings, "-keyfile", key_path, "-in", request, "-out", path, "-notext",
        "-startdate", start, "-enddate", end)
    return path


class TLSConnection(Connection):
    """A connection that speaks TLS, which trusts any certificate: that is not what the faults are about."""

    def __init__(self, port, within=10):
        super().__init__(port, within)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.plain = self.socket
        self.socket = context.wrap_socket(self.plain, server_hostname="localhost", suppress_ragged_eofs=True)
        self.socket.settimeout(within)


def hello():
    """The first bytes of a handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context.wrap_bio(incoming, outgoing)
    try:
        session.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()
