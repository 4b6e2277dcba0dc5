"""The servers that people really use, as their makers ship them."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from scrubber.core.content import Image
from scrubber.live.servers import parse_server
from scrubber.live.toolbox import Known

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def test_time(using, installed):
    async def work(toolbox):
        tools = {tool.name: tool for tool in await toolbox.tools(["get_current_time"])}
        now = await toolbox.call("get_current_time", {"timezone": "UTC"})
        wrong = await toolbox.call("mcp__time__get_current_time", {"timezone": "Nowhere/Here"})
        known = await toolbox.find("get_current_time")
        return tools, now, wrong, known

    server = parse_server("time", {"command": installed("mcp-server-time"), "enabled": True})
    tools, now, wrong, known = using(work, server)
    assert list(tools) == ["get_current_time", "mcp__time__convert_time"]
    assert tools["get_current_time"].schema["required"] == ["timezone"]
    assert json.loads(now.content.text)["timezone"] == "UTC"
    assert now.content.detail["structuredContent"] == json.loads(now.content.text)
    assert not now.is_error
    assert wrong.is_error
    assert "Nowhere/Here" in wrong.content.text
    assert known == Known("mcp__time__get_current_time", ("only reads",))


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git(using, installed, tmp_path):
    repository = tmp_path / "repository"
    subprocess.run(["git", "init", "--quiet", repository], check=True)
    (repository / "new.txt").write_text("words\n")

    async def work(toolbox):
        status = await toolbox.call("mcp__git__git_status", {"repo_path": str(repository)})
        reset = await toolbox.find("git_reset")
        return len(await toolbox.tools()), status, reset

    server = parse_server("git", {"command": installed("mcp-server-git"), "enabled": True})
    count, status, reset = using(work, server)
    assert count == 12
    assert "new.txt" in status.content.text
    assert reset.hints[0] == "may change or delete what is there"


def test_files(using, installed, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("ä\n", "utf-8")
    (folder / "a.png").write_bytes(PIXEL)
    (tmp_path / "secret").write_text("not for you")

    async def work(toolbox):
        calls = [
            ("read_text_file", {"path": str(folder / "a.txt")}),
            ("read_media_file", {"path": str(folder / "a.png")}),
            ("write_file", {"path": str(folder / "b.txt"), "content": "written"}),
            ("read_text_file", {"path": str(tmp_path / "secret")}),
        ]
        return [await toolbox.call(name, arguments) for name, arguments in calls]

    server = parse_server(
        "files",
        {"command": installed("mcp-server-filesystem"), "args": [str(folder)], "enabled": True},
    )
    text, picture, written, denied = using(work, server)
    assert text.content.text == "ä\n"
    assert isinstance(picture.content.blocks[0], Image)
    assert (folder / "b.txt").read_text() == "written"
    assert not written.is_error
    assert denied.is_error
    assert "not for you" not in denied.content.text
