"""Writes the bundled sample, resources/sample/: a session in Claude Code's own files.

    python -m tests.resources.make_sample [FOLDER]

The story is told in sample_story.py; here it becomes records, in every detail as Claude Code 2.1
writes them: a record per content block, the blocks of one message sharing its id and usage, results
that hang on their own call, a context that grows with what was read. Nothing is random: ids are
hashes of their number, so the same story gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.resources.sample_dsl import (
    Attachment,
    Call,
    Compaction,
    Meta,
    Prompt,
    Queue,
    Reply,
    Say,
    Step,
    Story,
    System,
    Think,
)
from tests.resources.sample_gauges import CHARACTERS_PER_TOKEN, Clock, Ids, Meter, Record, stamp
from tests.resources.sample_output import ROOT
from tests.resources.sample_picture import HEIGHT, WIDTH, login_page
from tests.resources.sample_story import STORY
from tests.resources.sample_workspace import Shop

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "sample"
PROJECT = "-home-ada-shop"
SESSION = "5ea51de0-c0de-4f0e-8a11-7ab1e5a17a11"
VERSION = "2.1.144"
MODEL, HELPER_MODEL = "claude-opus-4-5-20251101", "claude-haiku-4-5-20251001"
BRANCH, SLUG = "fix/login-keeps-cart", "salty-drifting-anemone"


class Writer:
    """Writes the records of one file, step by step."""

    def __init__(self, ids: Ids, clock: Clock, meter: Meter, shop: Shop, helper: str = "") -> None:
        self.ids, self.clock, self.meter, self.shop, self.helper = ids, clock, meter, shop, helper
        self.records: list[Record] = []
        self.helpers: dict[str, tuple[list[Record], Record]] = {}
        self.parent: str | None = None
        self.prompt_id = ids.uuid()
        self.turn_started = clock.now
        self.todos: list[Record] = []
        self.snapshot: Record = {}
        self.versions: dict[str, int] = {}
        self.last_prompt = ""

    # --- the frame around each record

    def add(self, body: Record, at: str, parent: str | None = "") -> str:
        """Put a record into the chain; returns its uuid."""
        uuid = self.ids.uuid()
        head: Record = {"parentUuid": self.parent if parent == "" else parent}
        if "logicalParentUuid" in body:
            head["logicalParentUuid"] = body.pop("logicalParentUuid")
        head["isSidechain"] = bool(self.helper)
        if self.helper:
            head["agentId"] = self.helper
        after = body.pop("_after", {})
        clocked = (
            {"timestamp": at, "uuid": uuid}
            if body.get("type") == "system"
            else {"uuid": uuid, "timestamp": at}
        )
        tail = {
            "userType": "external",
            "entrypoint": "cli",
            "cwd": ROOT,
            "sessionId": SESSION,
            "version": VERSION,
            "gitBranch": BRANCH,
            "slug": SLUG,
        }
        self.records.append(head | body | clocked | after | tail)
        self.parent = uuid
        return uuid

    def run(self, steps: tuple[Step, ...]) -> None:
        for step in steps:
            match step:
                case Prompt():
                    self.prompt(step)
                case Reply():
                    self.reply(step)
                case Attachment():
                    self.add(
                        {"attachment": step.body, "type": "attachment"}, self.clock.tick(step.after)
                    )
                    self.meter.add(json.dumps(step.body))
                case System():
                    self.system(step)
                case Queue():
                    self.queue(step, self.clock)
                case Meta():
                    self.meta(step.type, **step.body)
                case Compaction():
                    self.compact(step)

    # --- what people and the harness do

    def prompt(self, step: Prompt) -> None:
        at = self.clock.tick(step.after)
        self.prompt_id, self.turn_started = self.ids.uuid(), self.clock.now
        content: str | list[Record] = step.text
        after: Record = {} if self.helper else {"permissionMode": "acceptEdits"}
        if step.picture:
            content = [_image(), {"type": "text", "text": step.text}]
            after = {"imagePasteIds": [1]} | after
            self.meter.held += WIDTH * HEIGHT // 750
        if not self.helper:
            self.keep_files(at)
        body = {
            "promptId": self.prompt_id,
            "type": "user",
            "message": {"role": "user", "content": content},
        }
        uuid = self.add(body | {"_after": after}, at)
        if self.snapshot:
            self.snapshot["messageId"] = self.records[-2]["messageId"] = uuid
        self.meter.add(step.text)
        self.last_prompt = step.text

    def keep_files(self, at: str) -> None:
        """Before a prompt, Claude Code notes which backups of files it has."""
        kept = self.snapshot.get("trackedFileBackups", {})
        for name, version in self.versions.items():
            self.versions[name] = version + 1
            kept = kept | {name: _backup(name, version + 1, at)}
        self.snapshot = {"messageId": "", "trackedFileBackups": kept, "timestamp": at}
        self.note_snapshot("", update=False)

    def note_snapshot(self, message: str, update: bool) -> None:
        record = {"type": "file-history-snapshot", "messageId": message, "snapshot": self.snapshot}
        self.records.append(record | {"isSnapshotUpdate": update})

    def track(self, path: str, message: str) -> None:
        """A file is about to be changed for the first time: its backup is noted."""
        name = path.removeprefix(ROOT + "/")
        if name not in self.versions:
            self.versions[name] = 1
            kept = self.snapshot["trackedFileBackups"] | {
                name: _backup(name, 1, stamp(self.clock.now))
            }
            self.snapshot = self.snapshot | {"trackedFileBackups": kept}
            self.note_snapshot(message, update=True)

    def system(self, step: System) -> None:
        at = self.clock.tick(step.after)
        body, after = dict(step.body), {}
        if step.subtype == "turn_duration":
            after = {"isMeta": False}
            body["durationMs"] = round((self.clock.now - self.turn_started).total_seconds() * 1000)
            body["messageCount"] = sum("message" in record for record in self.records)
        if step.subtype == "api_error":
            body = {"level": "error", "error": _overloaded(self.ids.token("req_011C", 28))} | body
        self.add({"type": "system", "subtype": step.subtype} | body | {"_after": after}, at)

    def queue(self, step: Queue, clock: Clock) -> None:
        record = {"type": "queue-operation", "operation": step.operation}
        text = {"content": step.text} if step.text else {}
        at = clock.tick(step.after)
        self.records.append(record | {"timestamp": at, "sessionId": SESSION} | text)

    def meta(self, kind: str, **body: Any) -> None:
        if kind == "last-prompt":
            body = {"lastPrompt": self.last_prompt, "leafUuid": self.parent}
        self.records.append({"type": kind} | body | {"sessionId": SESSION})

    # --- what the model does

    def reply(self, step: Reply) -> None:
        self.meter.held += step.weight
        at = self.clock.tick(step.after)
        calls = [block for block in step.blocks if isinstance(block, Call)]
        written = sum(len(_text(block)) for block in step.blocks)
        usage = self.meter.request(self.clock.now, round(written / CHARACTERS_PER_TOKEN * 1.1) + 12)
        message = {
            "model": HELPER_MODEL if self.helper else MODEL,
            "id": self.ids.token("msg_01", 28),
            "type": "message",
            "role": "assistant",
        }
        end = {
            "stop_reason": "tool_use" if calls else "end_turn",
            "stop_sequence": None,
            "usage": usage,
        }
        request = self.ids.token("req_011C", 28)
        asked: list[tuple[Call, str, str]] = []
        for number, block in enumerate(step.blocks):
            content = self.block(block)
            body = {
                "message": message | {"content": [content]} | end,
                "requestId": request,
                "type": "assistant",
            }
            if number:
                at = self.clock.tick(len(_text(block)) / 260)
            uuid = self.add(body, at)
            if isinstance(block, Call):
                asked.append((block, content["id"], uuid))
                if block.tool in ("Edit", "Write") and not block.error:
                    self.track(block.args["file_path"], uuid)
            self.meter.add(_text(block))
        for typed in step.meanwhile:
            self.queue(typed, Clock(self.clock.now))
        for call, call_id, uuid in asked:
            if call.seconds is not None:
                self.result(call, call_id, uuid)

    def block(self, block: Think | Say | Call) -> Record:
        match block:
            case Think(text):
                return {"type": "thinking", "thinking": text, "signature": self.ids.signature(text)}
            case Say(text):
                return {"type": "text", "text": text}
            case Call(tool, args):
                call_id = self.ids.token("toolu_01", 30)
                return {
                    "type": "tool_use",
                    "id": call_id,
                    "name": tool,
                    "input": args,
                    "caller": {"type": "direct"},
                }

    def result(self, call: Call, call_id: str, uuid: str) -> None:
        text, content, detail = self.answer(call, call_id)
        at = self.clock.tick(call.seconds or 0)
        if isinstance(detail, str):
            block = {
                "type": "tool_result",
                "content": content,
                "is_error": True,
                "tool_use_id": call_id,
            }
        else:
            block = {"tool_use_id": call_id, "type": "tool_result", "content": content}
            if call.tool == "Bash":
                block["is_error"] = False
        body: Record = {
            "promptId": self.prompt_id,
            "type": "user",
            "message": {"role": "user", "content": [block]},
        }
        after = {"toolUseResult": detail, "sourceToolAssistantUUID": uuid}
        self.add(body | {"_after": after}, at, parent=uuid)
        self.meter.add(text)

    def answer(self, call: Call, call_id: str) -> tuple[str, str | list[Record], Record | str]:
        """What a call returns: the text, the content of its result, and the rich copy beside it."""
        if call.error:
            return (
                call.error,
                f"<tool_use_error>{call.error}</tool_use_error>",
                f"Error: {call.error}",
            )
        if call.exit_code:
            text = f"Exit code {call.exit_code}\n{call.output}"
            return text, text, f"Error: {text}"
        if call.tool == "Agent":
            return self.send(call, call_id)
        text, detail = self.work(call)
        return text, text, detail

    def work(self, call: Call) -> tuple[str, Record]:
        match call.tool:
            case "Read":
                return self.shop.read(call.args)
            case "Grep":
                return self.shop.grep(call.args)
            case "Glob":
                return self.shop.glob(call.args)
            case "Edit":
                return self.shop.edit(call.args)
            case "Write":
                return self.shop.write(call.args)
            case "TodoWrite":
                old, self.todos = self.todos, call.args["todos"]
                return TODOS_KEPT, {"oldTodos": old, "newTodos": self.todos}
            case "Bash":
                flags = {
                    "interrupted": False,
                    "isImage": False,
                    "noOutputExpected": not call.output,
                }
                return call.output, {"stdout": call.output, "stderr": ""} | flags
        raise ValueError(f"nobody answers {call.tool}")

    def send(self, call: Call, call_id: str) -> tuple[str, list[Record], Record]:
        """Let a sub-agent tell its own story; its last words are the result."""
        name, started = call.output, self.clock.now
        child = Writer(Ids(name), self.clock, Meter(heft=2.2, held=6_200), self.shop, helper=name)
        child.prompt(Prompt(call.args["prompt"], after=0.1))
        child.run(STORY.helpers[name])
        meta = {"agentType": call.args["subagent_type"], "description": call.args["description"]}
        self.helpers[name] = child.records, meta | {"toolUseId": call_id, "spawnDepth": 1}
        report, usage = (
            child.records[-1]["message"]["content"][0]["text"],
            child.records[-1]["message"]["usage"],
        )
        totals = {
            "totalDurationMs": round((self.clock.now - started).total_seconds() * 1000),
            "totalTokens": sum(usage[key] for key in TOKEN_KEYS),
            "totalToolUseCount": sum("toolUseResult" in record for record in child.records),
        }
        said = [{"type": "text", "text": report}]
        detail = {"status": "completed", "prompt": call.args["prompt"], "agentId": name}
        detail |= (
            {"agentType": call.args["subagent_type"], "content": said} | totals | {"usage": usage}
        )
        footer = {"type": "text", "text": AGENT_FOOTER.format(name=name, **totals)}
        return report, [*said, footer], detail

    # --- the context is full

    def compact(self, step: Compaction) -> None:
        before, leaf = self.meter.held, self.parent
        at = self.clock.tick(step.seconds)
        self.meter.compact()
        kept = self.meter.add(step.summary)
        facts = {"trigger": "auto", "preTokens": before, "durationMs": round(step.seconds * 1000)}
        facts |= {"postTokens": kept, "cumulativeDroppedTokens": before - kept}
        body: Record = {"logicalParentUuid": leaf, "type": "system", "subtype": "compact_boundary"}
        body |= {"content": "Conversation compacted", "isMeta": False}
        self.add(body | {"_after": {"level": "info", "compactMetadata": facts}}, at, parent=None)
        text = COMPACTED.format(summary=step.summary, project=PROJECT, session=SESSION)
        summary = {
            "promptId": self.prompt_id,
            "type": "user",
            "message": {"role": "user", "content": text},
        }
        self.add(
            summary | {"isVisibleInTranscriptOnly": True, "isCompactSummary": True},
            self.clock.tick(0),
        )
        for name in step.files:
            self.attach_file(name)
        for name in step.mentioned:
            body = {
                "type": "compact_file_reference",
                "filename": f"{ROOT}/{name}",
                "displayPath": name,
            }
            self.add({"attachment": body, "type": "attachment"}, self.clock.tick(0.02))

    def attach_file(self, name: str) -> None:
        """A file as it is now, read again for the model."""
        _, detail = self.shop.read({"file_path": f"{ROOT}/{name}"})
        body = {
            "type": "file",
            "filename": f"{ROOT}/{name}",
            "content": detail,
            "displayPath": name,
        }
        self.add({"attachment": body, "type": "attachment"}, self.clock.tick(0.02))
        self.meter.add(detail["file"]["content"])


TOKEN_KEYS = (
    "input_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "output_tokens",
)

TODOS_KEPT = (
    "Todos have been modified successfully. Ensure that you continue to use the todo list to track "
    "your progress. Please proceed with the current tasks if applicable"
)
AGENT_FOOTER = """\
agentId: {name} (for resuming to continue this agent's work if needed)
<usage>total_tokens: {totalTokens}
tool_uses: {totalToolUseCount}
duration_ms: {totalDurationMs}</usage>"""

COMPACTED = """\
This session is being continued from a previous conversation that ran out of context. \
The summary below covers the earlier portion of the conversation.

Summary:
{summary}
If you need specific details from before compaction (like exact code snippets, error messages, or \
content you generated), read the full transcript at: \
/home/ada/.claude/projects/{project}/{session}.jsonl
Continue the conversation from where it left off without asking the user any further questions. \
Resume directly: do not acknowledge the summary, do not recap what was happening."""


def _text(block: Think | Say | Call) -> str:
    return json.dumps(block.args) if isinstance(block, Call) else block.text


def _image() -> Record:
    data = base64.b64encode(login_page()).decode()
    return {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": data}}


def _backup(name: str, version: int, at: str) -> Record:
    stem = hashlib.sha256(name.encode()).hexdigest()[:16]
    return {"backupFileName": f"{stem}@v{version}", "version": version, "backupTime": at}


def _overloaded(request: str) -> Record:
    inner = {"type": "overloaded_error", "message": "Overloaded"}
    error = {"type": "error", "error": inner, "request_id": request}
    return {"status": 529, "headers": {}, "requestID": request, "error": error}


def lines(records: list[Record]) -> str:
    """Records as Claude Code writes them: compact, one a line, each line ended."""
    return "".join(
        json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records
    )


def sample(story: Story) -> Iterator[tuple[str, str]]:
    """Each file of the sample: its path in the folder, and its text."""
    writer = Writer(Ids("tidepool"), Clock(), Meter(heft=5.6), Shop(story.files))
    writer.run(story.steps)
    yield f"{PROJECT}/{SESSION}.jsonl", lines(writer.records)
    for name, (records, meta) in writer.helpers.items():
        stem = f"{PROJECT}/{SESSION}/subagents/agent-{name}"
        yield f"{stem}.jsonl", lines(records)
        yield f"{stem}.meta.json", json.dumps(meta, separators=(",", ":"))


def main(folder: Path) -> None:
    """Write the sample into a folder."""
    for name, text in sample(STORY):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
