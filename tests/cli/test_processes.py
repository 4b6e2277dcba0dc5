"""What only a real process shows: exit codes, pipes, signals, terminals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading

import pytest

from tests.cli import transcripts
from tests.cli.conftest import command

posix = pytest.mark.skipif(os.name != "posix", reason="signals, pipes and terminals as on Unix")


def test_exit_codes(process, bundled_sample, tmp_path):
    (tmp_path / "no.txt").write_text("words")
    statuses = [
        process(*words).status
        for words in (
            ["import", bundled_sample],
            ["show", "nobody"],
            ["show"],
            ["import", tmp_path / "no.txt", bundled_sample],
        )
    ]
    assert statuses == [0, 1, 2, 3]


@posix
@pytest.mark.parametrize(
    "words", [["events", "--json"], ["show"], ["export"], ["sessions", "--json"]]
)
def test_a_closed_pipe_is_silent(cli, sample, words):
    for number in range(400 if words[0] == "sessions" else 0):
        cli("fork", sample, "--at", 2, "--title", f"{number} " * 40)
    names = [] if words[0] == "sessions" else [sample]
    with subprocess.Popen(
        command(*words, *names), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(10)
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode in ((0, 141) if words == ["show"] else (141,))


@posix
def test_ctrl_c_during_an_import_keeps_what_was_done(process, cli, tmp_path):
    small = transcripts.write(tmp_path / "small.jsonl", transcripts.message("user", "Hello"))
    large = transcripts.long(tmp_path / "large.jsonl", megabytes=24)
    with subprocess.Popen(
        command("import", small, large, "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        first = running.stdout.readline()
        running.send_signal(signal.SIGINT)
        rest, words = running.stdout.read(), running.stderr.read().decode()
    assert b'"status":"new"' in first
    assert rest == b""
    assert running.returncode == 130
    assert words == (
        "scrubber import: interrupted after 1 new; what was done is kept, "
        "and the same command goes on from there\n"
    )
    assert cli("verify").status == 0
    again = cli("import", small, large, "--json")
    assert again.status == 0
    assert again.lines[0]["status"] == "unchanged"
    assert again.lines[1]["events"] == 24 * 1200
    assert cli("verify").status == 0


@posix
def test_a_growing_file_is_followed_until_ctrl_c(cli, tmp_path):
    path = transcripts.write(tmp_path / "growing.jsonl", transcripts.message("user", "Hello"))
    with subprocess.Popen(
        command("import", path, "--follow", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        session = json.loads(running.stdout.readline())["session"]
        for number in range(3):
            transcripts.append(path, transcripts.message("user", f"More {number}"))
            told = json.loads(running.stdout.readline())
            assert (told["session"], told["status"], told["events"]) == (
                session, "extended", number + 2,
            )  # fmt: skip
        running.send_signal(signal.SIGINT)
        assert running.wait() == 0
    assert len(cli("events", session, "--json").lines) == 4
    assert cli("verify").status == 0


@posix
def test_ctrl_c_elsewhere_is_a_sentence(cli, sample, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("scrubber.api.OpenStore.verify", interrupted)
    done = cli("verify")
    assert (done.status, done.err) == (130, "scrubber verify: interrupted\n")


class Terminal:
    """A command whose stdin and stderr are a terminal."""

    def __init__(self, *words: object) -> None:
        mine, its = os.openpty()
        self._mine = mine
        self.written = b""
        self.process = subprocess.Popen(
            command(*words), stdin=its, stderr=its, stdout=subprocess.PIPE
        )
        os.close(its)

    def expect(self, words: bytes) -> None:
        timer = threading.Timer(30, self.process.kill)
        timer.start()
        while words not in self.written:
            try:
                self.written += os.read(self._mine, 1000)
            except OSError:  # its side was closed
                break
        timer.cancel()
        timer.join()
        assert words in self.written

    def type(self, text: bytes) -> None:
        os.write(self._mine, text)

    def end(self) -> tuple[int, bytes]:
        try:
            out, _ = self.process.communicate(timeout=30)
        finally:
            self.process.kill()
        status = self.process.wait()
        try:
            while more := os.read(self._mine, 1000):
                self.written += more
        except OSError:
            pass
        os.close(self._mine)
        return status, out


@posix
@pytest.mark.parametrize(("answer", "events"), [(b"s\n", 4), (b"\n", 7), (b"\x04", 7)])
def test_fork_asks_on_a_terminal(cli, sample, answer, events):
    terminal = Terminal("fork", sample, "--at", 7)
    terminal.expect(b"Your choice [n, s, i]: ")
    terminal.type(answer)
    status, out = terminal.end()
    assert status == 0
    assert cli("show", out.decode().strip(), "--json").one["of"] == events


@posix
def test_ctrl_c_at_a_question_forks_nothing(cli, sample):
    terminal = Terminal("fork", sample, "--at", 7)
    terminal.expect(b"Your choice")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.end() == (130, b"")
    assert len(cli("sessions", "--json").lines) == 2


@posix
def test_import_shows_progress_on_a_terminal_only(process, tmp_path):
    file = transcripts.long(tmp_path / "long.jsonl", megabytes=3)
    terminal = Terminal("import", file, "--store", tmp_path / "a.db")
    status, out = terminal.end()
    assert status == 0
    assert out.startswith(b"new ")
    assert "\r0 of 1 file · " in terminal.written.decode()
    assert "long.jsonl" in terminal.written.decode()
    assert process("import", file, "--store", tmp_path / "b.db").err == "1 new\n"


@posix
@pytest.mark.parametrize("words", [["sessions"], ["formats", "--json"], ["export", "x"]])
def test_a_closed_stdout_is_no_crash(cli, sample, words):
    line = " ".join(command(*(sample if word == "x" else word for word in words)))
    done = subprocess.run(["sh", "-c", f"{line} >&-"], stderr=subprocess.PIPE, check=False)
    assert done.stderr == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")  # noqa: PTH110
def test_a_full_disk_is_a_sentence(cli, sample):
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            command("events", sample, "--json"), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert done.stderr == b"scrubber events: No space left on device\n"


@pytest.mark.skipif(sys.platform == "win32", reason="an environment as on Unix")
def test_output_is_utf_8_whatever_the_locale(process, sample, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONUTF8", "0")
    monkeypatch.setenv("PYTHONCOERCECLOCALE", "0")
    assert "playhead: 7 of 132 ═" in process("show", sample, "--at", 7).out
