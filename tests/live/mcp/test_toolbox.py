"""A server that misbehaves costs a call, never the run; and nothing of it is left behind."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time

import pytest

from scrubber.core.content import Image, Text
from scrubber.core.events import Origin
from scrubber.live.mcp import child, connection
from scrubber.live.toolbox import Known
from tests.helpers.data import REPOSITORY
from tests.live.mcp.conftest import is_gone, odd, seconds_to_cancel, wait_until_gone

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes as on Unix")


def test_a_server_is_started_when_needed_and_not_before(using):
    async def work(toolbox):
        assert not toolbox._connections["odd"].was_started
        assert await toolbox.find("mcp__other__echo") is None
        assert not toolbox._connections["odd"].was_started
        assert (await toolbox.find("odd__echo")).name == "mcp__odd__echo"
        assert await toolbox.find("mcp__odd__nothing") is None
        return toolbox._connections["odd"].was_started

    assert using(work, odd())


def test_a_server_that_is_not_enabled_is_not_there(using):
    async def work(toolbox):
        return await toolbox.tools(), await toolbox.find("echo")

    assert using(work, odd(enabled=False)) == ((), None)


def test_tools_have_their_schemas_and_full_names_on_all_pages(using):
    async def work(toolbox):
        return await toolbox.tools(["echo", "odd__fails", "unknown"])

    tools = using(work, odd())
    names = [tool.name for tool in tools]
    assert names[:3] == ["echo", "mcp__odd__environment", "mcp__odd__where"]
    assert "odd__fails" in names
    assert names[-1] == "mcp__odd__nonsense"
    assert tools[0].schema == {"type": "object"}
    assert tools[0].description == "It echo."


def test_a_call_is_answered_live(using):
    async def work(toolbox):
        arguments = {"b": None, "a": [1.5, "ü", {"c": None}]}
        return await toolbox.call("mcp__odd__echo", arguments)

    answer = using(work, odd())
    assert json.loads(answer.content.text) == {"b": None, "a": [1.5, "ü", {"c": None}]}
    assert (answer.origin, answer.rung, answer.is_error) == (Origin.RESAMPLED, "live", False)


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("fails", {}, "no such thing"),
        ("nonsense", {}, "Server odd: its answer is not as the protocol asks"),
        ("echo", "raw text", "The arguments of this tool must be a JSON object."),
        ("mcp__nobody__x", {}, "No enabled server has a tool 'mcp__nobody__x'."),
    ],
)
def test_failures_are_told_in_the_answer(using, tool, arguments, words):
    answer = using(lambda toolbox: toolbox.call(tool, arguments), odd())
    assert answer.is_error
    assert answer.content.text == words


def test_an_error_of_the_protocol_is_told_as_agents_do(using):
    async def work(toolbox):
        await toolbox.tools()
        return await toolbox._connections["odd"].call("nothing", {})

    answer = using(work, odd())
    assert answer.is_error
    assert answer.content.text == "MCP error -32602: no tool nothing"


def test_pictures_stay_pictures_and_the_rest_is_told(using):
    async def work(toolbox):
        return [
            (await toolbox.call(name, {})).content
            for name in ("image", "structured", "both", "resource")
        ]

    image, structured, both, resource = using(work, odd())
    assert isinstance(image.blocks[0], Image)
    assert image.blocks[0].media_type == "image/png"
    assert structured.blocks == (Text('{"degrees":21}'),)
    assert both.blocks == (Text("warm"),)
    assert both.detail == {"server": "odd", "structuredContent": {"degrees": 21}, "_meta": {"a": 1}}
    assert [block.text for block in resource.blocks] == [
        "[Resource from odd at note://1] a note",
        "[Resource link: x] file:///x (an x)",
        "[audio from odd: audio/wav, 16 bytes, not shown]",
    ]
    assert resource.detail["content"][2]["mimeType"] == "audio/wav"


@pytest.mark.parametrize(
    ("how", "entry", "words"),
    [
        (["mute"], {"start_seconds": 0.5}, "it did not answer within 0.5 seconds of its start"),
        (["dies"], {}, 'it ended with status 7; its last words: "I have had enough"'),
        ([], {"command": "no-such-program"}, "the command 'no-such-program' was not found"),
        ([], {"command": "/etc/passwd"}, "/etc/passwd is not there, or no program"),
        ([], {"cwd": "/no/such/folder"}, "its folder /no/such/folder is not there"),
        ([], {"env": {"A": "${NOT_SET_ANYWHERE}"}}, "NOT_SET_ANYWHERE is not set"),
        ([], {"url": "http://127.0.0.1:9/mcp", "command": None}, "it cannot be reached"),
    ],
)
def test_a_server_that_does_not_start_is_told_and_left_out(using, how, entry, words):
    async def work(toolbox):
        names = [tool.name for tool in await toolbox.tools()]
        assert await toolbox.find("mcp__odd__echo") == Known("mcp__odd__echo")
        assert await toolbox.find("echo_") is None
        return names, toolbox.problems, await toolbox.call("mcp__odd__echo", {})

    names, problems, answer = using(work, odd(*how, **entry), odd(name="good"))
    assert set(names) >= {"mcp__good__echo"}
    assert not [name for name in names if name.startswith("mcp__odd")]
    assert len(problems) == 1
    assert problems[0].startswith(f"server odd: {words}")
    assert answer.is_error
    assert answer.content.text.startswith(f"The server odd cannot be used: {words}")


def test_a_server_that_dies_in_a_call_is_started_again_for_the_next(using):
    async def work(toolbox):
        first = (await toolbox.call("pid", {})).content.text
        answer = await toolbox.call("dies", {})
        return first, answer, (await toolbox.call("pid", {})).content.text

    first, answer, second = using(work, odd())
    assert answer.is_error
    assert answer.content.text == (
        'Server odd: it ended with status 3; its last words: "I have had enough"'
    )
    assert first != second


def test_calls_of_other_branches_fail_with_it(using):
    async def work(toolbox):
        await toolbox.tools()
        sleeping = asyncio.create_task(toolbox.call("sleeps", {}))
        await asyncio.sleep(0.2)
        await toolbox.call("dies", {})
        return await sleeping

    assert "it ended with status 3" in using(work, odd()).content.text


def test_calls_run_side_by_side(using):
    async def work(toolbox):
        await toolbox.tools()
        start = time.monotonic()
        calls = (toolbox.call("sleeps", {"seconds": 0.5}) for _ in range(8))
        answers = await asyncio.gather(*calls)
        return [answer.content.text for answer in answers], time.monotonic() - start

    words, seconds = using(work, odd())
    assert words == ["slept"] * 8
    assert seconds < 2.5


@pytest.mark.parametrize("where", ["start", "call"])
def test_floods_and_garbage_do_no_harm(using, where, tmp_path):
    async def work(toolbox):
        answers = [await toolbox.call(name, {}) for name in ("floods", "prints", "echo")]
        return [answer.content.text for answer in answers]

    server = odd("floods", "prints") if where == "start" else odd()
    assert using(work, server) == ["done", "done", "{}"]
    logs = list((tmp_path / "logs").iterdir())
    assert {log.name for log in logs} == {"mcp-odd.log", "mcp-odd.log.1"}
    assert all(log.stat().st_size < 1_000_000 for log in logs)
    assert "not a message: {not json" in b"".join(log.read_bytes() for log in logs).decode(
        errors="replace"
    )


def test_a_list_of_tools_that_changes_is_asked_for_again(using):
    async def work(toolbox):
        before = {tool.name for tool in await toolbox.tools()}
        assert await toolbox.find("grown") is None
        await toolbox.call("grows", {})
        found = await toolbox.find("grown")
        return found.name, {tool.name for tool in await toolbox.tools()} - before

    assert using(work, odd()) == ("mcp__odd__grown", {"mcp__odd__grown"})


def test_a_line_without_end_is_stopped(using, monkeypatch):
    monkeypatch.setattr("scrubber.live.mcp.child.LONGEST_MESSAGE", 1_000_000)

    answer = using(lambda toolbox: toolbox.call("one_line", {}), odd())
    assert answer.content.text == "Server odd: it wrote 1,000,000 bytes on one line"


def test_a_slow_call_is_given_up_and_the_server_told(using, tmp_path):
    async def work(toolbox):
        answer = await toolbox.call("sleeps", {})
        return answer.content.text, (await toolbox.call("echo", {})).content.text

    log = tmp_path / "messages"
    server = odd(call_seconds=0.3, env={"ODD_LOG": str(log)})
    words, echoed = using(work, server)
    assert words == "The server odd did not answer within 0.3 seconds."
    assert echoed == "{}"
    assert '"notifications/cancelled"' in log.read_text()


def test_a_server_that_hangs_is_started_again(using, monkeypatch):
    monkeypatch.setattr(connection, "PING_SECONDS", 0.3)

    async def work(toolbox):
        first = (await toolbox.call("pid", {})).content.text
        assert (await toolbox.call("hangs", {})).is_error
        await asyncio.sleep(1)
        return first, (await toolbox.call("pid", {})).content.text

    first, second = using(work, odd(call_seconds=1.5))
    assert first != second
    wait_until_gone(int(first))


@pytest.mark.parametrize("tool", ["sleeps", "hangs"])
def test_a_call_is_cancelled_at_once(using, tool):
    async def work(toolbox):
        await toolbox.tools()
        return [await seconds_to_cancel(toolbox.call(tool, {}), after=0.1) for _ in range(3)]

    assert min(using(work, odd())) < 0.1


def test_waiting_for_a_start_is_cancelled_at_once_and_the_start_goes_on(using):
    async def work(toolbox):
        seconds = [await seconds_to_cancel(toolbox.tools(), after=0.005) for _ in range(3)]
        return seconds, len(await toolbox.tools())

    seconds, tools = using(work, odd())
    assert min(seconds) < 0.1
    assert tools > 10


@pytest.fixture
def quick(monkeypatch):
    """A server that does not end is made to end earlier than usual."""
    monkeypatch.setattr(child, "GRACE", 0.3)


@pytest.mark.parametrize("how", ["", "stubborn"])
@pytest.mark.usefixtures("quick")
def test_nothing_is_left_behind(using, how):
    async def work(toolbox):
        pids = [int((await toolbox.call(name, {})).content.text) for name in ("pid", "child")]
        assert not any(map(is_gone, pids))
        return pids

    start = time.monotonic()
    server, its_child = using(work, odd(how))
    assert is_gone(server)
    wait_until_gone(its_child)
    assert time.monotonic() - start < 10


def test_a_loop_that_ends_without_a_word_stops_them_too(tmp_path):
    from scrubber.live.mcp.toolbox import McpToolbox

    async def main():
        toolbox = McpToolbox([odd()], tmp_path)
        return int((await toolbox.call("pid", {})).content.text)

    assert is_gone(asyncio.run(main()))


def test_a_loop_on_another_thread_will_do(using):
    answers = []

    def run():
        answers.append(using(lambda toolbox: toolbox.call("echo", {"a": 1}), odd()))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert answers[0].content.text == '{"a": 1}'


PROGRAM = """
import asyncio, os, sys, threading
from pathlib import Path
from scrubber.live.mcp.toolbox import McpToolbox
from tests.helpers.data import REPOSITORY
from tests.live.mcp.conftest import odd

