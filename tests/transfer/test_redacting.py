"""No secret is written, whatever the format; the rest is what it was, and the store as well."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrubber.core.errors import CancelledError
from scrubber.core.redaction import LeakError, Wanted
from scrubber.formats import registry
from scrubber.transfer.exporting import export_formats, pair_formats, tree_formats
from scrubber.transfer.progress import Progress
from scrubber.transfer.redacting import Redactor
from scrubber.transfer.secret_rules import find
from tests.transfer.comparing import import_one

# Put together here, so that no scanner takes this file for a leak.
TOKEN = "ghp" + "_" + "Ab1" * 12
AWS = "AKIA" + "QWERTYUIOPASDFGH"
PEM = (
    "-----BEGIN RSA PRIV"
    + "ATE KEY-----\n"
    + "MIIabc+/def\n" * 8
    + "-----END RSA PRIV"
    + "ATE KEY-----"
)
ODD = "pä\"ss\\w/örd\n<&>'𝄞"

letters = st.characters(exclude_categories=["Cs"])
secrets = st.lists(
    st.one_of(
        st.sampled_from([TOKEN, ODD, PEM]),
        st.text(st.characters(exclude_categories=["Cs"]), min_size=6, max_size=12).filter(
            str.strip
        ),
    ),
    min_size=1,
    max_size=3,
    unique=True,
)


def naive(value: Any, replacements: dict[str, str]) -> Any:
    """What the decoded value should be."""
    if isinstance(value, str):
        for secret in sorted(replacements, key=len, reverse=True):
            value = value.replace(secret, replacements[secret])
        return value
    if isinstance(value, list):
        return [naive(item, replacements) for item in value]
    if isinstance(value, dict):
        return {naive(k, replacements): naive(v, replacements) for k, v in value.items()}
    return value


@st.composite
def documents(draw: st.DrawFn) -> tuple[Any, Any, list[str], dict[str, Any]]:
    """(value, the value it should become, secrets, how it is written)."""
    chosen = draw(secrets)
    replacements = {secret: f"[REDACTED:x:{n}]" for n, secret in enumerate(chosen)}
    style: dict[str, Any] = {
        "ensure_ascii": draw(st.booleans()),
        "indent": draw(st.sampled_from([None, 2])),
    }

    def text(depth: int) -> tuple[str, str]:
        parts = draw(st.lists(st.sampled_from(["a", " ", "\\", "\n", "n", "é", "…", *chosen])))
        plain = "".join(parts)
        if depth and draw(st.booleans()):
            was, becomes = tree(depth - 1)
            return json.dumps(was, **style), json.dumps(becomes, **style)
        return plain, naive(plain, replacements)

    def tree(depth: int) -> tuple[Any, Any]:
        pairs = [text(depth) for _ in range(draw(st.integers(1, 3)))]
        return {"k": [a for a, _ in pairs], "n": -1.5e3}, {"k": [b for _, b in pairs], "n": -1.5e3}

    was, becomes = tree(2)
    return was, becomes, chosen, style


def strings(value: Any) -> list[str]:
    """All strings of a value, those in JSON within strings too."""
    if isinstance(value, str):
        try:
            inner = json.loads(value)
        except ValueError:
            return [value]
        return strings(inner) if isinstance(inner, (dict, list)) else [value]
    if isinstance(value, dict):
        return [s for pair in value.items() for item in pair for s in strings(item)]
    return [s for item in value for s in strings(item)] if isinstance(value, list) else []


@settings(max_examples=150)
@given(documents())
def test_json_stays_json_and_holds_no_secret_at_any_depth(document):
    was, becomes, chosen, style = document
    replacements = {secret: f"[REDACTED:x:{n}]" for n, secret in enumerate(chosen)}
    raw = json.dumps(was, **style).encode() + b"\n"
    changed = Redactor(replacements).record(raw)
    value = json.loads(changed)
    for text in strings(value):
        assert not any(secret in text for secret in chosen)
    if not any(secret[0] in "[]REDACTx:0123" or "\n" in secret for secret in chosen):
        flat = [s for s in strings(becomes) if "…" not in s and "\\" not in s]
        assert set(flat) <= set(strings(value))
    if was == becomes and "…" not in str(was):
        assert changed == raw


@example("x", TOKEN)
@example("\\", TOKEN)
@given(st.text(letters), st.sampled_from([TOKEN, AWS, ODD]))
def test_what_is_no_json_holds_none_either(around, secret):
    redactor = Redactor({secret: "[REDACTED:x:1]"})
    for form in (secret, json.dumps(secret)[1:-1], json.dumps(json.dumps(secret))[3:-3]):
        text = f"{around} {form} {around}"
        assert redactor.text(text).count("[REDACTED:x:1]") == 1
        torn = ('{"cut": "' + form).encode()
        assert redactor.record(torn) == b'{"cut": "[REDACTED:x:1]'


def test_a_preview_that_ends_within_a_secret_is_cut_in_front_of_it():
    redactor = Redactor({TOKEN: "[R]", PEM: "[P]"})
    assert redactor.text(f"use {TOKEN[:10]}…") == "use [R]…"
    assert redactor.text(f"use {TOKEN[:3]}…") == f"use {TOKEN[:3]}…"
    assert redactor.text(" ".join(PEM.split())[:90] + "…") == "[P]…"


def test_an_escape_is_no_letter_of_a_secret():
    redactor = Redactor({"nabcdef": "[R]"})
    assert json.loads(redactor.record(b'{"a": "x\\nabcdef nabcdef"}')) == {"a": "x\nabcdef [R]"}
    torn = redactor.record(b'{"a": "x\\nabcdef')
    assert json.loads(torn + b'"}') == {"a": "x\n[R]"}


def test_numbers_stay_numbers():
    redactor = Redactor({"5551234567": "[R]"})
    assert (
        redactor.record(b'{"a": 5551234567, "b": "5551234567"}') == b'{"a": 5551234567, "b": "[R]"}'
    )


@pytest.mark.parametrize("cut", range(1, 12))
def test_whatever_is_left_ends_the_writing(cut):
    redactor = Redactor({TOKEN: "[R]"})
    data = b"x" * 30 + TOKEN.encode() + b"y" * 30
    pieces = [data[at : at + cut] for at in range(0, len(data), cut)]
    with pytest.raises(LeakError, match=r"\[R\] could not be replaced"):
        list(redactor.guarded(pieces))
    assert list(redactor.guarded([b"a", b"b"])) == [b"a", b"b"]


KEYS = {
    "github-token": TOKEN,
    "aws-access-key": AWS,
    "private-key": PEM,
    "anthropic-key": "sk-" + "ant-api03-" + "Zz9_" * 12,
    "openai-key": "sk-" + "proj-" + "Qw3r" * 10,
    "google-api-key": "AI" + "za" + "SyB-" * 8 + "abc",
    "slack-token": "xox" + "b-123456789012-123456789012-abcdefABCDEF",
    "huggingface-token": "hf" + "_" + "aB" * 17,
    "gitlab-token": "glp" + "at-" + "x9Y" * 7,
    "stripe-key": "sk_" + "live_" + "a1B2" * 6,
    "telegram-token": "123456789:" + "AA" + "h-" * 16 + "z",
    "json-web-token": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxIn0." + "c2lnbmF0dXJl",
}


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("around", ["{}", "export KEY={}\n", '"{}",', "curl -H 'x: {}' y", "`{}`"])
def test_keys_are_known(kind, around):
    found = [(k, v) for k, v, sure in find(around.format(KEYS[kind])) if sure]
    assert (kind, KEYS[kind]) in [(k, v) for k, v in found]


def test_what_only_looks_like_a_secret_is_told_as_such():
    text = "db_password = 'correct-9-horse'\nhttps://ada:lovelace99@host.org/x"
    assert [(k, v) for k, v, sure in find(text) if not sure] == [
        ("url-password", "lovelace99"), ("assigned", "correct-9-horse"),
    ]  # fmt: skip
    for harmless in ("password = getpass()", "token: TokenUsage", "api_key=${KEY}", "key: <yours>"):
        assert list(find(harmless)) == []


LONG = "Ab9x" * 30


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("private-key", PEM.replace("abc+", "XxX+")),
        ("openai-key", "sk-" + "proj-" + LONG + "xXx" + "my-" + LONG),
        ("json-web-token", "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxIn0." + LONG + "my_xxx"),
        ("github-token", "ghp" + "_" + "xXx1" * 9),
    ],
)
def test_letters_that_stand_in_a_key_by_chance_do_not_hide_it(kind, key):
    assert (kind, key, True) in list(find(f"it is {key}\n"))


def test_what_stands_for_a_key_is_none():
    assert not list(find("sk-" + "proj-" + "x" * 40 + " " + "ghp" + "_" + "EXAMPLE" * 6))


@pytest.mark.parametrize("at", [0, None])
def test_a_title_that_ends_within_a_key_tells_none_of_it(store, tmp_path, at):
    path = tmp_path / "m.json"
    key = "sk-" + "ant-api03-" + "Q7z_" * 24
    said = [{"role": "system", "content": "?"}, {"role": "user", "content": "is " * 20 + key}]
    path.write_text(json.dumps({"messages": said}))
    session = str(import_one(store, path)[0].session)
    assert store.session(session).title.endswith("…")
    found = store.secrets(session, at)
    assert [one.kind for one in found] == ["anthropic-key" if at is None else "cut-key"]
    data = b"".join(store.export(session, at, "markdown", redact=found))
    assert b"[REDACTED:" in data
    assert b"Q7z" not in data


@pytest.mark.parametrize(
    "unit", [PEM[:32], "key=", "://a:b", "eyJ.", "\\n", "- ", "\n", "aws key ", "AKIA", "sk-ant-"]
)
def test_no_text_takes_long(unit):
    text = unit * (100_000 // len(unit))
    began = time.process_time()
    list(find(text))
    Redactor({PEM: "[R]", ODD: "[S]"}).text(text)
    assert time.process_time() - began < 5


# Whole exports


@pytest.fixture
def leaky(store, bundled_sample, tmp_path):
    """The sample, in whose messages, arguments and results secrets stand, and a branch of it."""
    folder = tmp_path / "leaky"
    shutil.copytree(bundled_sample, folder)
    path = next(folder.glob("**/*.jsonl"), folder)
    for other in folder.glob("**/*.jsonl"):
        path = min(path, other, key=lambda one: len(one.parts))
    lines = path.read_text("utf-8").splitlines(keepends=True)
    planted = 0
    for number, line in enumerate(lines):
        value = json.loads(line)
        content = (value.get("message") or {}).get("content")
        if isinstance(content, str):
            value["message"]["content"] = f"{content}\n{TOKEN}"
        elif isinstance(content, list):
            for block in content:
                for key in ("text", "content"):
                    if isinstance(block.get(key), str):
                        block[key] += f"\nkey: {AWS}\n{PEM}\n{ODD}"
                if isinstance(block.get("input"), dict):
                    block["input"]["nested"] = json.dumps({"secret": TOKEN, "odd": ODD})
        planted += TOKEN in json.dumps(value)
        lines[number] = json.dumps(value, ensure_ascii=bool(number % 2)) + "\n"
    assert planted > 5
    path.write_text("".join(lines), "utf-8")
    root = store.session(str(import_one(store, path)[0].session))
    store.rename(root.id, f"about {TOKEN}")
    store.notes.write(root.id, 3, f"mind {AWS}")
    store.fork(root.id, 40, title=f"{TOKEN} again")
    return store.session(root.id)


def holds(data: bytes) -> list[str]:
    """Which secrets stand in a file, in any form that is looked for here."""
    forms = {form: s for s in (TOKEN, AWS, PEM, ODD)
             for form in (s, json.dumps(s)[1:-1], json.dumps(s, ensure_ascii=False)[1:-1],
                          json.dumps(json.dumps(s))[3:-3])}  # fmt: skip
    return [secret for form, secret in forms.items() if form.encode() in data]


@pytest.mark.parametrize("format", [f for f in export_formats() if f not in pair_formats()])
def test_no_format_writes_a_secret(store, leaky, format):
    before = [store.raw(event) for event in store.events(leaky.id)]
    tree = format in tree_formats()
    plain = b"".join(store.export(leaky.id, format=format, tree=tree))
    found = store.secrets(leaky.id, tree=tree, wanted=Wanted((ODD,)))
    assert {TOKEN, AWS, PEM, ODD} <= {one.value for one in found}
    data = b"".join(store.export(leaky.id, format=format, tree=tree, redact=found))
    assert holds(plain)
    assert holds(data) == []
    assert b"[REDACTED:github-token:1]" in data
    assert data.count(b"[REDACTED:own:1]") >= 1
    if plain.startswith(b"{\n"):
        assert json.loads(data).keys() == json.loads(plain).keys()
    elif plain.startswith(b"{"):
        for was, now in zip(plain.splitlines(), data.splitlines(), strict=True):
            assert type(json.loads(was)) is type(json.loads(now))
    assert [store.raw(event) for event in store.events(leaky.id)] == before
    assert list(store.verify()) == []


@pytest.mark.parametrize("format", sorted(registry.agents()))
def test_no_agent_gets_a_secret(store, leaky, format, tmp_path, monkeypatch):
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "PI_CODING_AGENT_DIR", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "agent"))
    monkeypatch.chdir(tmp_path)
    found = store.secrets(leaky.id, wanted=Wanted((ODD,)))
    done = store.continue_in(leaky.id, None, format, cwd=str(tmp_path), redact=found)
    assert done.path.is_relative_to(tmp_path.parent)
    data = done.path.read_bytes()
    if data.startswith(b"SQLite"):
        with sqlite3.connect(done.path) as database:
            data = "\n".join(database.iterdump()).encode()
        database.close()
    assert holds(data) == []
    assert b"[REDACTED:" in data
    assert "placeholders" in done.losses[0]


def test_a_redacted_snapshot_comes_back_whole(store, other, leaky, tmp_path):
    found = store.secrets(leaky.id, tree=True, wanted=Wanted((ODD,)))
    path = tmp_path / "safe.jsonl"
    store.export_to(path, leaky.id, tree=True, redact=found)
    import_one(other, path)
    assert list(other.verify()) == []
    for session in store.sessions():
        theirs = other.events(session.id)
        assert len(theirs) == session.events
        for mine, its in zip(store.events(session.id), theirs, strict=True):
            assert (mine.kind, mine.role, mine.call_id) == (its.kind, its.role, its.call_id)
            assert holds(other.raw(its)) == []
            other.content(its)
    assert "[REDACTED:github-token:1]" in other.session(leaky.id).title
    assert [note.text for note in other.notes.of(leaky.id)] == ["mind [REDACTED:aws-access-key:1]"]


def test_what_is_kept_is_written_and_what_is_chosen_is_not(store, leaky):
    found = store.secrets(leaky.id)
    for one in found:
        one.replace = one.value == AWS
    data = b"".join(store.export(leaky.id, format="source", redact=found))
    assert TOKEN in holds(data)
    assert AWS not in holds(data)
    told = store.export_losses(leaky.id, None, "source", redact=found)
    assert told[0] == (
        "1 secret is replaced by placeholders: the records that held them are no longer the "
        "source's bytes"
    )


@pytest.mark.parametrize("format", ["native", "messages", "markdown", "html"])
def test_what_is_written_on_a_session_holds_no_secret(store, leaky, format):
    label, key = "hf" + "_" + "Rr4t" * 9, "glpat" + "-" + "Ww2x" * 6
    store.notes.label(leaky.id, None, label)
    store.notes.label(leaky.id, 2, key)
    found = store.secrets(leaky.id)
    assert {label, key} <= {one.value for one in found if one.replace}
    data = b"".join(store.export(leaky.id, format=format, redact=found))
    assert b"[REDACTED:huggingface-token:1]" in data
    assert label.encode() not in data
    assert key.encode() not in data


def test_a_signature_that_no_longer_fits_is_told(store, tmp_path):
    thinking = {"type": "thinking", "thinking": f"the key is {TOKEN}", "signature": "c2ln"}
    lines = [
        {"type": "user", "uuid": "u", "sessionId": "s",
         "message": {"role": "user", "content": "?"}},
        {"type": "assistant", "uuid": "a", "parentUuid": "u", "sessionId": "s",
         "message": {"id": "m", "role": "assistant", "content": [thinking]}},
    ]  # fmt: skip
    path = tmp_path / "sealed.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    session = str(import_one(store, path)[0].session)
    told = store.export_losses(session, None, "source", redact=store.secrets(session))
    assert told[1] == (
        "1 piece of reasoning held a secret under a signature: its provider may refuse it now"
    )


def test_placeholders_are_the_same_in_every_export(store, leaky):
    first = {one.value: one.placeholder for one in store.secrets(leaky.id)}
    again = {one.value: one.placeholder for one in store.secrets(leaky.id, tree=True)}
    assert first.items() <= again.items()
    fork = store.children(leaky.id)[-1]
    spots = [spot for one in store.secrets(fork.id) for spot in one.spots if spot.index is not None]
    assert spots
    for spot in spots:
        event = store.events(fork.id, spot.index, spot.index + 1)[0]
        assert holds(store.raw(event))


def test_a_scan_can_be_stopped_and_tells_how_far_it_is(store, leaky):
    progress = Progress()
    store.secrets(leaky.id, progress=progress)
    whole = sum(len(r) for s in {e.source for e in store.events(leaky.id)}
                for r in store.store.records(s))  # fmt: skip
    assert progress.bytes == whole == progress.bytes_total
    with pytest.raises(CancelledError):
        store.secrets(leaky.id, progress=Progress(cancelled=lambda: True))


REAL = (
    "git-ai-fixtures/example-claude-code.jsonl",
    "pi/pi-mono/*.jsonl",
    "codex/EntityProcess_agentv/*.jsonl",
    "copilot-cli/EntityProcess_agentv/*.jsonl",
    "openhands/tests/**/*.json",
    "swe-agent/trajectories/**/*.traj",
)


@pytest.mark.parametrize("name", REAL)
def test_real_files_lose_a_word_of_theirs_in_every_format(store, shared_data, name):
    files = sorted(shared_data.glob(name), key=lambda path: path.stat().st_size)
    for path in files[:4]:
        (result, *_) = store.import_paths([path])
        if result.status != "failed":
            break
    words = [e.text for e in store.events(str(result.session)) if len(e.text) > 30]
    wanted = (words[0][4:16], words[-1][10:24])
    found = store.secrets(str(result.session), wanted=Wanted(wanted))
    own = {one.value for one in found if one.kind == "own"}
    assert own
    for format in export_formats():
        if format in pair_formats():
            continue
        data = b"".join(store.export(str(result.session), format=format, redact=found))
        assert not any(word.encode() in data for word in own)
    assert list(store.verify()) == []
