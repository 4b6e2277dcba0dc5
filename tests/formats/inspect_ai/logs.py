"""Logs in every layout, made from one log as plain values, and read back."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import zstandard

from scrubber.formats import containers, registry
from tests.formats.reading import Read

CORPUS = Path(__file__).parents[1] / "corpus" / "inspect" / "log.json"


def corpus_log() -> dict[str, Any]:
    log: dict[str, Any] = json.loads(CORPUS.read_text())
    return log


def entries(log: dict[str, Any], header: bool = True) -> dict[str, bytes]:
    """The entries of an archive with whole samples."""
    found = {"_journal/start.json": _json({key: log[key] for key in ("version", "eval", "plan")})}
    for sample in log["samples"]:
        found[f"samples/{sample['id']}_epoch_{sample['epoch']}.json"] = _json(sample)
    if header:
        rest = {key: value for key, value in log.items() if key != "samples"}
        found["header.json"] = _json(rest)
    return found


def chunked(log: dict[str, Any], size: int = 3) -> dict[str, bytes]:
    """The entries of an archive whose samples are folders of chunks."""
    found = {name: data for name, data in entries(log).items() if "samples/" not in name}
    for sample in map(pooled, log["samples"]):
        folder = f"samples/{sample['id']}_epoch_{sample['epoch']}"
        pools = sample.pop("events_data")
        refs = []
        for message in sample.pop("messages", []):
            if message not in pools["messages"]:
                pools["messages"].append(message)
            at = pools["messages"].index(message)
            refs.append([at, at + 1])
        texts = sample.pop("attachments", {})
        lists = {"events": sample.pop("events", []), "attachments": list(texts.values()), **pools}
        metadata = sample.pop("metadata", {})
        found[f"{folder}/sample.json"] = _json({**sample, "message_refs": refs})
        found[f"{folder}/metadata.json"] = _json(metadata)
        found[f"{folder}/events/stats.json"] = b'{"version":1,"chunks":[]}'
        for kind, items in lists.items():
            for start in range(0, len(items), size):
                data = _json(items[start : start + size])
                for number, name in enumerate(texts):
                    data = data.replace(name.encode(), str(number).encode())
                found[f"{folder}/{kind}/{start}.json"] = data
    return found


def pooled(sample: dict[str, Any]) -> dict[str, Any]:
    """A sample whose model events refer to pools, as newer logs have it."""
    sample = json.loads(json.dumps(sample))
    if "transcript" in sample:
        old = sample.pop("transcript")
        sample |= {"events": old["events"], "attachments": old["content"]}
    messages: list[Any] = []
    calls: list[Any] = []
    for event in sample.get("events", []):
        if event["event"] == "model":
            event["input_refs"] = _refs(event["input"], messages)
            event["input"] = []
            request = (event.get("call") or {}).get("request", {})
            if "messages" in request:
                event["call"]["call_refs"] = _refs(request.pop("messages"), calls)
                event["call"]["call_key"] = "messages"
    return sample | {"events_data": {"messages": messages, "calls": calls}}


def _refs(items: list[Any], pool: list[Any]) -> list[list[int]]:
    found: list[list[int]] = []
    for item in items:
        if item not in pool:
            pool.append(item)
        at = pool.index(item)
        if found and found[-1][1] == at:
            found[-1][1] += 1
        else:
            found.append([at, at + 1])
    return found


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def archive(found: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive; Python's own module cannot write Zstandard before 3.14."""
    if method == 93:
        return _zstd_archive(found)
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as file:
        for name, data in found.items():
            file.writestr(name, data)
    return stream.getvalue()


def _zstd_archive(found: dict[str, bytes]) -> bytes:
    body, directory = b"", b""
    for title, data in found.items():
        name, packed = title.encode(), zstandard.compress(data)
        sizes = struct.pack("<LLL", zlib.crc32(data), len(packed), len(data))
        fields = struct.pack("<4H", 0x800, 93, 0, 33) + sizes + struct.pack("<2H", len(name), 0)
        directory += b"PK\x01\x02" + struct.pack("<2H", 63, 63) + fields
        directory += struct.pack("<3H2L", 0, 0, 0, 0, len(body)) + name
        body += b"PK\x03\x04" + struct.pack("<H", 63) + fields + name + packed
    end = struct.pack("<4H2LH", 0, 0, len(found), len(found), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def read_file(path: Path) -> tuple[Read, list[str]]:
    """What a log gives, and what was odd about it."""
    format = registry.get("inspect")
    reader = containers.reader_of(format, path)
    with containers.open_source(format, path) as stream:
        readings = list(reader.read(stream))
        problems = containers.problems_of(stream)
    return Read("inspect", reader, readings), list(problems)
