"""Uses hooktop's tools as a coding agent does, with the official client: mcp-client.py HOOKTOP RECEIVER-URL APP-URL"""
import asyncio
import json
import os
import subprocess
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

hooktop, receiver, app = sys.argv[1:4]
READING = ["explain_failure", "get_delivery", "list_deliveries", "status", "wait_for_delivery"]


def send(*arguments):
    subprocess.run([hooktop, "send", *arguments, "--to", receiver], stderr=subprocess.DEVNULL, check=False)


def is_error(result):
    return getattr(result, "is_error", None) or getattr(result, "isError", False)


async def call(session, name, **arguments):
    result = await session.call_tool(name, arguments)
    text = result.content[0].text
    print(name, text[:4000])
    assert not is_error(result), text
    return json.loads(text)


async def refused(session, name, **arguments):
    try:
        result = await session.call_tool(name, arguments)
    except Exception as error:  # The protocol's own error, as for a tool that is not there.
        return str(error)
    assert is_error(result), result
    return result.content[0].text


def server(*options):
    return StdioServerParameters(command=hooktop, args=["mcp", *options], env=dict(os.environ))


async def reads():
    async with stdio_client(server()) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        tools = (await session.list_tools()).tools
        assert sorted(tool.name for tool in tools) == READING, tools
        status = await call(session, "status")
        assert status["address"] == receiver and status["received"] == 0, status
        assert [secret["label"] for secret in status["secrets"]] == ["parlay", "parable"], status

        waiting = asyncio.create_task(call(session, "wait_for_delivery", filter="type:persona.*", timeout_seconds=50))
        await asyncio.to_thread(send, "webhook.test")
        await asyncio.to_thread(send, "persona.assigned", "--break", "newline-or-bom")
        found = await call(session, "wait_for_delivery", filter="type:persona.*", after=0)
        # One begun before anything came, and one that looks back, find the same.
        assert found["matched"] and found["delivery"]["sequence"] == 2, found
        assert (await waiting)["delivery"]["sequence"] == 2
        nothing = await call(session, "wait_for_delivery", filter="sig:stale", timeout_seconds=0.1)
        assert nothing["matched"] is False and nothing["delivery"] is None

        listed = await call(session, "list_deliveries", filter="sig:failed")
        assert [one["sequence"] for one in listed["deliveries"]] == [2] and listed["next_before"] is None
        assert "untrusted" in listed
        first = await call(session, "list_deliveries", limit=1)
        assert first["next_before"] == 2
        second = await call(session, "list_deliveries", limit=1, before=first["next_before"])
        assert [one["event"] for one in second["deliveries"]] == ["webhook.test"]

        delivery = await call(session, "get_delivery", sequence=2)
        body = json.loads(delivery["request"]["body"]["text"])
        assert body["event"] == "persona.assigned" and delivery["answer_status"] == 401
        assert ["X-Parlay-Event", "persona.assigned"] in delivery["request"]["headers"]
        short = await call(session, "get_delivery", sequence=2, body_limit=5)
        assert len(short["request"]["body"]["text"]) == 5

        failure = await call(session, "explain_failure", sequence=2)
        assert failure["causes"][0]["cause"] == "newline-or-bom" and failure["causes"][0]["level"] == "proven"
        assert failure["verdict"]["status"] == "mismatch" and failure["remedy"]

        assert "evicted" in await refused(session, "get_delivery", sequence=99)
        assert "column 5" in await refused(session, "list_deliveries", filter="sig:nonsense")
        assert await refused(session, "replay", sequence=1, url=app)


async def acts():
    async with stdio_client(server("--allow-actions")) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        assert len((await session.list_tools()).tools) == 7
        replay = await call(session, "replay", sequence=1, url=app + "/hook")
        assert replay["status"] == 200 and replay["sequence"] == 3, replay
        assert "this machine" in await refused(session, "replay", sequence=1, url="http://192.0.2.1/hook")
        assert "itself" in await refused(session, "replay", sequence=1, url=receiver)
        sent = await call(session, "send_sample", event="capture.processed")
        assert sent["status"] == 200 and sent["provider"] == "parable"
        broken = await call(session, "send_sample", **{"break": "too-old"})
        assert broken["status"] == 401
        assert "too-old" in await refused(session, "send_sample", **{"break": "no-such"})
        stale = await call(session, "list_deliveries", filter="sig:stale")
        assert len(stale["deliveries"]) == 1


async def newest():
    """The client of the newest versions, which first asks for what hooktop does not speak."""
    try:
        from mcp import Client
    except ImportError:
        return
    async with Client(server()) as client:
        assert (await client.call_tool("status", {})).content


asyncio.run(reads())
asyncio.run(acts())
asyncio.run(newest())
print("all tools work")
