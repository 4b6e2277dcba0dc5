"""A file that this program runs itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from scrubber.core.errors import BadArgumentError
from scrubber.live import endpoints
from scrubber.live.errors import ProviderError
from scrubber.live.providers import local
from scrubber.live.providers.choosing import provider_for
from scrubber.live.providers.local import LocalServer
from tests.helpers.parrot import SAYS
from tests.live.asking import ended, replies, request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    yield
    local.stop_all()


def test_one_server_for_all_who_ask(parrot_file):
    first, second = (provider_for(f"local:{parrot_file}") for _ in range(2))
    assert [ended(replies(one))[0].content.text for one in (first, second, first)] == [SAYS] * 3
    assert len(local._servers) == 1


def test_a_file_is_guessed_by_its_ending(parrot_file):
    one = provider_for(model=str(parrot_file))
    said = request(model="")
    assert b'"model":"parrot"' in one.body(said)
    assert one.forecast(said, one.body(said)).window == local.CONTEXT


def test_it_is_started_anew_after_a_crash(parrot_file):
    one = provider_for(f"local:{parrot_file}")
    replies(one)
    (server,) = local._servers.values()
    server._process.kill()
    server._process.wait()
    assert ended(replies(one))[0].content.text == SAYS


def test_it_ends_with_the_program_however_that_ends(parrot_file):
    code = (
        "import sys, os, signal\n"
        "from scrubber.live.endpoints import local_file\n"
        "from scrubber.live.providers.local import LocalServer\n"
        "server = LocalServer(local_file(sys.argv[1]))\n"
        "print(server._process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(parrot_file)], stdout=subprocess.PIPE, check=False
    )
    pid, until = int(done.stdout), time.monotonic() + 10
    while _is_running(pid):
        assert time.monotonic() < until, "the server outlives the program"
        time.sleep(0.05)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie whose parent is gone too: whoever adopted it may take its time.
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], stdout=subprocess.PIPE, check=False
    )
    return not state.stdout.startswith(b"Z") and bool(state.stdout.strip())


def test_a_file_that_is_no_model_is_told(tmp_path):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(60))
    with pytest.raises(ProviderError, match=r"broken\.gguf cannot be run: ."):
        LocalServer(endpoints.local_file(str(broken)))


def test_without_the_extra_it_says_what_to_install(parrot_file, monkeypatch):
    monkeypatch.setattr(local, "find_spec", lambda name: None)
    with pytest.raises(ProviderError, match=r"pip install 'scrubber\[local\]'"):
        LocalServer(endpoints.local_file(str(parrot_file)))


@pytest.mark.parametrize(
    ("data", "words"),
    [(None, "No such file"), (b"text", "not a GGUF file"), (b"", "not a GGUF file")],
)
def test_what_is_no_gguf_file(tmp_path, data, words):
    path: Path = tmp_path / "x.gguf"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(BadArgumentError, match=words):
        endpoints.find(f"local:{path}")


def test_its_key_is_in_no_list_of_processes(parrot):
    command = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(parrot._process.pid)],
        stdout=subprocess.PIPE,
        check=True,
    )
    assert b"local_server" in command.stdout
    assert parrot.key.value.encode() not in command.stdout
    assert parrot.key.value not in repr(parrot.key)
