from __future__ import annotations


def test_hits_as_json(cli, sample):
    done = cli("search", "redirect", "role:user", "--json")
    assert done.status == 0
    assert done.lines
    for line in done.lines:
        assert [line["text"][a:b].lower() for a, b in line["marks"]] == ["redirect"] * len(
            line["marks"]
        )
        assert line["branches"][0]["session"] == line["session"]
        (event,) = cli(
            "events", line["session"], "--from", line["index"], "--to", line["index"] + 1, "--json"
        ).lines
        assert "redirect" in str(event).lower()


def test_hits_for_people_stand_below_their_session(cli, sample):
    done = cli("search", "tool:bash is:error")
    head, *rest = done.out.splitlines()
    assert head.startswith(sample[:6])
    assert rest
    assert all(line.startswith("  #") for line in rest)
    assert "hit" in done.err


def test_only_one_session_and_only_so_many(cli, sample, subagent):
    found = cli("search", "kind:message", "--session", sample, "--limit", 3, "--json").lines
    assert [line["session"] for line in found] == [sample] * 3
    each = cli("search", "kind:message", "--each", 1, "--json").lines
    assert sorted(line["session"] for line in each) == sorted([sample, subagent])


def test_a_query_may_begin_with_a_minus(cli, sample):
    assert cli("search", "--", "-role:user", "kind:message").status == 0


def test_a_fault_is_pointed_at(cli, sample):
    done = cli("search", "fix kind:what")
    assert done.status == 2
    assert "fix kind:what\n         ^^^^" in done.err
    assert "kind:what is not known" in done.err


def test_import_indexes_and_rebuild_does_it_again(cli, sample, tmp_path):
    from scrubber.api import open_store

    with open_store(read_only=True) as store:
        done, total = store.index_state()
    assert done == total > 100
    rebuilt = cli("search", "--rebuild")
    assert rebuilt.status == 0
    assert f"indexed {total:,} events" in rebuilt.err
    assert cli("search", "redirect", "--json").lines


def test_what_is_not_indexed_is_found_and_said(cli, sample):
    fork = cli("edit", sample, "--event", 3, "--text", "a wombat").out.strip()
    done = cli("search", "wombat")
    assert fork[:6] in done.out
    assert "1 hit\n1 of " in done.err
    assert "not indexed yet" in done.err
    assert "not indexed" not in cli("search", "wombat", "--rebuild").err


def test_nothing_to_look_for_is_wrong_usage(cli, sample):
    assert cli("search").status == 2
    assert cli("search", "x", "--limit", 0).status == 2
