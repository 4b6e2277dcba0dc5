from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.content import Content, Data, Image, text_content
from scrubber.core.events import Draft, Kind, Mark, Origin, Role, Visibility
from scrubber.formats.html import WRITER
from tests.formats.html.checking import Page, check
from tests.formats.reading import FakeTranscript, read
from tests.formats.shapes import DIALECTS, turns

HI = {"role": "user", "content": "hi"}
CALL = {"id": "c1", "type": "function", "function": {"name": "ls", "arguments": '{"path": "/a"}'}}
CALLED = {"role": "assistant", "content": "x", "reasoning_content": "hm", "tool_calls": [CALL]}
RESULT = {"role": "tool", "tool_call_id": "c1", "content": "r"}
PNG = "iVBORw0KGgo="

HOSTILE = [
    "<script>alert(1)</script>", "</pre></article></main><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>', "<!-- ", "]]>", "&lt;b&gt;", "`<b>`", "**<i>**",
    "```html\n</pre><script>x</script>\n```", "# <h1>", "| <b> | x |\n|---|---|\n| </td> | & |",
    "```\n``` x", "javascript:alert(1)", "\u202egnp.exe\u0000\x1b[31m",
    "</style><style>*{}</style>",
]  # fmt: skip


def told_of(*said: dict[str, Any]) -> FakeTranscript:
    return FakeTranscript(read("messages", json.dumps({"messages": said}).encode()))


def page_of(told: FakeTranscript) -> Page:
    return check(b"".join(WRITER.write(told)))


def with_event(draft: Draft, content: Content) -> FakeTranscript:
    told = told_of(HI)
    told.change(1, 1, [(draft, content)])
    return told


def test_each_event_has_its_number_as_its_anchor():
    page = page_of(told_of(HI, CALLED, RESULT))
    articles = page.all("article")
    assert [attrs["id"] for attrs in articles] == ["e1", "e2", "e3", "e4", "e5"]
    assert [str(attrs["class"]).split()[1] for attrs in articles] == [
        "you", "thinking", "model", "tool", "tool",
    ]  # fmt: skip
    assert "on" in str(articles[2]["class"]).split()
    words = " ".join(" ".join(page.text).split())
    for shown in ("you", "thinking", "model", "calls", "ls", "/a", "result of", "#5"):
        assert shown in words


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", [Kind.MESSAGE, Kind.TOOL_RESULT, Kind.REASONING, Kind.NOTICE])
def test_hostile_text_is_shown_and_does_nothing(text, kind):
    role = {Kind.TOOL_RESULT: Role.TOOL, Kind.NOTICE: Role.NONE}.get(kind, Role.ASSISTANT)
    page = page_of(with_event(Draft(kind, text, role, name=text), text_content(text)))
    assert len(page.all("script")) == 1
    shown = "".join(page.text)
    assert "\u202e" not in shown
    assert "\x1b" not in shown
    assert "\0" not in shown


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_titles_and_arguments(text):
    draft = Draft(Kind.TOOL_CALL, text, Role.ASSISTANT, name=text, call_id=text)
    told = with_event(draft, Content(arguments={text: text, "long": text * 200, "n": [text]}))
    told.session = replace(told.session, title=text, cwd=text, model=text, note=text, parent=text)
    assert len(page_of(told).all("script")) == 1


@given(text=st.text(max_size=200) | st.text(st.sampled_from("`*|#-<>&\n ~:ab"), max_size=80))
def test_any_text(text):
    page_of(with_event(Draft(Kind.MESSAGE, text, Role.USER), text_content(text)))


@given(conversation=turns())
def test_any_conversation(conversation):
    value = json.dumps(DIALECTS["messages"](conversation)).encode()
    told = FakeTranscript(read("messages", value))
    assert len(page_of(told).all("article")) == len(list(told.events()))


def test_markdown_that_helps_reading():
    words = "# Head\n\nwords `code` **bold** and [a](http://x)"
    text = f"{words}\n```py\na = 1\n```\n|a|b|\n|-|-|\n|1|2|\nend"
    data = b"".join(WRITER.write(told_of({"role": "assistant", "content": text}))).decode()
    inside = data[data.index("<article") : data.index("</article>")]
    for markup in (
        '<p class="h h1">Head</p>', "<code>code</code>", "<b>bold</b>", "[a](http://x)",
        '<pre data-kind="py">a = 1</pre>', "<table><tr><th>a</th><th>b</th></tr>",
        "<tr><td>1</td><td>2</td></tr></table>", '<p class="t">end</p>',
    ):  # fmt: skip
        assert markup in inside


@pytest.mark.parametrize(
    ("picture", "is_shown"),
    [
        (Image("image/png", PNG), True),
        (Image("image/svg+xml", PNG), False),
        (Image("text/html", PNG), False),
        (Image("image/png", '"><script>'), False),
        (Image("image/png", ""), False),
        (Image("image/png", reference="https://x.example/a.png"), False),
        (Image("image/png;charset=x", PNG), False),
    ],
)
def test_pictures_are_those_of_known_kinds_that_are_there(picture, is_shown):
    page = page_of(with_event(Draft(Kind.MESSAGE, "", Role.USER), Content((picture,))))
    assert len(page.all("img")) == is_shown
    assert ("[picture" in "".join(page.text)) is not is_shown


def test_errors_provenance_and_what_the_model_never_saw_are_told():
    failed = Draft(Kind.TOOL_RESULT, "no", Role.TOOL, origin=Origin.STUBBED, marks=Mark.ERROR)
    page = page_of(with_event(failed, text_content("no")))
    chips = [text for text in page.text if text in ("✗ error", "stubbed")]
    assert chips == ["✗ error", "stubbed"]
    assert "error" in str(page.all("article")[1]["class"]).split()
    notice = Draft(Kind.NOTICE, "psst", visibility=Visibility.UI_ONLY)
    assert "not seen by the model" in page_of(with_event(notice, text_content("psst"))).text


def test_hidden_events_are_left_out_and_told():
    told = with_event(Draft(Kind.STATE, "x", visibility=Visibility.HIDDEN), Content((Data(1),)))
    assert len(page_of(told).all("article")) == 1
    assert "1 hidden record" in "\n".join(WRITER.losses(told))


def test_what_was_rewound_is_marked():
    told = told_of(HI, CALLED, RESULT, HI)
    told.change(5, 5, [(Draft(Kind.REWIND, "back", ref=1), Content())])
    first = next(told.events())
    told._events[5] = replace(told._events[5], log=first.log, seq=5, ref=1)
    classes = [str(attrs["class"]).split() for attrs in page_of(told).all("article")]
    assert ["gone" in kinds for kinds in classes] == [False, *[True] * 4, False, False]


def test_long_results_stand_behind_a_click_and_are_whole():
    text = "\n".join(f"line {n}" for n in range(200))
    data = b"".join(WRITER.write(told_of(CALLED, {**RESULT, "content": text})))
    page = check(data)
    assert text.encode() in data
    assert "200 lines" in page.text


def test_a_session_without_events():
    told = told_of(HI)
    told.index = 0
    assert "It has no events of its own." in page_of(told).text
