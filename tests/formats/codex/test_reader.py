from __future__ import annotations

import json
from pathlib import Path

import pytest

from scrubber.core.events import Kind, Mark, Role, Usage, Visibility
from scrubber.core.messages import messages
from scrubber.formats import registry
from tests.formats.codex.lines import (
    AGENTS_MD,
    CHILD,
    ENVIRONMENT,
    PARENT,
    RIGHTS,
    SESSION,
    Rollout,
    given,
    message,
    output,
    story,
)
from tests.formats.reading import FakeTranscript, Read, read, said


def of(file: Rollout | bytes, path: str = f"rollout-2026-01-01T00-00-00-{SESSION}.jsonl") -> Read:
    data = file if isinstance(file, bytes) else file.data
    source = read("codex", data, path)
    assert source.raw == data
    return source


def told(file: Rollout | bytes) -> FakeTranscript:
    return FakeTranscript(of(file))


def events(file: Rollout, *kinds: Kind):
    return [event for event in told(file).events() if not kinds or event.kind in kinds]


def context(file: Rollout) -> list[tuple[Role, str]]:
    """What the model sees, compactions honoured."""
    found = messages(told(file), honour_compaction=True)
    return [(m.role, "|".join(content.text for _, content in m.items)) for m in found]


def test_a_session_is_what_the_model_saw_and_what_was_told_of_it():
    file = story()
    found = events(file)
    assert [event.kind.label for event in found] == [
        *("session_start", "context", "context", "context", "turn_start", "config_change"),
        *("message", "mirror", "reasoning", "mirror", "tool_call", "tool_call", "tool_result"),
        *("tool_detail", "tool_result", "usage", "mirror", "message", "usage", "turn_end"),
        *("turn_start", "config_change", "message", "mirror", "mirror", "message", "turn_end"),
    ]
    assert [event.role for event in found if event.kind is Kind.CONTEXT] == [
        Role.SYSTEM,
        Role.DEVELOPER,
        Role.USER,
    ]
    info = of(file).reader.infos[""]
    assert (info.title, info.native_id, info.model) == ("fix it", SESSION, "gpt-5")
    assert (info.cwd, info.relation) == ("/home/me/x", "root")
    assert info.created is not None
    assert info.updated is not None
    assert info.updated - info.created == (len(file.records) - 1) * 1000


def test_what_the_model_says_at_once_is_one_message():
    roles = [(m.role, len(m.items)) for m in messages(told(story()))]
    assert roles[3:] == [
        (Role.USER, 1),
        (Role.ASSISTANT, 3),
        (Role.TOOL, 1),
        (Role.TOOL, 1),
        (Role.ASSISTANT, 1),
        (Role.USER, 1),
        (Role.ASSISTANT, 1),
    ]


def test_mirrors_and_items_are_linked_whichever_comes_first():
    file = Rollout().user("a").event("user_message", message="a")
    file.event("agent_message", message="b").said("b").said("b")
    file.event("agent_message", message="b")
    file.reasoning("one", "two").event("agent_reasoning", text="one")
    file.event("agent_reasoning", text="two").event("agent_message", message="never said")
    found = events(file)[2:]
    assert [(event.kind.label, event.ref and event.ref - 2) for event in found] == [
        ("message", None),
        ("mirror", 0),
        ("mirror", None),
        ("message", 2),
        ("message", None),
        ("mirror", 4),
        ("reasoning", None),
        ("mirror", 6),
        ("mirror", 6),
        ("mirror", None),
    ]
    assert {e.visibility for e in found if e.kind is Kind.MIRROR} == {Visibility.HIDDEN}


def test_items_of_newer_versions_mirror_too():
    file = Rollout(ordinals=True).item("message", role="user", id="m1", content=[given("a")])
    file.completed("UserMessage", id="x", content=[{"type": "text", "text": "a"}])
    file.completed("Reasoning", id="r1", summary_text=["hm"], raw_content=[])
    file.item("reasoning", id="r1", summary=[{"type": "summary_text", "text": "hm"}])
    file.completed("AgentMessage", id="m2", content=[{"type": "Text", "text": "b"}])
    file.item("message", role="assistant", id="m2", content=[output("b")])
    found = events(file)[2:]
    assert [(event.kind.label, event.ref and event.ref - 2) for event in found] == [
        ("message", None),
        ("mirror", 0),
        ("mirror", None),
        ("reasoning", 2),
        ("mirror", None),
        ("message", 4),
    ]
    assert [event.text for event in found] == ["a", "a", "hm", "hm", "b", "b"]


