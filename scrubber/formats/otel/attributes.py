"""OTLP/JSON's attributes and times, as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.formats.openai_messages import parse_json

if TYPE_CHECKING:
    from scrubber.core.content import JSON

_LONGEST_NUMBER = 18
_LATEST_MS = 10**14
_MOST_INDEX = 100_000
_PLAIN = ("stringValue", "boolValue", "doubleValue", "bytesValue")


def attributes_of(given: JSON) -> dict[str, JSON]:
    """A list of ``{"key", "value"}`` as an object; one that is an object already, as it is."""
    if isinstance(given, dict):
        return dict(given)
    found: dict[str, JSON] = {}
    for item in given if isinstance(given, list) else ():
        if isinstance(item, dict) and isinstance(item.get("key"), str):
            found[item["key"]] = _value(item.get("value"))
    return found


def _value(given: JSON) -> JSON:
    """What an ``AnyValue`` stands for; what is none, as it is."""
    if not isinstance(given, dict):
        return given
    for key in _PLAIN:
        if key in given:
            return given[key]
    if "intValue" in given:
        return number_of(given["intValue"])
    if isinstance(inner := given.get("arrayValue"), dict):
        values = inner.get("values")
        return [_value(item) for item in values] if isinstance(values, list) else []
    if isinstance(inner := given.get("kvlistValue"), dict):
        return attributes_of(inner.get("values"))
    return given or None


def number_of(given: JSON) -> JSON:
    """A whole number, which OTLP/JSON writes as a string; what is none, as it is."""
    if isinstance(given, str) and len(given) <= _LONGEST_NUMBER:
        digits = given.removeprefix("-")
        return int(given) if digits.isascii() and digits.isdigit() else given
    return given


def ms_of_ns(given: JSON) -> float | None:
    """Milliseconds since 1970 of nanoseconds since then, None if that is no time."""
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 22:
        given = int(given)
    if not isinstance(given, (int, float)) or isinstance(given, bool):
        return None
    ms = given / 1_000_000
    return ms if 0 < ms < _LATEST_MS else None


def structured(value: JSON) -> JSON:
    """A value that may stand as JSON text, as what it means."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        parsed = parse_json(value)
        return value if parsed is None else parsed
    return value


def numbered(attributes: dict[str, JSON], prefix: str) -> list[JSON]:
    """What keys such as ``PREFIX.0.role`` spell out, in the order of their numbers."""
    tree: dict[str, Any] = {}
    for key, value in attributes.items():
        if key.startswith(prefix + "."):
            _put(tree, key[len(prefix) + 1 :].split("."), value)
    listed = _listed(tree)
    return listed if isinstance(listed, list) else []


def _put(tree: dict[str, Any], path: list[str], value: JSON) -> None:
    for key in path[:-1]:
        inner = tree.setdefault(key, {})
        if not isinstance(inner, dict):
            inner = tree[key] = {}
        tree = inner
    tree[path[-1]] = value


def _listed(tree: JSON) -> JSON:
    """Objects whose keys are all numbers as lists."""
    if not isinstance(tree, dict):
        return tree
    if tree and all(_is_index(key) for key in tree):
        return [_listed(tree[key]) for key in sorted(tree, key=int)]
    return {key: _listed(value) for key, value in tree.items()}


def _is_index(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < 7 and int(key) < _MOST_INDEX
