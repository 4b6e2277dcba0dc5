"""What went wrong with a request, in words that a user can act on; never with a key in them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2
from pydantic_ai import exceptions as library

from scrubber.core.events import one_line
from scrubber.live.errors import ProviderError
from scrubber.live.providers.transport import CONNECT_S, RedirectedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHOWN = 300
_STUMBLES = (AttributeError, TypeError, LookupError, ValueError, AssertionError)
"""What the libraries raise where a server sends them something of another shape."""

_LIBRARY = (library.ModelAPIError, library.UnexpectedModelBehavior, httpx2.HTTPError)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked for what: what the words about a failure name."""

    title: str
    """The endpoint's name for people, such as ``Ollama``."""
    url: str
    model: str
    key: str
    """Where the key comes from, as in ``OPENAI_API_KEY``, never the key itself."""
    secrets: Sequence[str] = ()
    """What must not stand in any words, whoever said it."""
    hint: str = ""
    """What to do if nobody answers."""


@contextmanager
def told(asked: Asked) -> Iterator[None]:
    """Turns what the library raises into a ProviderError; what is a bug stays one."""
    try:
        yield
    except (*_LIBRARY, *_STUMBLES) as error:
        if isinstance(error, _STUMBLES) and not _is_theirs(error):
            raise
        raise failure(error, asked) from None  # its chain holds the request, and so the key


def failure(error: Exception, asked: Asked) -> ProviderError:
    """The error in our words."""
    words, retryable = _words(error, asked)
    after = getattr(error, "retry_after", None)
    for secret in asked.secrets:
        words = words.replace(secret, "…")
    return ProviderError(words, retryable=retryable, after_seconds=after)


def _words(error: Exception, asked: Asked) -> tuple[str, bool]:
    """(the sentence, whether trying again may help)."""
    said = _said(error)
    where, model = asked.title, asked.model
    match error:
        case library.ModelContextWindowExceededError():
            return _overflow(error, asked, said), False
        case library.ModelAuthenticationError():
            return f"{where} refused the key ({asked.key}): {said}", False
        case library.ModelNotFoundError():
            return f"{where} has no model {model!r}: {said}", False
        case library.ModelQuotaExceededError():
            return f"{where}: the account's credit or quota is used up: {said}", False
        case library.ModelRateLimitError():
            return f"{where} takes no more requests for now (429): {said}", True
        case library.ModelOverloadedError():
            return f"{where} is overloaded: {said}", True
        case library.ModelUnavailableError() | library.ModelServerError():
            # llama.cpp says so of pictures and the like, with a 500.
            is_lasting = "not supported" in said.lower()
            return f"{where} failed ({_status(error)}): {said}", not is_lasting
        case library.ModelConnectionError() | httpx2.HTTPError():
            return _connection(error, asked, said)
        case library.ModelRequestRejectedError():
            if _is_overflow(said):
                return _overflow(error, asked, said), False
            return f"{where} refuses the request ({_status(error)}): {said}", False
    if isinstance(error, library.ModelHTTPError):
        return f"{where} answers {error.status_code}: {said}", error.status_code >= 500
    if getattr(error, "in_stream", False):
        return f"{where} broke off the reply: {said}", False
    return f"{where} answers what is no reply of this API: {said}", False


def _connection(error: Exception, asked: Asked, said: str) -> tuple[str, bool]:
    chain = list(_chain(error))
    if target := next((str(e) for e in chain if isinstance(e, RedirectedError)), None):
        return f"{asked.title} is not at {asked.url} but at {target}: change its address", False
    if any(isinstance(e, httpx2.ConnectTimeout) for e in chain):
        return f"{asked.url} does not answer within {CONNECT_S:g} s.{asked.hint}", True
    if "certificate" in said.lower():
        return f"{asked.url} has no certificate that this system trusts ({said})", False
    if any(isinstance(e, httpx2.ConnectError) for e in chain):
        return f"Nobody answers at {asked.url} ({said}).{asked.hint}", True
    if any(isinstance(e, httpx2.TimeoutException) for e in chain):
        return f"{asked.title} has sent nothing for too long, and was given up", True
    return f"The connection to {asked.title} broke off ({said}). What has come is kept.", True


def _overflow(error: Exception, asked: Asked, said: str) -> str:
    body = _body(error)
    tokens, window = body.get("n_prompt_tokens"), body.get("n_ctx")
    if isinstance(tokens, int) and isinstance(window, int):
        said = f"{tokens:,} tokens, and its window holds {window:,}"
    return f"The conversation is too long for {asked.model}: {said}"


def _is_overflow(said: str) -> bool:
    """llama.cpp, LM Studio and Ollama each have words of their own for it."""
    low = said.lower()
    return any(words in low for words in ("context size", "context length", "context window"))


def _said(error: Exception) -> str:
    """The provider's own sentence, if it has one."""
    told = _body(error).get("message")
    if isinstance(told, str) and told.strip():
        return one_line(told, _SHOWN)
    for cause in _chain(error):
        if isinstance(cause, httpx2.HTTPError) and str(cause):
            return one_line(str(cause), _SHOWN)
    return one_line(str(error), _SHOWN) or type(error).__name__


def _body(error: Exception) -> dict[str, object]:
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else None
    if isinstance(inner, dict):
        return inner
    return {"message": inner if inner is not None else body}


def _status(error: Exception) -> str:
    return str(getattr(error, "status_code", None) or "in the middle of the reply")


def _is_theirs(error: BaseException) -> bool:
    """Whether it was raised outside this program."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is None or not trace.tb_frame.f_globals["__name__"].startswith("scrubber.")


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen = 0
    found: BaseException | None = error
    while found is not None and seen < 8:
        yield found
        found, seen = found.__cause__ or found.__context__, seen + 1