@pytest.mark.parametrize(
    "text",
    [
        AGENTS_MD,
        ENVIRONMENT,
        "<user_instructions>\nx\n</user_instructions>",
        "<turn_aborted>\nThe user interrupted.\n</turn_aborted>",
        "<skill>\n<name>x</name>\n</skill>",
        "<SUBAGENT_NOTIFICATION>{}</SUBAGENT_NOTIFICATION>",
        "Warning: apply_patch was requested via exec_command. Use the tool.",
    ],
)
def test_what_codex_puts_in_is_context(text):
    (event,) = events(Rollout().user(text))[2:]
    assert (event.kind, event.role) == (Kind.CONTEXT, Role.USER)


@pytest.mark.parametrize("text", ["hi", "<b>bold</b>", "what is <environment_context>?", ""])
def test_what_a_person_types_is_a_message(text):
    (event,) = events(Rollout().user(text))[2:]
    assert event.kind is Kind.MESSAGE


@pytest.mark.parametrize(
    ("output", "failed"),
    [
        ("fine", False),
        ("Exit code: 0\nWall time: 1 s\nOutput:\nProcess exited with code 3", False),
        ("Exit code: 2\nWall time: 1 s\nOutput:\n", True),
        ("Chunk ID: 1\nProcess exited with code -1\nOutput:\n", True),
        (json.dumps({"output": "x", "metadata": {"exit_code": 0}}), False),
        (json.dumps({"output": "x", "metadata": {"exit_code": 127}}), True),
        ({"content": "x", "success": False}, True),
        ("aborted by user after 3 s", True),
        ("unsupported call: shell", True),
        ([given("Exit code: 1")], True),
    ],
)
def test_failures_are_told_by_words_and_codes(output, failed):
    result = events(Rollout().call("c").result("c", output), Kind.TOOL_RESULT)[0]
    assert result.is_error is failed
    assert result.name == "shell"


@pytest.mark.parametrize(
    "detail",
    [
        {"type": "exec_command_end", "exit_code": 1},
        {"type": "patch_apply_end", "success": False},
        {"type": "mcp_tool_call_end", "result": {"Err": "no"}},
        {"type": "mcp_tool_call_end", "result": {"Ok": {"isError": True}}},
    ],
)
def test_failures_are_told_by_the_line_in_front(detail):
    file = Rollout().call("c").add("event_msg", call_id="c", **detail).result("c", "odd")
    told_detail, result = events(file, Kind.TOOL_DETAIL, Kind.TOOL_RESULT)
    assert (told_detail.call_id, told_detail.visibility) == ("c", Visibility.HIDDEN)
    assert result.is_error
    assert not told_detail.is_error


def test_arguments_are_json_in_json_or_plain_text():
    file = Rollout().call("a", cmd=["ls", "-l"]).item("function_call", name="f", arguments="{oops")
    file.item("custom_tool_call", name="apply_patch", input="*** Begin", call_id="c")
    file.item("local_shell_call", call_id="d", action={"type": "exec", "command": ["ls"]})
    file.item("tool_search_call", call_id="e", arguments={"query": "x"})
    file.item("function_call", name="get", namespace="mcp__db", arguments="{}", call_id="f")
    transcript = told(file)
    found = [e for e in transcript.events() if e.kind is Kind.TOOL_CALL]
    assert [e.name for e in found] == [
        *("shell", "f", "apply_patch", "local_shell", "tool_search", "mcp__db__get"),
    ]
    assert [transcript.content(e).arguments for e in found] == [
        {"cmd": ["ls", "-l"]},
        "{oops",
        "*** Begin",
        {"type": "exec", "command": ["ls"]},
        {"query": "x"},
        {},
    ]
    assert len({e.call_id for e in found}) == 6


