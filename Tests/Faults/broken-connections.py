#!/usr/bin/env python3
"""Connections that break off in a header, in a body, by a reset, or never send a byte: no delivery, and the descriptors return."""
# Short: ends within some seconds.


from harness import report
from harness.deliveries import Connection, body, head, post
from harness.process import until
from harness.program import Tail
from harness.report import require

COUNT = 100


def measure():
    with Tail() as tail:
        base = tail.descriptors
        whole = head(body(1000)) + b"half a body"
        for start, by_reset in (b"", False), (b"POST / HT", False), (b"POST / HT", True), (whole, False), (whole, True):
            lines = [Connection(tail.listening_port) for _ in range(COUNT)]
            for line in lines:
                line.send(start)
            until("the connections", lambda: tail.descriptors >= base + COUNT)
            for line in lines:
                line.reset() if by_reset else line.socket.close()
            until(f"the base count of descriptors after {start[:9]!r}", lambda: tail.descriptors == base)
        until("the incidents", lambda: len(tail.incidents) >= 4 * COUNT)
        reasons = {one["reason"] for one in tail.incidents}
        require(len(tail.incidents) == 4 * COUNT and reasons == {"aborted"}, f"{len(tail.incidents)} incidents: {reasons}")
        require(not tail.deliveries, f"{len(tail.deliveries)} deliveries are there, and none was whole")
        require(post(tail.listening_port)[0] == 200, "a delivery afterwards is not answered 200")
        return f"{5 * COUNT} connections, {base} descriptors before and after, {4 * COUNT} incidents, no delivery"


report.run(measure)
