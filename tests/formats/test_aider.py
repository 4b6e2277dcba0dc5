from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from scrubber.api import open_store
from scrubber.core.events import Kind, Visibility
from scrubber.formats.aider.pieces import usage_of
from tests.formats.corpus import CORPUS
from tests.formats.reading import FakeTranscript, Read, read
from tests.transfer.comparing import import_one

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = CORPUS / "aider" / ".aider.chat.history.md"
START = "\n# aider chat started at 2026-03-01 09:00:00\n\n"


def history(text: str) -> Read:
    return read("aider", text.encode(), ".aider.chat.history.md")


def told(source: Read, log: str = "") -> list[tuple[str, str]]:
    transcript = FakeTranscript(source, log)
    return [(e.kind.label, transcript.content(e).text) for e in transcript.events()]


def test_each_chat_is_a_session():
    source = read("aider", SAMPLE.read_bytes(), str(SAMPLE))
    assert source.raw == SAMPLE.read_bytes()
    assert source.logs == ["", "1"]
    first, second = source.reader.infos[""], source.reader.infos["1"]
    assert (first.title, second.title) == ("rename the flag and its tests", "hi")
    assert (first.model, second.model) == ("gpt-x", "gpt-y")
    assert first.cwd == str(SAMPLE.parent)
    start = datetime(2026, 3, 1, 9, tzinfo=UTC).timestamp() * 1000
    assert first.created == start


def test_who_says_what():
    source = history(
        START + "> Aider v1  \n\n#### fix it  \n####   \n#### now  \n\nDone.\n\nReally.\n"
    )
    assert told(source)[1:] == [
        ("notice", "Aider v1"),
        ("message", "fix it\n\nnow"),
        ("message", "Done.\n\nReally."),
    ]


def test_commands_are_for_aider_but_for_those_that_ask():
    source = history(
        START + "#### /diff  \n> +1  \n\n#### /ask why?  \n\nBecause.\n\n#### ! ls  \n"
    )
    events = list(FakeTranscript(source).events())[1:]
    assert [event.kind.label for event in events] == [
        "command", "notice", "message", "message", "command",
    ]  # fmt: skip
    assert events[0].visibility is Visibility.UI_ONLY


def test_a_heading_of_the_model_is_part_of_what_it_says():
    source = history(START + "#### x  \n\n# A heading\n\ntext\n")
    assert told(source)[-1] == ("message", "# A heading\n\ntext")


def test_tokens_and_costs():
    plain = usage_of("Tokens: 5,244 sent, 604 received. Cost: $0.02 request, $0.05 session.")
    assert plain is not None
    assert (plain.input, plain.output, plain.cost_micros) == (5244, 604, 20_000)
    cached = "Tokens: 12k sent, 9.9k cache write, 1.1k cache hit, 1.5k received."
    usage = usage_of(f"{cached} Cost: $1.50 message, $2.00 session.")
    assert usage is not None
    assert (usage.input, usage.cache_write, usage.cache_read) == (1000, 9900, 1100)
    assert (usage.output, usage.context, usage.cost_micros) == (1500, 12_000, 1_500_000)
    assert usage_of("Tokens: many") is None
    assert usage_of("Tokens: 2k sent, 3 received.") is not None


def test_what_is_appended_is_added(tmp_path: Path) -> None:
    path = tmp_path / ".aider.chat.history.md"
    path.write_text(START + "> Aider v1  \n")
    with open_store(tmp_path / "store.db") as store:
        import_one(store, path)
        with path.open("a") as file:
            file.write(
                "\n#### hi  \n\nHello!\n\n> Tokens: 2k sent, 3 received.  \n"
                + START
                + "> again  \n"
            )
        results = import_one(store, path)
        assert [result.status for result in results] == ["extended", "new"]
        assert [result.events for result in results] == [5, 2]


LINES = st.sampled_from(
    [
        "#### a  ",
        "> b  ",
        "c",
        "",
        "   ",
        "# aider chat started at 2026-03-01 09:00:00",
        "####",
        "\u00e9",
    ]
)


@given(lines=st.lists(LINES), end=st.sampled_from(["", "\n"]))
def test_any_lines(lines, end):
    text = "\n".join(lines) + end
    source = history(text)
    assert source.raw == text.encode()
    starts = sum(line.startswith("# aider") for line in lines)
    assert starts <= len(source.logs) <= starts + 1
    kinds = [draft.kind for reading in source.readings for draft in reading.drafts]
    assert kinds.count(Kind.SESSION_START) == starts
