from __future__ import annotations

import pytest

KEYS = {
    "id", "kind", "session", "index", "changed", "text", "was_at", "excerpt", "created", "updated",
}  # fmt: skip


def test_a_note_is_written_listed_and_deleted(cli, sample, tmp_path):
    assert cli("note", "add", f"{sample}@26", "the wrong file").status == 0
    (tmp_path / "note.txt").write_text("about all of it\nmore")
    assert cli("note", "add", sample, "--file", tmp_path / "note.txt").status == 0
    whole, one = cli("note", "list", sample, "--json").lines
    assert (whole["text"], whole["index"], whole["id"]) == ("about all of it\nmore", None, None)
    assert set(one) == KEYS
    assert (one["text"], one["index"], one["changed"]) == ("the wrong file", 25, False)
    event = cli("events", sample, "--from", 25, "--to", 26, "--json").one
    assert event["text"].startswith(one["excerpt"].rstrip("…"))
    assert "#26" in cli("note").out
    assert cli("note", "remove", f"{sample}@26").status == 0
    assert cli("note", "remove", sample).status == 0
    assert cli("note", "list", sample).err.strip() == "no notes are written"
    for place in (sample, f"{sample}@26"):
        assert cli("note", "remove", place).status == 2


def test_forks_share_bookmarks_and_are_told_once(cli, sample):
    fork = cli("fork", sample, "--at", 30).out.strip()
    cli("bookmark", "add", f"{sample}@26")
    assert [line["session"] for line in cli("bookmark", "--json").lines] == [sample]
    assert cli("bookmark", "list", fork, "--json").one["index"] == 25
    one = cli("bookmark", "list", fork, "--json").one
    assert cli("bookmark", "remove", fork, "--id", one["id"]).status == 0
    assert cli("bookmark", "list", sample).out == ""


def test_labels_have_colours(cli, sample):
    cli("label", "add", f"{sample}@26", "wrong turn", "--colour", "red")
    cli("label", "add", sample, "wrong turn")
    assert cli("label", "--json").one == {"name": "wrong turn", "colour": "red", "uses": 2}
    cli("label", "colour", "wrong turn", "teal")
    found = cli("label", "list", sample, "--json").lines
    assert [(line["index"], line["colour"]) for line in found] == [(None, "teal"), (25, "teal")]
    assert "teal" in cli("label").out
    for place in (sample, f"{sample}@26"):
        assert cli("label", "remove", place, "wrong turn").status == 0
        assert cli("label", "remove", place, "wrong turn").status == 2


def test_a_branch_has_a_hypothesis_and_a_verdict(cli, sample):
    fork = cli("fork", sample, "--at", 30).out.strip()
    cli("note", "hypothesis", fork, "it is the cache")
    cli("note", "verdict", fork, "refuted", "no change")
    first, second = cli("note", "list", fork, "--json").lines
    assert (first["kind"], first["text"]) == ("hypothesis", "it is the cache")
    assert (second["kind"], second["text"], second["reason"]) == (
        "verdict", "refuted", "no change",
    )  # fmt: skip
    told = [line for line in cli("sessions", "--json").lines if line["id"] == fork]
    assert told[0]["verdict"] == "refuted"
    cli("note", "verdict", fork, "none")
    assert len(cli("note", "list", fork, "--json").lines) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["note", "add", "{}@0", "x"],
        ["note", "add", "{}@133", "x"],
        ["note", "add", "{}@x", "x"],
        ["note", "add", "{}"],
        ["note", "add", "{}", " "],
        ["bookmark", "add", "{}"],
        ["label", "add", "{}", ""],
        ["label", "add", "{}", "a", "--colour", "pink"],
        ["note", "verdict", "{}", "perhaps"],
    ],
)
def test_what_is_wrong_is_refused(cli, sample, words):
    done = cli(*(word.format(sample) for word in words))
    assert (done.status, done.out) == (2, "")
    assert done.err


def test_a_note_outlives_the_fork_that_it_was_written_in(cli, sample):
    fork = cli("fork", sample, "--at", 10, "--json").one["session"]
    cli("note", "add", f"{fork}@5", "shared")
    assert [note["session"] for note in cli("note", "list", "--json").lines] == [fork]
    for words in (["delete", fork], ["delete", "--purge"]):
        assert cli(*words).status == 0
        (note,) = cli("note", "list", "--json").lines
        assert (note["session"], note["index"], note["text"]) == (sample, 4, "shared")


def test_the_table_tells_why_a_verdict_was_given(cli, sample):
    cli("note", "verdict", sample, "refuted", "no change")
    assert "refuted · no change" in cli("note", "list").out
