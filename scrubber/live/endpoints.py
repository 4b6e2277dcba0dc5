"""Where models are: the endpoints that are known from the start, and those a user has added.

Added ones are in ``endpoints.json`` in the user's config folder, never with a key (see ``keys``).
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrubber.core.errors import BadArgumentError, ScrubberError
from scrubber.places import config_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

OPENAI, ANTHROPIC = "openai", "anthropic"
APIS = (OPENAI, ANTHROPIC)
LOCAL = "local"
"""In front of a path: the GGUF file there, run by this program."""

KEYED_HOSTS = {"api.openai.com": "OPENAI_API_KEY", "api.anthropic.com": "ANTHROPIC_API_KEY"}
"""Servers that refuse whoever has no key, and the variables that usually hold it."""

_TAKEN = (LOCAL, "replay", "person")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server that has models, or a file that is one."""

    name: str
    url: str = ""
    """Base address, as in ``http://127.0.0.1:8080/v1``; empty for a file."""
    api: str = OPENAI
    """Which API it speaks: ``openai`` (chat completions) or ``anthropic`` (messages)."""
    kind: str = ""
    """Which server it is, where that makes a difference: ``openai``, ``anthropic``, ``ollama``,
    ``llamacpp``, ``vllm``, ``lmstudio``; empty for any other."""
    model: str = ""
    """The model that is asked for where a branch names none."""
    window: int | None = None
    """Tokens that its model can hold; None: ask the server, or look it up."""
    file: str = ""
    """A GGUF file."""
    patience: float = 600.0
    """Seconds without a byte after which it is given up: the first word on a long prompt takes a
    small machine minutes."""
    is_builtin: bool = False

    @property
    def title(self) -> str:
        """Its name for people."""
        return _TITLES.get(self.name, self.name)

    @property
    def needs_key(self) -> bool:
        """Whether it refuses whoever has no key."""
        return urlsplit(self.url).hostname in KEYED_HOSTS


_TITLES = {
    "openai": "OpenAI", "anthropic": "Anthropic", "ollama": "Ollama", "llamacpp": "llama.cpp",
    "vllm": "vLLM", "lmstudio": "LM Studio",
}  # fmt: skip
_BUILT_IN = (
    Endpoint("openai", "https://api.openai.com/v1", kind="openai"),
    Endpoint("anthropic", "https://api.anthropic.com", ANTHROPIC, kind="anthropic"),
    Endpoint("ollama", "http://127.0.0.1:11434/v1", kind="ollama"),
    Endpoint("llamacpp", "http://127.0.0.1:8080/v1", kind="llamacpp"),
    Endpoint("vllm", "http://127.0.0.1:8000/v1", kind="vllm"),
    Endpoint("lmstudio", "http://127.0.0.1:1234/v1", kind="lmstudio"),
)
KINDS = tuple(endpoint.kind for endpoint in _BUILT_IN)


def path() -> Path:
    """The file with what the user has added."""
    return config_folder() / "endpoints.json"


def endpoints() -> dict[str, Endpoint]:
    """All by name: those of the start, those the user has added or put in their place."""
    known = {one.name: replace(one, is_builtin=True) for one in _BUILT_IN}
    return known | {one.name: one for one in _added()}


def find(name: str) -> Endpoint:
    """The endpoint of this name; ``local:FILE`` is one too. BadArgumentError: there is none."""
    if name.startswith(f"{LOCAL}:"):
        return local_file(name.removeprefix(f"{LOCAL}:"))
    known = endpoints()
    if name not in known:
        names = ", ".join(sorted(known))
        raise BadArgumentError(
            f"no models are known as {name!r}: use one of {names}, local:FILE, or add it "
            "(scrubber models add)"
        )
    return known[name]


def local_file(file: str, name: str = "") -> Endpoint:
    """A GGUF file as an endpoint; BadArgumentError if it is none."""
    place = Path(file).expanduser().absolute()
    try:
        with place.open("rb") as stream:
            is_gguf = stream.read(4) == b"GGUF"
    except OSError as error:
        raise BadArgumentError(f"{place}: {error.strerror}") from None
    if not is_gguf:
        raise BadArgumentError(f"{place}: not a GGUF file")
    name = name or f"{LOCAL}:{place}"
    return Endpoint(name, kind="llamacpp", model=place.stem, file=str(place))


def add(endpoint: Endpoint) -> None:
    """Remember an endpoint, in the place of one of the same name."""
    check(endpoint)
    _write([*(one for one in _added() if one.name != endpoint.name), endpoint])


def remove(name: str) -> None:
    """Forget what a user has added; BadArgumentError if that is nothing."""
    added = _added()
    rest = [one for one in added if one.name != name]
    if len(rest) == len(added):
        why = "it is built in" if name in endpoints() else "there is none"
        raise BadArgumentError(f"{name!r} cannot be removed: {why}")
    _write(rest)


def check(endpoint: Endpoint) -> None:
    """A BadArgumentError says what is wrong with an endpoint."""
    if not _NAME.fullmatch(endpoint.name) or endpoint.name in _TAKEN:
        raise BadArgumentError(f"{endpoint.name!r} is no name: use a-z, 0-9, . _ and -")
    if endpoint.api not in APIS:
        raise BadArgumentError(f"{endpoint.api!r} is no API: use one of {', '.join(APIS)}")
    if endpoint.kind and endpoint.kind not in KINDS:
        raise BadArgumentError(f"{endpoint.kind!r} is no kind: use one of {', '.join(KINDS)}")
    if endpoint.window is not None and endpoint.window < 1:
        raise BadArgumentError(f"a window of {endpoint.window} tokens holds nothing")
    if endpoint.patience <= 0:
        raise BadArgumentError(f"nobody answers within {endpoint.patience:g} seconds")
    if bool(endpoint.url) == bool(endpoint.file):
        raise BadArgumentError("an endpoint has an address or a file")
    if endpoint.url:
        _check_url(endpoint.url)


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadArgumentError(f"{url!r} is no address: it begins with http:// or https://")
    if parts.username or parts.password or parts.query:
        raise BadArgumentError("an address has no key in it: use `scrubber models key`")


def _added() -> list[Endpoint]:
    try:
        text = path().read_text("utf-8")
    except FileNotFoundError:
        return []
    try:
        return [_parse(value) for value in json.loads(text)["endpoints"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ScrubberError(f"{path()}: not a list of endpoints: {error}") from None


def _parse(value: dict[str, Any]) -> Endpoint:
    known = {one.name for one in fields(Endpoint)} - {"is_builtin"}
    endpoint = Endpoint(**{key: item for key, item in value.items() if key in known})
    check(endpoint)
    return endpoint


def _write(several: Iterable[Endpoint]) -> None:
    """Whole or not at all."""
    usual = {one.name: one.default for one in fields(Endpoint)}
    told = [
        {key: item for key, item in asdict(one).items() if item != usual[key]}
        for one in sorted(several, key=lambda one: one.name)
    ]
    place = path()
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_suffix(".new")
    fresh.write_text(json.dumps({"endpoints": told}, indent=1, ensure_ascii=False) + "\n", "utf-8")
    fresh.replace(place)
