"""What must hold for every format, whatever it is: over the files of the corpus."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.api import OpenStore, open_store
from scrubber.core.content import Content
from scrubber.core.errors import BadArgumentError, FormatError
from scrubber.core.events import Kind, Mark
from scrubber.formats import containers, registry
from tests.formats.corpus import Sample, damaged, drafts, odd, rearranged, samples
from tests.transfer.comparing import facts, import_one

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.session import Session
    from scrubber.formats.base import Reading

SAMPLES = samples()
PLAIN = [sample for sample in SAMPLES if sample.is_plain]
PACKED = [sample for sample in SAMPLES if not sample.is_plain]
LINES = [sample for sample in PLAIN if sample.is_by_line]
INTERNAL = {"scrubber"}

some = settings(max_examples=25)
"""There are many files; what one run does not find, another does."""

every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=str)
every_plain = pytest.mark.parametrize("sample", PLAIN, ids=str)
every_line_file = pytest.mark.parametrize("sample", LINES, ids=str)


GARBAGE = [b"\xff\xfe\n", b"nonsense\n", b"{\n", b'{"type":\n']
"""Lines that are no record. At the top of a file, the last two could be the start of a document."""


def test_every_format_has_samples():
    assert {sample.format.name for sample in SAMPLES} == set(registry.formats()) - INTERNAL


@every_sample
def test_it_is_recognised(sample):
    assert registry.recognise(sample.path) is sample.format
    assert sample.path.name.endswith(registry.endings())


@every_sample
def test_the_records_are_its_bytes_and_every_event_has_its_content(sample):
    data = sample.data
    readings, reader = sample.read(data)
    assert b"".join(reading.raw for reading in readings) + reader.pending == data
    assert {draft.log for _, draft in drafts(readings)} == set(reader.infos)
    for reading, draft in drafts(readings):
        content = sample.format.content(reading.raw, draft.part)
        assert isinstance(content, Content)
        told = content.blocks or content.arguments is not None or content.detail is not None
        assert told or not draft.text or draft.part < 0, draft


@every_sample
def test_it_is_imported_checked_and_exported_as_it_was(sample, tmp_path):
    with open_store(tmp_path / "store.db") as store:
        results = import_one(store, sample.path)
        assert results
        assert {result.format for result in results} == {sample.format.name}
        for result in results:
            check_export(store, store.session(str(result.session)), sample)
        assert {result.status for result in import_one(store, sample.path)} == {"unchanged"}


def check_export(store: OpenStore, session: Session, sample: Sample) -> None:
    """Its own bytes, or a word about why not."""
    try:
        losses = store.export_losses(session.id, None, "source")
        exported = b"".join(store.export(session.id, format="source"))
    except BadArgumentError as error:
        assert "nothing writes the format" in str(error)  # noqa: PT017  # allowed, not demanded
        return
    if sample.is_plain and not losses:
        assert exported == sample.path.read_bytes()
    elif not sample.is_plain:
        assert losses


@every_plain
@settings(max_examples=3)
@given(share=st.floats(0, 1))
def test_a_file_that_grew_is_read_as_if_at_once(sample, share, tmp_path_factory):
    folder = tmp_path_factory.mktemp("grown")
    path, data = folder / sample.path.name, sample.path.read_bytes()
    with open_store(folder / "a.db") as store, open_store(folder / "b.db") as other:
        path.write_bytes(data[: int(len(data) * share)])
        store.import_paths([path], format=sample.format.name)
        assert list(store.verify()) == []
        path.write_bytes(data)
        import_one(store, path)
        import_one(other, path)
        assert told(store, path) == told(other, path)


def told(store: OpenStore, path: Path) -> Counter[Any]:
    """The sessions of a file: titles, lineage and events."""
    source = store.store.source_of(path)
    assert source is not None
    return Counter(
        (one.title, one.native_id, one.relation, one.forked_at, *map(facts, store.events(one.id)))
        for one in store.store.followers(source.id)
    )


@every_plain
@some
@given(data=st.data())
def test_a_damaged_file_loses_nothing_but_what_was_damaged(sample, data):
    broken = data.draw(damaged(sample.data))
    for format in registry.formats().values():
        assert 0 <= format.sniff(sample.path, broken[: registry.HEAD_BYTES]) <= 100
    check_reading(sample, broken)


@every_sample
@some
@given(data=st.data())
def test_values_of_another_type_are_read_all_the_same(sample, data):
    lines = sample.data.splitlines(keepends=True)
    place = data.draw(st.integers(0, len(lines) - 1))
    if is_json(lines[place]):
        lines[place] = data.draw(odd(lines[place])) + b"\n"
    elif is_json(sample.data):
        lines = [data.draw(odd(sample.data))]
    check_reading(sample, b"".join(lines))


def is_json(data: bytes) -> bool:
    try:
        return isinstance(orjson.loads(data), (dict, list))
    except orjson.JSONDecodeError:
        return False


def check_reading(sample: Sample, data: bytes) -> list[Reading]:
    """Nothing of it is lost, and every event has a content; gives the records."""
    readings, reader = sample.read(data)
    assert b"".join(reading.raw for reading in readings) + reader.pending == data
    for reading, draft in drafts(readings):
        assert draft.log in reader.infos
        sample.format.content(reading.raw, draft.part)
    return readings


@every_plain
@some
@given(share=st.floats(0, 1))
def test_a_file_that_was_cut_off_anywhere(sample, share):
    cut = sample.data[: int(len(sample.data) * share)]
    readings = check_reading(sample, cut)
    whole, _ = sample.read(sample.data)
    if sample in LINES:
        assert good(readings) == good(whole)[: len(good(readings))]


def good(readings) -> list[bytes]:
    """The records that could be read, without what separates them."""
    return [
        reading.raw.strip(b", \t\r\n")
        for reading in readings
        if not any(draft.marks & Mark.DAMAGED for draft in reading.drafts)
    ]


@every_line_file
@some
@given(data=st.data())
def test_lines_in_another_order_all_give_their_records(sample, data):
    lines = sample.data.splitlines(keepends=True)
    lines[-1] = lines[-1].rstrip(b"\r\n") + b"\n"
    moved = data.draw(rearranged(lines))
    readings = check_reading(sample, b"".join(moved))
    if all(line.lstrip(b"\xef\xbb\xbf") == line for line in moved):
        assert silent(readings) <= silent(sample.read(sample.data)[0])


def silent(readings) -> set[bytes]:
    """The records that give no event."""
    return {reading.raw.strip() for reading in readings if not reading.drafts}


@every_line_file
@some
@given(data=st.data())
def test_a_broken_line_costs_no_other(sample, data):
    lines = sample.data.splitlines(keepends=True)
    place = data.draw(st.integers(0, len(lines) - 1))
    garbage = data.draw(st.sampled_from(GARBAGE[:2] if place == 0 else GARBAGE))
    broken = [*lines[:place], garbage, *lines[place + 1 :]]
    readings, reader = sample.read(b"".join(broken))
    assert b"".join(reading.raw for reading in readings) + reader.pending == b"".join(broken)
    unknown = [r.raw for r, draft in drafts(readings) if draft.kind is Kind.UNKNOWN]
    assert any(garbage.strip() in raw for raw in [*unknown, reader.pending])
    before, _ = sample.read(sample.data)
    gave = {reading.raw.strip() for reading in before if reading.drafts}
    gives = {reading.raw.strip() for reading in readings if reading.drafts}
    assert gave - gives <= {part.strip() for part in [lines[place]]} | parts_of(
        lines[place], before
    )


def parts_of(line: bytes, readings) -> set[bytes]:
    """The records that stand on one line, if objects are glued together on it."""
    return {reading.raw.strip() for reading in readings if reading.raw.strip() in line}


@pytest.mark.parametrize("sample", PACKED, ids=str)
@some
@given(data=st.data())
def test_a_damaged_container_is_read_as_far_as_it_goes_or_refused(sample, data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / sample.path.name
    path.write_bytes(data.draw(damaged(sample.path.read_bytes())))
    try:
        assert 0 <= sample.format.sniff(path, containers.head_of(path)) <= 100
        with containers.open_source(sample.format, path) as stream:
            read = stream.read()
    except FormatError as error:
        assert path.name in str(error)  # noqa: PT017  # it may be readable all the same
        return
    check_reading(sample, read)
