"""A believable session with everything that the transcript can show."""

from __future__ import annotations

import base64
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from scrubber.core.content import Content, Image, Text
from scrubber.core.events import Event, Kind, Mark, Origin, Role, Visibility
from tests.ui.transcript.feeds import event

if TYPE_CHECKING:
    from collections.abc import Iterator

Item = tuple[Event, Content]

ANSWER = """I found the cause. The guard in `router.ts` stores the target **after** it has already \
navigated away, so the redirect loses its query string.

## What happens

1. `requireAuth()` runs and sends the visitor to `/login`
2. the target is read from `location`, which *is already* `/login`
3. after the login we land on `/` instead of the page that was asked for

| step | expected | actual |
|---|---|---|
| open `/orders?id=7` | `/login?next=%2Forders%3Fid%3D7` | `/login` |
| log in | `/orders?id=7` | `/` |

The smallest fix is to read the target first:

```typescript
export function requireAuth(to: Route): Guard {
  // Read it before anything navigates.
  const next = encodeURIComponent(to.fullPath);
  if (!session.user) return redirect(`/login?next=${next}`);
  return true;
}
```

> Note that `fullPath` holds the query *and* the hash; `path` holds neither.

- [x] guard reads the target first
- [ ] a test for targets with a hash
- see also the [router's guide](https://example.org/guide/guards)
"""

OUTPUT = "\n".join(
    [
        "> shop@2.4.1 test",
        "> vitest run --reporter=verbose login",
        "",
        " RUN  v1.6.0",
        " ✓ src/login.test.ts > shows the form",
        " ✗ src/login.test.ts > goes back to the page that was asked for",
        "   AssertionError: expected '/' to be '/orders?id=7'",
        *(f"     at step {n} (src/router.ts:{40 + n}:{n % 9})" for n in range(74)),
        " Tests  1 failed | 11 passed (12)",
    ]
)

THINKING = (
    "The test says that we land on '/'. So the target is lost between the guard and the login "
    "form. Either the guard never writes it, or the form drops it. Let me look at the guard "
    "first; it runs on each navigation.\n\nIf `to.fullPath` is read after `redirect`, it would "
    "already be `/login` — that would explain all three symptoms."
)

OLD = "  if (!session.user) {\n    redirect('/login');\n    const next = location.pathname;\n  }"
NEW = (
    "  const next = encodeURIComponent(to.fullPath);\n  if (!session.user) {\n"
    "    return redirect(`/login?next=${next}`);\n  }"
)


