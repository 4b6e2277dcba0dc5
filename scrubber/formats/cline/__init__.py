"""Cline and Roo Code: the folders in which these editors' agents keep their tasks.

Read from top to bottom: ``folder`` (the files of a task to records), ``pieces`` (what a record
holds), ``reader``.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from platformdirs import user_config_path

from scrubber.formats.base import FoundPlace, Reader
from scrubber.formats.cline.folder import API, BESIDE, records
from scrubber.formats.cline.pieces import is_record, pieces_of
from scrubber.formats.cline.reader import ClineReader
from scrubber.formats.containers import files_stamp, open_plain
from scrubber.formats.jsonl import first_values
from scrubber.formats.layouts import sample
from scrubber.formats.object_lines import piece_content
from scrubber.formats.streams import PieceStream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.content import Content
    from scrubber.formats.containers import Stamp

_EDITORS = ("Code", "Code - Insiders", "VSCodium", "Cursor", "Windsurf")
_EXTENSIONS = ("saoudrizwan.claude-dev", "rooveterinaryinc.roo-cline")


class Cline:
    """The format of such folders; the history of API messages stands for a task's files."""

    name = "cline"
    title = "Cline, Roo Code"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at a list of messages under the name that these agents give it."""
        if path.name != API:
            return 100 if any(map(is_record, first_values(head, 1))) else 0
        values = sample(head)
        is_list = bool(values) and all(isinstance(v, (dict, list)) for v in values[:1])
        return 97 if is_list and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") else 0

    def open(self, path: Path) -> BinaryIO:
        """The task as records; what was unfolded before is given as it is."""
        if path.name != API:
            return open_plain(path)
        problems: list[str] = []
        stream = PieceStream(records(path, problems), problems=problems)
        return cast("BinaryIO", io.BufferedReader(stream, 128 * 1024))

    def unpacks(self, path: Path) -> bool:
        """Whether it is a file in a task's folder."""
        return path.name == API

    def stamp(self, path: Path) -> Stamp:
        """What changes with any file of the task."""
        beside = [path.with_name(name) for name in BESIDE] if path.name == API else []
        return files_stamp(path, beside)

    def belongs_to(self, path: Path) -> Path | None:
        """The history of API messages beside the other files of a task."""
        if path.name not in (API, *BESIDE):
            return None
        whole = path.with_name(API)
        return whole if whole.is_file() else None

    def reader(self, path: Path) -> Reader:
        """A reader for the records of a task."""
        return ClineReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a record; a damaged record's is its text."""
        return piece_content(raw, part, pieces_of, "")

    def places(self) -> Sequence[FoundPlace]:
        """The storage of the extensions in the usual editors, and Cline's own folder."""
        roots = [user_config_path(roaming=True) / editor for editor in _EDITORS]
        roots.append(Path.home() / ".vscode-server" / "data")
        folders = [root / "User" / "globalStorage" / e for root in roots for e in _EXTENSIONS]
        folders.append(Path.home() / ".cline" / "data")
        return [FoundPlace(folder / "tasks", f"*/{API}") for folder in folders]


FORMAT = Cline()