def test_calls_that_the_provider_answers_are_closed():
    file = Rollout().item("web_search_call", status="completed", action={"query": "x"})
    file.item("web_search_call", id="w2", status="completed", action={"type": "open_page"})
    file.item("image_generation_call", id="g", status="completed", result="iVBORw0KGgo=")
    file.item("web_search_call", id="w3", status="in_progress", action={})
    transcript = told(file)
    found = list(transcript.events())[2:]
    assert [e.kind.label for e in found] == ["tool_call", "tool_result"] * 3 + ["tool_call"]
    assert not any(e.marks & Mark.ORPHAN for e in found)
    (picture,) = transcript.content(found[5]).images
    assert (picture.media_type, picture.data) == ("image/png", "iVBORw0KGgo=")


def test_pictures():
    url = "data:image/png;base64,iVBORw0KGgo="
    parts = [given("see"), {"type": "input_image", "image_url": url}]
    file = Rollout().item("message", role="user", content=parts)
    file.event("user_message", message="see", images=[url])
    file.call("v").result("v", [{"type": "input_image", "image_url": url}])
    transcript = told(file)
    found = list(transcript.events())
    assert found[3].ref == 2
    for event in (found[2], found[5]):
        assert event.marks & Mark.IMAGE
        assert transcript.content(event).images[0].data == "iVBORw0KGgo="


def test_sealed_reasoning():
    transcript = told(Rollout().reasoning("hm").reasoning("open", seal=None))
    sealed, plain = [e for e in transcript.events() if e.kind is Kind.REASONING]
    assert sealed.marks & Mark.SEALED
    assert not plain.marks & Mark.SEALED
    assert transcript.content(sealed).signature == "sealed"
    assert (transcript.content(sealed).text, sealed.text) == ("hm", "hm")


def test_sums_of_tokens_become_what_each_request_adds():
    file = Rollout().tokens((100, 40, 10, 5), (100, 40, 10, 5))
    file.tokens((100, 40, 10, 5), (100, 40, 10, 5)).event("token_count", info=None)
    file.tokens((300, 200, 30, 5), (180, 150, 15, 0))  # a request in between was not told
    file.tokens((50, 0, 5, 0), (50, 0, 5, 0))
    found = [event.usage for event in events(file, Kind.USAGE)]
    assert found == [
        Usage(60, 40, 0, 10, 5, context=100),
        None,
        None,
        Usage(40, 160, 0, 20, 0, context=180),
        Usage(50, 0, 0, 5, 0, context=50),
    ]


def test_a_file_that_goes_on_from_another_only_counts_its_own_tokens():
    file = Rollout().tokens((1000, 0, 100, 0), (200, 0, 10, 0))
    (event,) = events(file, Kind.USAGE)
    assert event.usage == Usage(200, 0, 0, 10, 0, context=200)


def test_records_of_single_requests_and_sums_count_once():
    from tests.formats.codex.lines import usage

    file = Rollout().add(
        "token_usage_record", usage=usage(9, 0, 1), thread_token_usage=usage(9, 0, 1)
    )
    file.tokens((9, 0, 1), (9, 0, 1))
    assert [e.usage and e.usage.total for e in events(file, Kind.USAGE)] == [10, None]


def test_rolling_back_drops_turns_and_counts_on_from_there():
    file = Rollout().turn("a", "x").turn("b", "y").turn("c", "z")
    file.event("thread_rolled_back", num_turns=2).turn("d", "w")
    file.event("thread_rolled_back", num_turns=1).turn("e", "v")
    file.event("thread_rolled_back", num_turns=2).turn("f", "u")
    said = [text for _, text in context(file)]
    assert said == ["You are Codex.", "f", "u"]
    rewinds = events(file, Kind.REWIND)
    found = events(file)
    assert [found[event.ref or 0].kind for event in rewinds] == [
        Kind.TURN_START,
        Kind.TURN_START,
        Kind.MESSAGE,  # what stood in front of the first prompt stays
    ]


def test_rolling_back_takes_updates_of_context_along_but_nothing_else():
    file = Rollout().developer(RIGHTS).user(ENVIRONMENT).turn("a", "x")
    file.event("task_started").developer(RIGHTS).user(ENVIRONMENT).user("b")
    file.event("thread_rolled_back", num_turns=1)
    file.event("task_started").developer("from a hook").user(ENVIRONMENT).user("c")
    file.event("thread_rolled_back", num_turns=1)
    assert [text for _, text in context(file)[1:]] == [RIGHTS, ENVIRONMENT, "a", "x", "from a hook"]


