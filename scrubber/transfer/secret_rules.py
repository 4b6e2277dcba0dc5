"""What secrets look like: the rules of bc-detect-secrets, and of what agents see besides.

Only the package's patterns are used. What it could do to verify a secret would ask the network:
that is never called. It is imported when a scan begins, as it takes a third of a second.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from scrubber.core.redaction import SHORTEST, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_PLUGINS = {
    "artifactory": ("ArtifactoryDetector", "akc", "ap"),
    "aws": ("AWSKeyDetector", "a3t", "abia", "acca", "akia", "asia", "aws"),
    "cloudant": ("CloudantDetector", "cloudant"),
    "discord": ("DiscordBotTokenDetector", "."),
    "ibm_cloud_iam": ("IbmCloudIamDetector", "ibm", "iam"),
    "ibm_cos_hmac": ("IbmCosHmacDetector", "ibm", "cos"),
    "jwt": ("JwtTokenDetector", "eyj"),
    "mailchimp": ("MailchimpDetector", "-us"),
    "npm": ("NpmDetector", "_authtoken"),
    "sendgrid": ("SendGridDetector", "sg."),
    "slack": ("SlackDetector", "xox", "hooks.slack.com"),
    "softlayer": ("SoftlayerDetector", "softlayer", "sl_", "sl-", "slapi", "slkey"),
    "square_oauth": ("SquareOAuthDetector", "sq0csp"),
    "twilio": ("TwilioKeyDetector", "ac", "sk"),
}
"""Not taken: private keys, keys of Azure and tokens of GitHub and Stripe, which the rules here know
better, and entropy, which finds every hash and id of a transcript. Behind the name: words of which
a text has one, in small letters, before the patterns are tried; that is twenty times as fast."""

_OWN = {
    "private-key": r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){40,20000}"
    r"-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----",
    "anthropic-key": r"\bsk-ant-[a-z0-9]+-[A-Za-z0-9_-]{20,}",
    "openrouter-key": r"\bsk-or-v1-[0-9a-f]{40,}",
    "openai-key": r"\bsk-(?!ant-|or-)(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}",
    "google-api-key": r"\bAIza[0-9A-Za-z_-]{35}",
    "google-oauth-token": r"\bya29\.[0-9A-Za-z_-]{20,}|\bGOCSPX-[0-9A-Za-z_-]{20,}",
    "github-token": r"\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{60,}",
    "gitlab-token": r"\bgl(?:pat|dt|rt|cbt)-[A-Za-z0-9_-]{20,}",
    "huggingface-token": r"\bhf_[A-Za-z0-9]{30,}",
    "npm-token": r"\bnpm_[A-Za-z0-9]{36}",
    "pypi-token": r"\bpypi-AgE[A-Za-z0-9_-]{40,}",
    "slack-token": r"\bxapp-\d-[A-Za-z0-9-]{20,}",
    "stripe-key": r"\b[sr]k_(?:live|test)_[0-9a-zA-Z]{16,}|\bwhsec_[0-9a-zA-Z]{24,}",
    "telegram-token": r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b",
    "azure-storage-key": r"\bAccountKey=([A-Za-z0-9+/]{86}==)",
    "authorization": r"(?i)\bauthorization[\"'\\]*\s*[:=]\s*[\"'\\]*(?:bearer|basic|token)\s+"
    r"([A-Za-z0-9._~+/=-]{16,})",
    "cut-key": r"(?:\b(?:sk-(?:ant|proj|svcacct|admin|or)-|AIza|ya29\.|GOCSPX-|gh[pousr]_"
    r"|github_pat_|glpat-|hf_|npm_|pypi-AgE|xox[a-z]-|xapp-|[sr]k_live_|A[KS]IA)[A-Za-z0-9_-]{8,}"
    r"|-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[^-…]{8,})(?=…|\.\.\.)",
}
"""The last is what a title or a preview leaves of one: the whole may lie behind the cut."""

_GUESSES = {
    "url-password": r"://[^\s:/@\"'\\]{1,64}:([^\s/@\"'\\]{6,128})@[\w.-]",
    "assigned": r"(?i)(?:secret|token|passw(?:or)?d|api_?key|access_?key|private_?key)"
    r"[a-z0-9_]{0,20}[\"'\\]{0,4}\s{0,3}(?:=|:|=>)\s{0,3}[\"'\\]{0,4}([A-Za-z0-9_./+=~!@#^&*-]{8,200})",
}

_HINTS = {
    "private-key": ("private key",),
    "anthropic-key": ("sk-ant-",),
    "openrouter-key": ("sk-or-v1-",),
    "openai-key": ("sk-",),
    "google-api-key": ("aiza",),
    "google-oauth-token": ("ya29.", "gocspx-"),
    "github-token": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    "gitlab-token": ("glpat-", "gldt-", "glrt-", "glcbt-"),
    "huggingface-token": ("hf_",),
    "npm-token": ("npm_",),
    "pypi-token": ("pypi-age",),
    "slack-token": ("xapp-",),
    "stripe-key": ("k_live_", "k_test_", "whsec_"),
    "telegram-token": (":aa",),
    "azure-storage-key": ("accountkey=",),
    "authorization": ("authorization",),
    "cut-key": ("…", "..."),
    "url-password": ("://",),
    "assigned": ("secret", "token", "passw", "key"),
}
"""Words of which a text has one, in small letters, if it can hold such a secret."""

_NAME = re.compile(r"^[A-Za-z_]+(?:[._-][A-Za-z_]+)*[!,;.]?$|^[./~]|^\d{1,10}$|\(")
"""Assigned, but the name of something, a path or a number, rather than a secret itself."""


_AROUND = " \t\r\n\"'=:"
"""What some patterns take along."""


class Rule(NamedTuple):
    """A kind of secret, and what finds it in a text."""

    kind: str
    find: Callable[[str], Iterable[str]]
    sure: bool
    hints: tuple[str, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, the surest first."""
    return (
        *(Rule(kind, _finder(found), True, _HINTS[kind]) for kind, found in _OWN.items()),
        *(_plugin(module, *names) for module, names in _PLUGINS.items()),
        *(Rule(kind, _finder(found), False, _HINTS[kind]) for kind, found in _GUESSES.items()),
    )


def _finder(pattern: str) -> Callable[[str], Iterable[str]]:
    compiled = re.compile(pattern)
    return lambda text: (found[found.lastindex or 0] for found in compiled.finditer(text))


def _plugin(module: str, name: str, *hints: str) -> Rule:
    plugin = getattr(import_module(f"detect_secrets.plugins.{module}"), name)()
    kind = str(plugin.secret_type).lower().replace(" ", "-")
    return Rule(kind, plugin.analyze_string, True, hints)


def find(text: str) -> Iterator[tuple[str, str, bool]]:
    """(kind, value, whether it is sure) of the secrets in a text, each value once."""
    seen: set[str] = set()
    small = text.lower()
    for rule in rules():
        if not any(hint in small for hint in rule.hints):
            continue
        for value in (found.strip(_AROUND) for found in rule.find(text)):
            if len(value) < SHORTEST or value in seen or is_placeholder(value, rule.sure):
                continue
            if not rule.sure and (_NAME.search(value) or _is_part(value, seen)):
                continue
            seen.add(value)
            yield rule.kind, value, rule.sure


def _is_part(value: str, seen: set[str]) -> bool:
    return any(value in other for other in seen)
