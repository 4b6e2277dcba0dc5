"""A page taken apart: its elements, and whether they are closed as they were opened."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

_VOID = {"meta", "img", "input", "br", "link"}
_FRAME = {"html", "head", "meta", "title", "style", "script", "body", "aside", "main", "section"}
_PARTS = {"header", "footer", "article", "nav", "details", "summary", "input", "button", "label"}
_LISTS = {"ol", "ul", "li", "dl", "dt", "dd", "table", "tr", "th", "td"}
_WORDS = {"h1", "h2", "p", "div", "span", "a", "b", "code", "pre", "time", "img"}
ALLOWED = _FRAME | _PARTS | _LISTS | _WORDS


class Page(HTMLParser):
    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.scripts: dict[str, str] = {}
        self.feed(data.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        names = [name for name, _ in attrs]
        assert not [name for name in names if name.startswith("on") or name == "style"]
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("script", "style"):
            self.scripts[self.open[-1]] = data
        else:
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]

    @property
    def ids(self) -> list[str]:
        return [str(attrs["id"]) for _, attrs in self.elements if "id" in attrs]


def check(data: bytes) -> Page:
    """Nothing is opened and not closed, nothing acts, nothing leads out of the page."""
    page = Page(data)
    assert len(page.ids) == len(set(page.ids))
    for attrs in page.all("a"):
        assert re.fullmatch(r"#[a-z0-9-]+", str(attrs["href"]))
        assert str(attrs["href"])[1:] in page.ids
    for attrs in page.all("img"):
        assert str(attrs["src"]).startswith("data:image/")
    assert [attrs for _, attrs in page.elements if "href" in attrs or "src" in attrs] == [
        *(a for name, a in page.elements if name in ("a", "img"))
    ]
    _check_policy(page)
    return page


def _check_policy(page: Page) -> None:
    (policy,) = [
        str(meta["content"])
        for meta in page.all("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    ]
    rules: dict[str, Any] = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert len(page.all("script")) == len(page.all("style")) == 1
    for kind in ("script", "style"):
        digest = hashlib.sha256(page.scripts[kind].encode()).digest()
        assert rules[f"{kind}-src"] == f"'sha256-{base64.b64encode(digest).decode()}'"
