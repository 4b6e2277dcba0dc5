from __future__ import annotations

import pytest

from scrubber.core.content import Content, text_content
from scrubber.core.events import Kind, Origin, Role
from scrubber.core.provenance import EXPLAINED, WORDS, explained, is_off_policy, rung_of, word
from tests.ui.transcript.feeds import event


def test_every_origin_but_recorded_has_a_word_that_is_explained() -> None:
    assert set(WORDS) == set(Origin) - {Origin.RECORDED}
    assert all(explained(found) for found in WORDS.values())
    assert word(event(0)) == ""


@pytest.mark.parametrize(
    ("rung", "wanted"),
    [
        ("error", "stubbed: fixed error"),
        ("recorded", "stubbed"),
        ("ask-timeout", "stubbed: nobody"),
    ],
)
def test_a_stub_names_its_rung(rung: str, wanted: str) -> None:
    result = event(0, Kind.TOOL_RESULT, origin=Origin.STUBBED)
    content = Content(text_content("x").blocks, detail={"told": {"rung": rung}})
    assert rung_of(content) == rung
    found = word(result, content)
    assert found.startswith(wanted)
    assert explained(found) == EXPLAINED["stubbed"]


def test_other_details_are_no_rungs() -> None:
    for detail in (None, "told", {"told": "x"}, {"told": {"rung": None}}, [1]):
        assert rung_of(Content(detail=detail)) == ""


@pytest.mark.parametrize(
    ("role", "origin", "off"),
    [
        (Role.ASSISTANT, Origin.EDITED, True),
        (Role.ASSISTANT, Origin.TYPED, True),
        (Role.ASSISTANT, Origin.RESAMPLED, False),
        (Role.USER, Origin.TYPED, False),
        (Role.TOOL, Origin.EDITED, False),
    ],
)
def test_words_put_into_the_models_mouth_are_off_policy(
    role: Role, origin: Origin, off: bool
) -> None:
    assert is_off_policy(event(0, role=role, origin=origin)) is off
