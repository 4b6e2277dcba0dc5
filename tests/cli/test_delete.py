from __future__ import annotations


def ids(cli):
    return {line["id"] for line in cli("sessions", "--json").lines}


def test_what_others_depend_on_stays(cli, sample, subagent):
    fork = cli("fork", sample, "--at", 26, "--title", "mine").out.strip()
    done = cli("delete", sample)
    assert (done.status, done.out) == (1, "")
    assert (
        f"2 sessions depend on {sample[:8]}, nothing was deleted; --tree deletes these too:"
        in done.err
    )
    assert f"  {fork[:8]}  ⑂ mine\n" in done.err
    assert f"  {subagent[:8]}  ▸ Investigate session middleware\n" in done.err
    assert ids(cli) == {sample, subagent, fork}


def test_delete_and_restore(cli, sample, subagent):
    done = cli("delete", subagent)
    assert (done.status, done.out.split()) == (0, [subagent])
    assert ids(cli) == {sample}
    assert cli("show", subagent).err == f"scrubber show: session '{subagent}' was deleted\n"
    done = cli("restore", subagent)
    assert (done.status, done.out.split()) == (0, [subagent])
    assert ids(cli) == {sample, subagent}


def test_tree(cli, sample, subagent):
    done = cli("delete", sample, "--tree", "--json")
    assert done.one == {"deleted": sorted([sample, subagent]), "freed": None}
    assert ids(cli) == set()
    assert cli("restore", sample, "--json").one == {"restored": sorted([sample, subagent])}


def test_purge_is_for_good(cli, sample):
    done = cli("delete", sample, "--tree", "--purge", "--json")
    assert done.status == 0
    assert done.one["freed"] > 10_000
    assert cli("restore", sample).status == 1
    assert cli("verify").status == 0


def test_purge_alone_empties_the_trash(cli, sample, subagent):
    cli("delete", subagent)
    assert cli("delete", "--purge", "--json").one["freed"] > 0
    assert cli("restore", subagent).status == 1
    assert ids(cli) == {sample}
