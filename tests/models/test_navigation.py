from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.events import Kind, Role
from scrubber.core.track import Flag, Track
from scrubber.models.navigation import Stop, next_stop, previous_stop

KINDS = st.lists(st.sampled_from([Kind.MESSAGE, Kind.TOOL_CALL, Kind.TOOL_RESULT]), max_size=30)


@given(KINDS, st.integers(0, 30))
def test_tool_steps_stop_just_behind_calls(kinds: list[Kind], index: int) -> None:
    index = min(index, len(kinds))
    track = Track(kinds=bytes(kinds), flags=bytes(len(kinds)))
    stops = [i + 1 for i, kind in enumerate(kinds) if kind is Kind.TOOL_CALL]
    assert next_stop(track, index, Stop.TOOL) == min((s for s in stops if s > index), default=None)
    assert previous_stop(track, index, Stop.TOOL) == max(
        (s for s in stops if s < index), default=None
    )


def test_errors_and_messages_are_found_by_their_flags() -> None:
    flags = bytes([3, 3 | Flag.ERROR, 3 | Flag.OPENS_MESSAGE, 0, Flag.ERROR | Flag.OPENS_MESSAGE])
    track = Track(kinds=bytes(len(flags)), flags=flags)
    assert next_stop(track, 0, Stop.ERROR) == 2
    assert next_stop(track, 2, Stop.ERROR) == 5
    assert next_stop(track, 5, Stop.ERROR) is None
    assert previous_stop(track, 5, Stop.MESSAGE) == 3
    assert previous_stop(track, 3, Stop.MESSAGE) is None


def test_far_steps_back_cross_the_search_window() -> None:
    track = Track(kinds=bytes([Kind.TOOL_CALL]) + bytes(200_000), flags=bytes(200_001))
    assert previous_stop(track, 200_001, Stop.TOOL) == 1


TURNS = st.lists(
    st.tuples(
        st.sampled_from([Kind.MESSAGE, Kind.CONTEXT, Kind.TOOL_RESULT]),
        st.sampled_from([Role.USER, Role.ASSISTANT, Role.TOOL]),
        st.booleans(),
    ),
    max_size=30,
)


@given(TURNS, st.integers(0, 30))
def test_turns_are_messages_of_the_user(events: list[tuple[Kind, Role, bool]], index: int) -> None:
    index = min(index, len(events))
    flags = bytes(role | (Flag.OPENS_MESSAGE if opens else 0) for _, role, opens in events)
    track = Track(kinds=bytes(kind for kind, *_ in events), flags=flags)
    stops = [n + 1 for n, one in enumerate(events) if one == (Kind.MESSAGE, Role.USER, True)]
    assert next_stop(track, index, Stop.TURN) == min((s for s in stops if s > index), default=None)
    assert previous_stop(track, index, Stop.TURN) == max(
        (s for s in stops if s < index), default=None
    )
