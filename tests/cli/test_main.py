from __future__ import annotations

import logging
import subprocess
import sys

import pytest

import scrubber
from scrubber.cli.parser import build
from scrubber.version import __version__
from tests.cli import transcripts
from tests.cli.conftest import command

COMMANDS = ["import", "sessions", "events", "show", "fork", "export", "delete", "restore"]
COMMANDS += ["verify", "formats", "demo", "open"]


def test_version(cli):
    assert cli("--version").out == f"scrubber {__version__}\n"


def test_help_names_every_command(cli):
    done = cli("--help")
    assert done.status == 0
    assert all(f"\n    {name} " in done.out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(cli, name):
    done = cli(name, "--help")
    assert done.status == 0
    assert "--store FILE" in done.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["events"],
        ["fork", "x"],
        ["fork", "x", "--at", "one"],
        ["fork", "x", "--at", "-1"],
        ["fork", "x", "--at", "1", "--repair", "hope"],
        ["sessions", "--jso"],
        ["import"],
        ["delete"],
        ["import", "--format", "nonsense", "."],
        ["export", "x", "--json"],
    ],
)
def test_wrong_usage_is_2(cli, arguments):
    done = cli(*arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(("usage: scrubber", f"scrubber {arguments[0]}: "))


@pytest.mark.parametrize("name", ["events", "show", "export", "delete", "restore"])
def test_an_unknown_session_is_1(cli, sample, name):
    done = cli(name, "nobody")
    assert (done.status, done.out) == (1, "")
    assert done.err == f"scrubber {name}: no session has the id 'nobody'\n"


def test_an_ambiguous_session_is_1_and_lists_them(cli, sample):
    ids = [cli("fork", sample, "--at", 2).out.strip() for _ in range(17)]
    first = next(i for i in ids if sum(other[0] == i[0] for other in ids) > 1)
    done = cli("show", first[0])
    assert done.status == 1
    assert f"several sessions begin with '{first[0]}'" in done.err


def test_a_session_is_named_by_a_prefix_of_its_id_or_of_the_agents(cli, sample):
    native = next(s["native_id"] for s in cli("sessions", "--json").lines if s["id"] == sample)
    for name in (sample, sample[:12], native, native[:8]):
        assert cli("show", name, "--json").one["session"] == sample


@pytest.mark.parametrize("before", [True, False])
def test_store_may_stand_in_front_of_the_command_or_behind_it(
    cli, bundled_sample, tmp_path, before
):
    option, rest = ["--store", tmp_path / "other.db"], ["import", bundled_sample]
    assert cli(*option, *rest).status == 0 if before else cli(*rest, *option).status == 0
    assert (tmp_path / "other.db").is_file()
    assert len(cli("sessions", "--json", *option).lines) == 2
    assert cli("sessions", "--json").lines == []  # in $SCRUBBER_STORE


def test_the_store_is_where_the_environment_says(cli, sample, home):
    assert (home / "scrubber" / "store.db").is_file()


def test_without_the_variable_the_store_is_in_the_users_data_folder(
    cli, bundled_sample, home, monkeypatch
):
    monkeypatch.delenv("SCRUBBER_STORE")
    assert cli("import", bundled_sample).status == 0
    assert list(home.rglob("scrubber.db"))


@pytest.mark.parametrize(
    "arguments",
    [["sessions"], ["events", "x"], ["show", "x"], ["export", "x"], ["verify"]],
    ids=lambda arguments: arguments[0],
)
def test_what_changes_nothing_creates_no_store(cli, tmp_path, arguments):
    done = cli(*arguments, "--store", tmp_path / "typo.db")
    assert done.status == 1
    assert done.err == f"scrubber {arguments[0]}: {tmp_path / 'typo.db'}: there is no store here\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["sessions", "verify", "import"])
def test_a_store_that_is_none_is_one_sentence(process, bundled_sample, tmp_path, name):
    (tmp_path / "no.db").write_bytes(b"not a database" * 1000)
    done = process(
        name, *([bundled_sample] if name == "import" else []), "--store", tmp_path / "no.db"
    )
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(f"scrubber {name}: {tmp_path / 'no.db'}: ")
    assert done.err.count("\n") == 1


def test_a_damaged_store_is_one_sentence(cli, sample, home):
    path = home / "scrubber" / "store.db"
    data = bytearray(path.read_bytes())
    data[16_384:] = b"\xaa" * (len(data) - 16_384)
    path.write_bytes(data)
    done = cli("sessions")
    assert (done.status, done.out) == (1, "")
    assert done.err == f"scrubber sessions: {path}: database disk image is malformed\n"


def test_control_characters_do_not_reach_the_terminal(cli, tmp_path):
    evil = "\x1b]0;owned\x07\x9b2J\u202eback\x7f"
    file = transcripts.write(
        tmp_path / f"{transcripts.NATIVE}.jsonl",
        {"type": "custom-title", "customTitle": f"title{evil}", "sessionId": transcripts.NATIVE},
        transcripts.message("user", f"please{evil}"),
        transcripts.call(f"Ba{evil}sh", command=f"ls{evil}"),
        transcripts.result(f"out{evil}"),
        transcripts.message("assistant", [{"type": "thinking", "thinking": f"so{evil}"}]),
        f"{{broken {evil}",
    )
    imported = cli("import", file)
    (session,) = (line["id"] for line in cli("sessions", "--json").lines)
    fork = cli("fork", session, "--at", 3, "--title", f"t{evil}", "--note", f"n{evil}")
    outputs = [imported, fork, cli("sessions", "--tree"), cli("events", session)]
    outputs += [cli("show", session), cli("show", fork.out.strip()), cli("delete", session)]
    outputs += [cli("events", session, "--json"), cli("sessions", "--json")]
    for done in outputs:
        assert not set(done.out + done.err) & set("\x1b\x07\x9b\u202e\x7f\r"), done
    texts = [event["text"] for event in cli("events", session, "--json").lines]
    assert f"please{evil}" in texts  # JSON loses nothing


@pytest.mark.parametrize("code", ["import scrubber.cli, scrubber.__main__", "{main}(['--help'])"])
def test_the_command_line_starts_light(code):
    code = code.format(main="from scrubber.cli import main; main")
    words = f"{code}; import sys; print([m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, check=True)
    assert done.stderr.decode().strip() == "[]"


HEAVY = [
    "PySide6",
    "sqlite_utils",
    "sqlite3",
    "orjson",
    "zstandard",
    "scrubber.store",
    "hypothesis",
]


def test_sessions_need_no_qt():
    words = (
        "from scrubber.cli import main; main(['formats']); import sys; "
        "print('PySide6' in sys.modules or 'scrubber.app' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, check=True)
    assert done.stderr.decode().strip() == "False"


def test_what_is_logged_is_said_in_a_sentence(cli, monkeypatch, expect_log):
    expect_log("its reader broke")

    def run(*_):
        try:
            raise ValueError("deep inside")
        except ValueError:
            logging.getLogger("scrubber.transfer").exception("its reader broke")
        return iter(())

    monkeypatch.setattr("scrubber.api.OpenStore.import_paths", run)
    done = cli("import", ".")
    assert done.err.splitlines()[0] == "scrubber: its reader broke"
    assert "Traceback" not in done.err
    assert logging.getLogger("scrubber").handlers == []


def test_main_gives_an_int_and_raises_nothing(cli):
    assert [cli(*words).status for words in (["--help"], ["x"], ["show", "x"])] == [0, 2, 1]


def test_the_module_runs(process):
    assert process("--version").out == f"scrubber {__version__}\n"
    assert command("x")[1:3] == ["-m", "scrubber"]


def test_a_bare_call_opens_the_window():
    args = build().parse_args([])
    assert args.run.__module__ == "scrubber.cli.open_"


@pytest.mark.parametrize("words", [[], ["open"]])
def test_without_a_display_the_window_says_so(cli, monkeypatch, words):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    done = cli(*words)
    assert done.status == 1
    assert "there is no display to open a window on" in done.err


def test_open_runs_the_window_on_store_and_files(cli, tmp_path, monkeypatch):
    calls = []
    app = type(sys)("scrubber.app")
    app.run = lambda *arguments: calls.append(arguments) or 0  # type: ignore[attr-defined,func-returns-value]
    monkeypatch.setitem(sys.modules, "scrubber.app", app)
    monkeypatch.setattr(scrubber, "app", app, raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    (tmp_path / "a.jsonl").touch()
    assert cli("open", tmp_path / "a.jsonl", "--store", tmp_path / "s.db").status == 0
    assert cli("--store", tmp_path / "s.db").status == 0
    assert calls == [(tmp_path / "s.db", [tmp_path / "a.jsonl"]), (tmp_path / "s.db", [])]


def test_open_names_a_missing_file(cli, tmp_path):
    done = cli("open", tmp_path / "none.jsonl")
    assert done.status == 1
    assert done.err == f"scrubber open: {tmp_path / 'none.jsonl'}: no such file or folder\n"