async def work():
    toolbox = McpToolbox([odd(*sys.argv[2:])], Path(sys.argv[1]))
    print((await toolbox.call("pid", {})).content.text, flush=True)
    await asyncio.sleep(600)

threading.Thread(target=asyncio.run, args=[work()], daemon=True).start()
sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["", "stubborn"])
def test_a_program_that_ends_takes_them_with_it(tmp_path, how):
    words = [sys.executable, "-c", PROGRAM, str(tmp_path), how]
    with subprocess.Popen(
        words, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdin
        assert program.stdout
        server = int(program.stdout.readline())
        assert not is_gone(server)
        if not how:
            program.kill()  # the server's stdin closes with it, and that is enough for most
        program.stdin.close()
    wait_until_gone(server)


@pytest.mark.usefixtures("quick")
def test_a_start_that_is_cut_short_leaves_nothing(using):
    async def work(toolbox):
        listing = asyncio.create_task(toolbox.tools())
        while not toolbox._connections["odd"].was_started:
            await asyncio.sleep(0.01)
        listing.cancel()
        await asyncio.wait({listing})

    using(work, odd("mute", "stubborn"))


def test_our_secrets_stay_with_us(using, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret")
    monkeypatch.setenv("SOME_TOKEN", "given")
    monkeypatch.setenv("PATH", os.environ["PATH"])

    async def work(toolbox):
        return json.loads((await toolbox.call("environment", {})).content.text)

    env = using(work, odd(env={"TOKEN": "${SOME_TOKEN}", "PLAIN": "${NOT_SET:-usual}"}))
    assert env["TOKEN"] == "given"
    assert env["PLAIN"] == "usual"
    assert "sk-secret" not in env.values()
    assert "SOME_TOKEN" not in env
    assert set(env) <= {
        "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ",
        "USER", "TOKEN", "PLAIN", "PWD", "__CF_USER_TEXT_ENCODING",
    }  # fmt: skip


def test_it_runs_in_its_folder_and_else_in_the_home(using, tmp_path, home):
    async def work(toolbox):
        return [(await toolbox.call(f"mcp__{name}__where", {})).content.text for name in ("a", "b")]

    servers = odd(name="a", cwd=str(tmp_path)), odd(name="b")
    assert using(work, *servers) == [str(tmp_path.resolve()), str(home.resolve())]


def test_what_a_tool_does_is_told_in_words(using):
    async def work(toolbox):
        return [
            (await toolbox.find(name)).hints for name in ("echo", "environment", "mcp__odd__pid")
        ]

    assert using(work, odd()) == [
        ("only reads",),
        ("may change or delete what is there", "reaches the outside world"),
        ("does not say whether it changes anything",),
    ]
