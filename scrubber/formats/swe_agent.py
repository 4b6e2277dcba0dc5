"""SWE-agent trajectories (``.traj``), versions 0 and 1, and its demonstrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.formats.conversation_reader import ConversationReader
from scrubber.formats.conversations import ConversationFormat
from scrubber.formats.layouts import sample
from scrubber.formats.openai_messages import parse_json, text_or_none
from scrubber.formats.swe_dialect import SweAgentDialect

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.content import JSON
    from scrubber.core.session import SessionInfo
    from scrubber.formats.base import Reader


class SweAgentReader(ConversationReader):
    """Reads one trajectory; a file is called like the task that it was made for."""

    def __init__(self, path: Path) -> None:
        super().__init__(SweAgentDialect())
        self._path = path

    def _title(self, key: str) -> str:
        """The name of the file, which is that of the task."""
        return self._path.stem if not key else ""

    def _info(self, key: str, value: JSON) -> SessionInfo:
        is_new = key not in self.infos
        info = super()._info(key, None)
        if is_new:
            info.model = model_of(value)

        return info


def model_of(value: JSON) -> str | None:
    """The model that a run was made with, if its configuration tells it."""
    config = value.get("replay_config") if isinstance(value, dict) else None
    config = parse_json(config) if isinstance(config, str) else config
    for key in ("agent", "model", "name"):
        config = config.get(key) if isinstance(config, dict) else None
    return text_or_none(config)


class SweAgent(ConversationFormat):
    """The format of such files."""

    name = "swe-agent"
    title = "SWE-agent"
    endings = (".traj",)

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at a history with steps beside it; less so at a history alone."""
        return max(map(_likeness, sample(head)), default=0)

    def reader(self, path: Path) -> Reader:
        """A reader for a trajectory."""
        return SweAgentReader(path)


def _likeness(value: JSON) -> int:
    if not SweAgentDialect().is_conversation(value):
        return 0
    return 95 if "trajectory" in value or "attempts" in value else 88


FORMAT = SweAgent(SweAgentDialect())