@pytest.mark.parametrize("turns", [0, -1, "2", None])
def test_rolling_back_nothing(turns):
    file = Rollout().turn("a", "x").event("thread_rolled_back", num_turns=turns)
    (event,) = events(file, Kind.REWIND)
    assert event.ref is None
    assert len(context(file)) == 3


def test_a_compaction_replaces_everything_but_the_system_prompt():
    file = Rollout().developer(RIGHTS).user(ENVIRONMENT).turn("a", "x").turn("b", "y")
    seal = {"type": "compaction", "encrypted_content": "all of it"}
    file.compacted(
        *(message("user", "a"), message("user", "b"), message("developer", RIGHTS)),
        *(message("user", "a summary"), seal),
    )
    file.event("context_compacted").turn("c", "z")
    assert context(file) == [
        (Role.SYSTEM, "You are Codex."),
        (Role.USER, "a"),
        (Role.USER, "b"),
        (Role.DEVELOPER, RIGHTS),
        (Role.USER, "a summary"),
        (Role.ASSISTANT, ""),
        (Role.USER, "c"),
        (Role.ASSISTANT, "z"),
    ]
    whole = [text for _, [(_, text), *_] in _texts(told(file))]
    assert whole.count("a") == 1
    assert whole.count("a summary") == 1
    found = events(file, Kind.COMPACTION)
    assert found[0].visibility is Visibility.UI_ONLY
    assert [bool(e.marks & Mark.DUPLICATE) for e in found[1:]] == [True, True, True, False, False]
    assert told(file).content(found[-1]).signature == "all of it"
    (mirror,) = [e for e in events(file) if e.ref == found[0].seq]
    assert mirror.kind is Kind.MIRROR


def _texts(transcript):
    return [
        (m.role, [(e.kind, content.text) for e, content in m.items]) for m in messages(transcript)
    ]


def test_a_compaction_of_old_versions_is_only_a_summary():
    file = Rollout().turn("a", "x").add("compacted", message="what was")
    file.turn("b")
    assert [text for _, text in context(file)] == ["You are Codex.", "what was", "b"]


def compacted_twice(first: bool = True) -> Rollout:
    file = Rollout().turn("a", "x")
    if first:
        file.event("task_started").compacted(message("user", "a"), message("user", "sum 1"))
    file.turn("b", "y").event("task_started")
    file.compacted(*(message("user", text) for text in ("a", "b", "sum 2")))
    return file.developer(RIGHTS).turn("c", "z")


@pytest.mark.parametrize(
    ("turns", "left"),
    [(1, ["a", "b", "sum 2"]), (2, ["a", "b"]), (3, ["a"]), (4, []), (9, [])],
)
def test_rolling_back_counts_what_a_compaction_kept(turns, left):
    file = compacted_twice().event("thread_rolled_back", num_turns=turns)
    assert [text for _, text in context(file)[1:]] == left


def test_rolling_back_past_the_only_compaction_loses_all():
    file = compacted_twice(first=False).event("thread_rolled_back", num_turns=1)
    assert [text for _, text in context(file)[1:]] == ["a", "b", "sum 2"]
    file.event("thread_rolled_back", num_turns=1).turn("d", "w")
    assert [text for _, text in context(file)[1:]] == ["d", "w"]


def test_rolling_back_a_turn_that_began_with_a_compaction():
    file = Rollout().turn("a", "x").event("task_started", turn_id="t")
    file.compacted(message("user", "a"), message("user", "sum")).user("b").said("y")
    file.event("task_complete").event("thread_rolled_back", num_turns=1)
    assert len(context(file)) == 1


def test_a_sub_agent_hangs_on_the_call_that_started_it():
    file = Rollout().user("go").call("s", "spawn_agent", message="look around")
    file.event("collab_agent_spawn_end", call_id="s", new_thread_id=CHILD, prompt="look around")
    file.result("s", json.dumps({"agent_id": CHILD, "nickname": "Ada"}))
    file.event("collab_waiting_end", agent_statuses=[{"thread_id": CHILD, "status": "running"}])
    file.event("collab_close_end", receiver_thread_id=CHILD, status={"completed": "seen"})
    found = events(file)
    assert [e.kind for e in found if "subagent" in e.kind.label] == [
        Kind.SUBAGENT_START,
        *[Kind.SUBAGENT_END] * 2,
    ]
    spawn = of(file).reader.infos[""].spawns[CHILD]
    assert (found[spawn.start].call_id, spawn.title) == ("s", "look around")
    assert spawn.stop == len(found) - 1


