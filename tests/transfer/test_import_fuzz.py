"""Whatever stands in a file, importing it never fails, and never costs a byte."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from scrubber.api import open_store
from tests.bench import corpus
from tests.transfer.comparing import source_bytes

if TYPE_CHECKING:
    import pytest

RECORDS = [
    *(orjson.loads(line) for line in corpus.lines("fuzz", 60, scale=0.01)),
    {"type": "system", "subtype": "api_error", "error": {"message": "x"}, "retryAttempt": 1},
    {"type": "system", "subtype": "compact_boundary", "compactMetadata": {"preTokens": 5}},
    {"type": "attachment", "attachment": {"type": "queued_command", "prompt": "x"}},
    {"type": "summary", "summary": "x", "leafUuid": "y"},
    {"type": "user", "isSidechain": True, "uuid": "s", "message": {"content": "go"}},
    {
        "type": "user",
        "message": {"content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "x"}]},
        "toolUseResult": {"agentId": "a", "status": "completed", "totalDurationMs": 5},
    },
]
odd_values: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 2**64 - 1, 1.5, "", "x", [], [1], [None], {}, {"type": "text"}, [{}]]
)


@st.composite
def odd_records(draw: st.DrawFn) -> Any:
    """A record in which some value, at any depth, is not what it was."""
    record: Any = orjson.loads(orjson.dumps(draw(st.sampled_from(RECORDS))))
    for _ in range(draw(st.integers(1, 3))):
        place = record
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], (dict, list)) and place[key] and draw(st.booleans()):
                place = place[key]
                continue
            place[key] = deepcopy(draw(odd_values))
            break
    return record


lines = st.one_of(
    odd_records().map(orjson.dumps),
    odd_records().map(orjson.dumps),
    st.sampled_from([b"", b"{", b"nul", b"\xff\xfe", b'"text"', b"[1]", b"5", b'{"a":1}{"b":2}']),
)


@given(st.lists(lines, min_size=1, max_size=12), st.sampled_from([b"\n", b"\r\n", b"\n\n"]))
def test_any_file_imports_and_exports_to_its_bytes(
    tmp_path_factory: pytest.TempPathFactory, records: list[bytes], end: bytes
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    path = folder / "session.jsonl"
    path.write_bytes(end.join(records))
    with open_store(folder / "store.db") as store:
        results = list(store.import_paths([path], format="claude-code"))
        assert {r.status for r in results} <= {"new"}, results
        assert list(store.verify()) == []
        mains = [r.session for r in results if store.session(str(r.session)).relation == "root"]
        for session in mains:
            assert source_bytes(store, str(session)) == path.read_bytes()
            for event in store.events(str(session)):
                store.content(event)