def picture(width: int = 900, height: int = 520) -> Image:
    """A PNG that looks a little like a screenshot."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    gradient = QLinearGradient(0, 0, width, height)
    gradient.setColorAt(0, QColor("#e8eefc"))
    gradient.setColorAt(1, QColor("#c9d6f5"))
    painter.fillRect(image.rect(), gradient)
    painter.fillRect(width // 3, height // 4, width // 3, height // 2, QColor("white"))
    for row in range(3):
        painter.fillRect(
            width // 3 + 40,
            height // 4 + 50 + row * 60,
            width // 3 - 80,
            34,
            QColor("#3b66d6" if row == 2 else "#dfe6f5"),
        )
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes here
    return Image("image/png", base64.b64encode(buffer.data().data()).decode())


class _Writer:
    """Numbers the events of a session."""

    def __init__(self) -> None:
        self._indices = count()
        self._calls = count(1)

    def say(self, role: Role, text: str, group: str | None = None, **more: Any) -> Item:
        name = "claude-opus-4" if role is Role.ASSISTANT else None
        made = event(
            next(self._indices), Kind.MESSAGE, text, role, name=name, group_id=group, **more
        )
        return made, Content((Text(text),))

    def other(self, kind: Kind, text: str, *blocks: Any, **more: Any) -> Item:
        made = event(next(self._indices), kind, text, **more)
        return made, Content((Text(text), *blocks) if text else blocks)

    def call(self, name: str, group: str, **arguments: Any) -> Item:
        made = event(
            next(self._indices),
            Kind.TOOL_CALL,
            name,
            Role.ASSISTANT,
            name=name,
            call_id=f"toolu_{next(self._calls):02}",
            group_id=group,
        )
        return made, Content(arguments=arguments)

    def result(
        self, call: Item, text: str, *blocks: Any, failed: bool = False, **more: Any
    ) -> Item:
        marks = (
            Mark.CLOSES_CALL | (Mark.ERROR if failed else Mark.NONE) | more.pop("marks", Mark.NONE)
        )
        made = event(
            next(self._indices),
            Kind.TOOL_RESULT,
            text,
            Role.TOOL,
            marks=marks,
            name=call[0].name,
            call_id=call[0].call_id,
            ref=call[0].seq,
            **more,
        )
        detail = {"exit_code": 1} if failed else None
        return made, Content((Text(text), *blocks) if text else blocks, detail=detail)


def story() -> list[Item]:
    """About forty events: prose, tables, code, calls, errors, pictures, a compaction."""
    writer = _Writer()
    return [*_beginning(writer), *_middle(writer), *_end(writer)]


def _beginning(w: _Writer) -> Iterator[Item]:
    yield w.other(Kind.SESSION_START, "fix login redirect · claude-code 2.0.14 · /home/sam/shop")
    yield w.say(Role.SYSTEM, "You are a careful engineer.\n" + "Follow the house style. " * 180)
    yield w.say(
        Role.USER,
        "Please fix the redirect after login. After logging in I always land on "
        "the start page\ninstead of the page that I had asked for.\n\n"
        "The failing test is `login.test.ts`.",
    )
    yield w.other(Kind.REASONING, THINKING, role=Role.ASSISTANT, group_id="m1", marks=Mark.SEALED)
    yield w.say(Role.ASSISTANT, "Let me run the test first, then look at the router.", "m1")
    test = w.call("Bash", "m1", command="npm test -- login", description="Run the login tests")
    yield test
    yield w.result(test, OUTPUT, failed=True)
    yield w.other(Kind.HOOK, "PostToolUse · format-on-save", visibility=Visibility.UI_ONLY)
    yield w.other(Kind.USAGE, "12,408 tokens in, 311 out", visibility=Visibility.HIDDEN)
    read = w.call("Read", "m2", file_path="/home/sam/shop/src/router.ts", limit=80)
    find = w.call("Grep", "m2", pattern="requireAuth\\(", path="src", output_mode="content")
    yield read
    yield find
    yield w.result(read, "\n".join(f"{n:6}→const route{n} = path('/r{n}');" for n in range(1, 81)))
    yield w.result(
        find,
        "src/router.ts:41:export function requireAuth(to: Route) {\nsrc/main.ts:9:"
        "  router.beforeEach(requireAuth(routes));",
    )


def _middle(w: _Writer) -> Iterator[Item]:
    yield w.say(Role.ASSISTANT, ANSWER, "m3")
    edit = w.call("Edit", "m3", file_path="src/router.ts", old_string=OLD, new_string=NEW)
    yield edit
    yield w.result(edit, "The file src/router.ts has been updated.")
    yield w.other(
        Kind.SUBAGENT_START,
        "find every other place that reads location.pathname",
        name="explore-2",
        role=Role.ASSISTANT,
    )
    yield w.other(Kind.SUBAGENT_END, "3 places found", name="explore-2", role=Role.ASSISTANT)
    shot = w.call("Screenshot", "m4", url="http://localhost:5173/login?next=%2Forders%3Fid%3D7")
    yield shot
    yield w.result(shot, "", picture())
    yield w.other(Kind.CONFIG_CHANGE, "model: claude-opus-4 → claude-sonnet-4")
    yield w.other(Kind.NOTICE, "context at 81 %; older tool results will be cleared soon")
    yield w.other(
        Kind.COMPACTION,
        "The user wants the redirect after login fixed. The guard in "
        "router.ts was changed to read the target first.",
    )


def _end(w: _Writer) -> Iterator[Item]:
    yield w.say(Role.USER, "Good. And does it keep the hash?", origin=Origin.TYPED)
    again = w.call("Bash", "m5", command="npm test -- login --run hash")
    yield again
    yield w.result(again, " ✓ keeps the hash\n Tests  13 passed (13)", origin=Origin.STUBBED)
    yield w.say(Role.ASSISTANT, "Yes: all 13 tests pass, the new one for hashes among them.", "m6")
    yield w.other(
        Kind.ERROR, "529 overloaded_error: the service is busy, retrying in 4 s", marks=Mark.ERROR
    )
    lost = (event(0, Kind.TOOL_CALL, call_id="gone", name="WebFetch"), Content())
    yield w.result(
        lost,
        '<img src="http://evil.example/x.png"> <script>alert(1)</script>\nHTTP 200',
        marks=Mark.ORPHAN,
    )
    yield w.say(Role.USER, "Thanks, ship it.")


def long_session(length: int) -> list[Item]:
    """The story again and again."""
    told = story()
    return [_renumbered(told[i % len(told)], i, len(told)) for i in range(length)]


def made(index: int) -> Item:
    """Event ``index`` of an endless session, made on the spot."""
    return _renumbered(_told()[index % len(_told())], index, len(_told()))


_TOLD: list[Item] = []


def _told() -> list[Item]:
    if not _TOLD:
        _TOLD.extend(story())
    return _TOLD


def _renumbered(item: Item, index: int, length: int) -> Item:
    old, content = item
    turn = index // length
    ref = None if old.ref is None else old.ref + turn * length
    call_id = old.call_id and f"{old.call_id}.{turn}"
    group_id = old.group_id and f"{old.group_id}.{turn}"
    new = replace(old, index=index, seq=index, ref=ref, call_id=call_id, group_id=group_id)
    return new, content
