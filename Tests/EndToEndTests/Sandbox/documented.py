"""Holds `hooktop sandbox` to the documentation of Parlay and Parable, as a client that was written from that alone.

    documented.py HOOKTOP [WORDS]    checks every sentence, or those with the words, and prints a line of JSON for each

Each check is a function under the sentence that it is about. All are made at once, each with a sandbox of its own. Every
delivery is verified by the documented code as it arrives, whatever it is checked for.
"""

import concurrent.futures
import json
import sys
import traceback

import client
import parable  # noqa: F401: its sentences
import parlay  # noqa: F401


def outcome(words, check):
    try:
        check()
        return {"sentence": words, "fault": None}
    except BaseException:
        return {"sentence": words, "fault": traceback.format_exc(limit=-3)}


if __name__ == "__main__":
    client.HOOKTOP.append(sys.argv[1])
    chosen = [(words, check) for words, check in client.SENTENCES if len(sys.argv) < 3 or sys.argv[2] in words]
    with concurrent.futures.ThreadPoolExecutor(len(chosen)) as pool:
        for result in pool.map(lambda pair: outcome(*pair), chosen):
            print(json.dumps(result), flush=True)
