from __future__ import annotations

from typing import Any

from scrubber.core.files.changes import FileChange, Hunk, Verb, absolute, shown
from scrubber.core.files.edits import FileEdit, by_file, edits_of_file, is_deleted, next_edit
from scrubber.core.files.folding import fold
from scrubber.core.files.patches import diff_hunks, patch_changes, search_hunks

PATCH = """some words
*** Begin Patch
*** Add File: new.py
+one
+two
*** Update File: old.py
*** Move to: renamed.py
@@ def f():
 def f():
-    return 1
+    return 2
@@
-x
*** Delete File: gone.py
*** End Patch
*** Add File: not/any/more.py
"""


def edit(index: int, path: str = "/a", **more: Any) -> FileEdit:
    change: dict[str, Any] = {"verb": Verb.EDIT, "hunks": (), "content": None, "target": None}
    change |= {key: more.pop(key) for key in list(more) if key in change}
    fields: dict[str, Any] = {"tool": "Edit", "answered": index + 1, "is_failed": False}
    return FileEdit(path, FileChange(path, **change), index, **(fields | more))


def replaced(index: int, old: str, new: str, **more: Any) -> FileEdit:
    return edit(index, hunks=(Hunk(old, new),), **more)


def test_a_patch_of_several_files():
    added, moved, gone = patch_changes(PATCH)
    assert (added.path, added.verb, added.content) == ("new.py", Verb.CREATE, "one\ntwo\n")
    assert (moved.path, moved.target) == ("old.py", "renamed.py")
    assert moved.hunks == (
        Hunk("def f():\n    return 1", "def f():\n    return 2"),
        Hunk("x", ""),
    )
    assert (gone.path, gone.verb) == ("gone.py", Verb.DELETE)
    assert list(patch_changes("no patch")) == []


def test_a_patch_that_was_cut_short_is_read_as_far_as_it_goes():
    (change,) = patch_changes("*** Begin Patch\n*** Update File: a\n@@\n-1\n+2")
    assert change.hunks == (Hunk("1", "2"),)


def test_search_and_replace_blocks_in_both_dialects():
    cline = "------- SEARCH\na\nb\n=======\nc\n+++++++ REPLACE\n"
    assert search_hunks(cline) == (Hunk("a\nb", "c"),)
    roo = "<<<<<<< SEARCH\n:start_line:7\n-------\na\n=======\n>>>>>>> REPLACE\n" + cline
    assert search_hunks(roo) == (Hunk("a", ""), Hunk("a\nb", "c"))


def test_a_unified_diff():
    assert diff_hunks("--- a\n+++ b\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n\\ No newline") == (
        Hunk("a\nb", "a\nc"),
    )


def test_paths():
    assert absolute("src/a.py", "/home/ada/") == "/home/ada/src/a.py"
    assert absolute("./a.py", "/home") == "/home/a.py"
    assert absolute("/etc/a", "/home") == "/etc/a"
    assert absolute("C:\\a", "/home") == "C:\\a"
    assert absolute("a", None) == "a"
    assert shown("/home/ada/a/b", "/home/ada") == "a/b"
    assert shown("/etc/a", "/home/ada") == "/etc/a"


def test_edits_are_carried_out_on_what_is_known():
    edits = [
        replaced(1, "b", "B", before="a\nb\nc\n"),
        replaced(3, "B\nc", "B\nC"),
        replaced(5, "nothing", "fails", is_failed=True),
    ]
    folded = fold(edits)
    assert folded.is_exact
    assert list(folded.diff()) == ["@@ -1,3 +1,3 @@", " a", "-b", "-c", "+B", "+C"]


def test_without_the_file_the_stretches_are_folded():
    folded = fold([replaced(1, "a", "b"), replaced(2, "b", "c"), replaced(3, "x", "y")])
    assert [(one.before, one.after) for one in folded.stretches] == [("a", "c"), ("x", "y")]
    assert not folded.is_exact
    assert fold([replaced(1, "a", "b"), replaced(2, "b", "a")]).stretches == []


def test_a_file_that_becomes_known_later_takes_the_stretches_in():
    folded = fold([replaced(1, "a", "b"), replaced(4, "z", "Z", before="b\nz\n")])
    assert folded.is_exact
    assert [(one.before, one.after) for one in folded.stretches] == [("a\nz\n", "b\nZ\n")]


def test_written_anew_and_created_and_deleted():
    anew = fold([edit(1, verb=Verb.WRITE, content="x\n")])
    assert not anew.is_former_known
    created = fold([edit(1, verb=Verb.CREATE, content="x\n"), replaced(2, "x", "y")])
    assert created.is_exact
    assert list(created.diff()) == ["@@ -0,0 +1 @@", "+y"]
    gone = [edit(1, verb=Verb.CREATE, content="x\n"), edit(2, verb=Verb.DELETE)]
    assert fold(gone).stretches == []
    assert is_deleted(gone)
    assert not is_deleted([*gone, edit(3, verb=Verb.DELETE, is_failed=True), replaced(4, "", "x")])


def test_everywhere_and_at_some_place():
    everywhere = edit(1, hunks=(Hunk("a", "b", True),), before="a a a")
    assert fold([everywhere]).stretches[0].after == "b b b"
    added = fold([edit(1, hunks=(Hunk("", "more"),), before="text")])
    assert added.stretches[0].after == "text\nmore"


def test_what_is_not_told_is_counted():
    folded = fold([edit(1), edit(2)])
    assert (folded.untold, folded.is_exact) == (2, False)


def test_a_file_keeps_its_edits_when_it_is_moved():
    edits = [
        replaced(1, "a", "b"),
        edit(2, verb=Verb.MOVE, target="/b"),
        replaced(3, "b", "c", path="/b"),
    ]
    assert {path: len(found) for path, found in by_file(edits).items()} == {"/b": 3}
    assert edits_of_file(edits, "/a") == edits_of_file(edits, "/b") == [1, 2, 3]
    assert edits_of_file(edits, "/c") == []


def test_the_next_edit_is_of_the_file_that_was_edited_last():
    edits = [replaced(2, "", "1"), replaced(5, "", "2", path="/b"), replaced(9, "", "3")]
    assert next_edit(edits, 0, 1) == 3
    assert next_edit(edits, 3, 1) == 10
    assert next_edit(edits, 4, -1) == 3
    assert next_edit(edits, 6, 1) is None
    assert next_edit(edits, 10, -1) == 3
    assert next_edit(edits, 3, -1) is None
    assert next_edit([], 3, 1) is None


def test_a_stretch_that_is_too_long_is_not_compared():
    (line,) = fold([replaced(1, "x" * 300_000, "y" * 300_000)]).diff()
    assert "too long" in line