def test_a_sub_agent_of_which_only_the_result_tells():
    file = (
        Rollout().call("s", "spawn_agent", message="look").result("s", f'{{"agent_id":"{CHILD}"}}')
    )
    note = json.dumps({"agent_path": CHILD, "status": {"completed": "ok"}})
    file.user(f"<subagent_notification>\n{note}\n</subagent_notification>")
    found = events(file)
    assert found[4].kind is Kind.SUBAGENT_START
    assert (found[4].name, found[4].part, found[4].ref) == (CHILD, -1, 2)
    spawn = of(file).reader.infos[""].spawns[CHILD]
    assert (spawn.start, spawn.stop) == (2, 5)


def test_sub_agents_told_as_items():
    file = Rollout().call("s", "spawn_agent", message="look")
    states = [
        ("spawn_agent", "running"),
        ("wait_agent", "running"),
        ("wait_agent", {"completed": 1}),
    ]
    for tool, state in states:
        told_of = {"id": "s", "receiver_thread_ids": [CHILD], "agents_states": {CHILD: state}}
        file.completed("CollabAgentToolCall", tool=tool, **told_of)
    found = events(file)[3:]
    assert [(e.kind.label, e.name) for e in found] == [
        ("subagent_start", CHILD),
        ("tool_detail", "wait_agent"),
        ("subagent_end", CHILD),
    ]


def test_a_sub_agents_own_rollout_names_its_parent():
    spawn = {"parent_thread_id": PARENT, "depth": 1, "agent_nickname": "Ada"}
    source = {"subagent": {"thread_spawn": spawn}}
    info = of(Rollout(source=source, forked_from_id=PARENT)).reader.infos[""]
    assert (info.relation, info.parent_native_id, info.agent) == ("subagent", PARENT, SESSION)
    assert info.title == "Ada"
    review = of(Rollout(source={"subagent": "review"}, parent_thread_id=PARENT)).reader.infos[""]
    assert review.parent_native_id == PARENT


def test_a_fork_begins_with_its_parents_lines():
    file = Rollout(forked_from_id=PARENT).meta(id=PARENT, base_instructions={"text": "old"})
    file.turn("a", "x")
    source = of(file)
    info = source.reader.infos[""]
    assert (info.relation, info.parent_native_id, info.native_id) == ("fork", PARENT, SESSION)
    assert [text for _, text in context(file)] == ["You are Codex.", "a", "x"]
    assert not source.reader.warnings


def test_how_much_of_a_fork_is_copied():
    file = Rollout(forked_from_id=PARENT).meta(id=PARENT).turn("a", "x").turn("b", "y")
    copied = len(events(file))
    assert of(file).reader.infos[""].shared == copied
    file.event("thread_settings_applied", thread_settings={"model": "gpt-6"})
    file.event("task_started", turn_id=CHILD).user("c").said("z")
    assert of(file).reader.infos[""].shared == copied
    assert of(Rollout().turn("a", "x")).reader.infos[""].shared is None


def test_a_fork_that_only_refers_to_its_parent_says_so():
    base = {"thread_id": CHILD, "end_ordinal_exclusive": 72, "end_byte_offset": 5}
    source = of(Rollout(True, forked_from_id=PARENT, history_base=base).turn("a"))
    assert source.reader.infos[""].parent_native_id == PARENT
    assert source.reader.warnings == [(1, f"it only holds what came after line 72 of {CHILD}")]


def test_titles():
    file = Rollout().user(AGENTS_MD).user("first").user("second")
    assert of(file).reader.infos[""].title == "first"
    file.event("thread_name_updated", thread_name="A name").event("thread_name_updated")
    assert of(file).reader.infos[""].title == "A name"


def test_names_beside_the_sessions(tmp_path):
    path = tmp_path / "sessions" / "2026" / "01" / "01" / f"rollout-x-{SESSION}.jsonl"
    index = tmp_path / "session_index.jsonl"
    assert of(story(), str(path)).reader.infos[""].title == "fix it"
    names = [(PARENT, "another"), (SESSION, "first name"), (SESSION, "last name"), (SESSION, 5)]
    index.write_text(
        "\n".join(json.dumps({"id": id, "thread_name": name}) for id, name in names) + "\n{oops"
    )
    assert of(story(), str(path)).reader.infos[""].title == "last name"
    assert of(story(), str(tmp_path / path.name)).reader.infos[""].title == "fix it"


