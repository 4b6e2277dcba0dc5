"""Lines in the shapes that Codex writes, made for these tests."""

from __future__ import annotations

import json
from typing import Any

SESSION = "01990000-0000-7000-8000-000000000001"
PARENT = "01980000-0000-7000-8000-000000000002"
CHILD = "01990000-0000-7000-8000-000000000003"


class Rollout:
    """A rollout, a second between lines; with ordinals if it is told so."""

    def __init__(self, ordinals: bool = False, **meta: Any) -> None:
        self.records: list[dict[str, Any]] = []
        self._ordinals = ordinals
        self.meta(**meta)

    def add(self, type: str, /, **payload: Any) -> Rollout:
        record: dict[str, Any] = {"timestamp": _time(len(self.records)), "type": type}
        if self._ordinals:
            record["ordinal"] = len(self.records)
        self.records.append(record | {"payload": payload})
        return self

    def bare(self, **record: Any) -> Rollout:
        self.records.append(record)
        return self

    def meta(self, **more: Any) -> Rollout:
        facts = {
            "id": SESSION, "timestamp": _time(0), "cwd": "/home/me/x", "originator": "codex_cli_rs",
            "cli_version": "0.142.0", "source": "cli", "model_provider": "openai",
            "base_instructions": {"text": "You are Codex."},
        }  # fmt: skip
        facts |= {"history_mode": "paginated"} if self._ordinals else {}
        return self.add("session_meta", **{k: v for k, v in (facts | more).items() if v != "-"})

    def item(self, type: str, /, **more: Any) -> Rollout:
        return self.add("response_item", type=type, **more)

    def event(self, type: str, /, **more: Any) -> Rollout:
        return self.add("event_msg", type=type, **more)

    def completed(self, type: str, /, **more: Any) -> Rollout:
        return self.event("item_completed", thread_id=SESSION, item={"type": type, **more})

    def user(self, *texts: str) -> Rollout:
        return self.item("message", role="user", content=[given(text) for text in texts])

    def developer(self, text: str) -> Rollout:
        return self.item("message", role="developer", content=[given(text)])

    def said(self, text: str, **more: Any) -> Rollout:
        return self.item("message", role="assistant", content=[output(text)], **more)

    def reasoning(self, *texts: str, seal: str | None = "sealed") -> Rollout:
        summary = [{"type": "summary_text", "text": text} for text in texts]
        return self.item("reasoning", summary=summary, encrypted_content=seal)

    def call(self, id: str, name: str = "shell", /, **arguments: Any) -> Rollout:
        text = json.dumps(arguments)
        return self.item("function_call", name=name, arguments=text, call_id=id)

    def result(self, id: str, output: Any = "done") -> Rollout:
        return self.item("function_call_output", call_id=id, output=output)

    def turn(self, text: str, answer: str = "") -> Rollout:
        """A whole turn as versions around 0.140 write it."""
        self.event("task_started", turn_id=f"t{len(self.records)}")
        self.add("turn_context", cwd="/home/me/x", model="gpt-5", effort="high")
        self.user(text).event("user_message", message=text, images=[])
        if answer:
            self.event("agent_message", message=answer).said(answer)
        return self.event("task_complete", last_agent_message=answer or None)

    def tokens(self, total: tuple[int, ...], last: tuple[int, ...]) -> Rollout:
        info = {"total_token_usage": usage(*total), "last_token_usage": usage(*last)}
        return self.event("token_count", info=info)

    def compacted(self, *items: Any, message: str = "") -> Rollout:
        return self.add("compacted", message=message, replacement_history=list(items))

    @property
    def lines(self) -> list[bytes]:
        return [json.dumps(r, separators=(",", ":")).encode() + b"\n" for r in self.records]

    @property
    def data(self) -> bytes:
        return b"".join(self.lines)


def given(text: str) -> dict[str, Any]:
    return {"type": "input_text", "text": text}


def output(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text}


def message(role: str, text: str) -> dict[str, Any]:
    part = output(text) if role == "assistant" else given(text)
    return {"type": "message", "role": role, "content": [part]}


def usage(input: int, cached: int = 0, out: int = 0, reasoning: int = 0) -> dict[str, int]:
    return {
        "input_tokens": input, "cached_input_tokens": cached, "output_tokens": out,
        "reasoning_output_tokens": reasoning, "total_tokens": input + out,
    }  # fmt: skip


def _time(seconds: int) -> str:
    return f"2026-01-01T00:{seconds // 60:02d}:{seconds % 60:02d}.000Z"


AGENTS_MD = "# AGENTS.md instructions for /home/me/x\n\n<INSTRUCTIONS>\nBe kind.\n</INSTRUCTIONS>"
ENVIRONMENT = "<environment_context>\n  <cwd>/home/me/x</cwd>\n</environment_context>"
RIGHTS = "<permissions instructions>\nAll is allowed.\n</permissions instructions>"


def story(ordinals: bool = False) -> Rollout:
    """Context, a prompt, parallel calls of which one fails, an answer; a second turn."""
    file = Rollout(ordinals).developer(RIGHTS).user(AGENTS_MD, ENVIRONMENT)
    file.event("task_started", turn_id="t1").add("turn_context", cwd="/home/me/x", model="gpt-5")
    file.user("fix it").event("user_message", message="fix it", images=[])
    file.reasoning("Looking").event("agent_reasoning", text="Looking")
    file.call("a", cmd="ls").call("b", cmd="false").result("a", "x.py")
    file.event("exec_command_end", call_id="b", exit_code=1, aggregated_output="no")
    file.result("b", "Process exited with code 1\nOutput:\nno")
    file.tokens((100, 0, 20, 5), (100, 0, 20, 5))
    file.event("agent_message", message="done").said("done")
    file.tokens((250, 90, 30, 5), (150, 90, 10, 0))
    return file.event("task_complete", turn_id="t1", last_agent_message="done").turn("thanks", "np")
