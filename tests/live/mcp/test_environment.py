from __future__ import annotations

import os
import sys
import sysconfig

import pytest

from scrubber.live.keys import value_of
from scrubber.live.mcp.environment import launch_of, passed_on
from scrubber.live.mcp.errors import ServerError
from scrubber.live.servers import parse_server

in_venv = pytest.mark.skipif(sys.prefix == sys.base_prefix, reason="not in an environment")
posix = pytest.mark.skipif(os.name != "posix", reason="programs as on Unix")


@in_venv
def test_our_own_environment_is_not_on_the_path(monkeypatch):
    ours = sysconfig.get_path("scripts")
    monkeypatch.setenv("PATH", os.pathsep.join([ours, "/usr/bin", ours]))
    assert passed_on()["PATH"] == "/usr/bin"


@in_venv
def test_a_server_of_our_own_environment_is_refused():
    with pytest.raises(ServerError, match="a server needs an environment of its own"):
        launch_of(parse_server("x", {"command": sys.executable}), value_of)


@posix
def test_a_command_is_found_by_the_servers_own_path(tmp_path, monkeypatch):
    program = tmp_path / "bin" / "serve"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    path = {"env": {"PATH": str(program.parent)}, "cwd": str(tmp_path)}
    assert launch_of(parse_server("x", {"command": "serve", **path}), value_of).words == (
        str(program),
    )
    relative = parse_server("x", {"command": "bin/serve", "args": ["${A}"], "cwd": str(tmp_path)})
    launch = launch_of(relative, {"A": "1"}.get)
    assert launch.words == (str(program), "1")
    assert launch.cwd == str(tmp_path)


def test_what_is_missing_and_where_it_comes_from(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServerError, match="'uvx' was not found on the PATH; it comes with uv"):
        launch_of(parse_server("x", {"command": "uvx"}), value_of)