def test_the_oldest_rollouts_hold_bare_items():
    lines = [
        {"id": SESSION, "timestamp": "2025-08-01T10:00:00.000Z", "instructions": None, "git": {}},
        {"record_type": "state"},
        {"type": "message", "role": "user", "content": [given("hi")]},
        {"type": "function_call", "name": "shell", "arguments": '{"a":1}', "call_id": "c"},
        {"type": "function_call_output", "call_id": "c", "output": "x"},
        {"type": "message", "role": "assistant", "content": [output("hello")]},
    ]
    data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    source = of(data)
    assert [draft.kind.label for draft in source.drafts()] == [
        *("session_start", "ui_state", "message", "tool_call", "tool_result", "message"),
    ]
    info = source.reader.infos[""]
    assert (info.native_id, info.title) == (SESSION, "hi")
    assert info.created == 1754042400000
    assert registry.get("codex").sniff(Path("x"), data) == 70


def test_everything_else_has_its_place():
    file = Rollout().add("world_state", full=True, state={"a": 1})
    file.add("inter_agent_communication", author="/root", content="do it", trigger_turn=True)
    file.item("agent_message", author="/root", content=[given("and this")])
    file.item("ghost_snapshot", ghost_commit={"id": "abc"})
    file.item("additional_tools", tools=[{"name": "t"}])
    file.item("compaction", encrypted_content="x")
    file.event("turn_aborted", reason="interrupted").event("error", message="no network")
    file.event("entered_review_mode").event("thread_goal_updated", goal={"objective": "win"})
    file.event("guardian_assessment", status="approved", action={"type": "command"})
    file.completed("Plan", text="first this").event("stream_error", message="again")
    file.event("turn_complete", error={"message": "quota"})
    found = [(e.kind.label, e.text) for e in events(file)[2:]]
    assert found == [
        ("state", "a"),
        ("message", "do it"),
        ("message", "and this"),
        ("file_snapshot", "ghost_snapshot"),
        ("context", '[{"name":"t"}]'),
        ("context", ""),
        ("turn_end", "turn aborted: interrupted"),
        ("error", "no network"),
        ("config_change", "entered_review_mode"),
        ("plan", "win"),
        ("approval", "approved: command"),
        ("plan", "first this"),
        ("error", "again"),
        ("turn_end", "turn failed: quota"),
    ]
    assert sum(e.is_error for e in events(file)) == 3


def test_what_nobody_knows_is_shown():
    file = Rollout().add("new_kind", a=1).event("brand_new").item("brand_new").bare(odd=1)
    file.completed("BrandNew").add("event_msg")
    found = events(file)[2:]
    assert {e.kind for e in found} == {Kind.UNKNOWN}
    assert {e.visibility for e in found} == {Visibility.UI_ONLY}
    assert len(found) == 6


def test_damage_costs_nothing_else():
    first, second, third, *_ = story().lines
    data = first + b"{oops\n" + second.rstrip() + third + b"12\n\n" + second[:30]
    source = of(data)
    assert source.reader.pending == second[:30]
    assert [line for line, _ in source.reader.warnings] == [2, 3, 3, 4, -1]
    damaged = [d for d in source.drafts() if d.marks & Mark.DAMAGED]
    assert [d.text for d in damaged] == ["{oops", "12"]


def test_the_content_of_each_event_is_told_by_its_line_alone():
    transcript = told(story())
    format = registry.get("codex")
    for event in transcript.events():
        content = format.content(transcript.raw(event), event.part)
        if event.kind is not Kind.TOOL_CALL:
            assert (
                event.text in ("", content.text.replace("\n", " "), "[image]")
                or len(event.text) >= 100
            )


def test_reading_on_gives_what_reading_at_once_gives():
    lines = story().turn("more", "yes").lines
    whole = of(b"".join(lines)).drafts()
    for stop in range(1, len(lines)):
        part = of(b"".join(lines[:stop])).drafts()
        assert part == whole[: len(part)]


def test_said_is_the_items(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(story().data)
    assert registry.recognise(path).name == "codex"
    assert [role for role, _ in said(told(story()))][:3] == [Role.SYSTEM, Role.DEVELOPER, Role.USER]
