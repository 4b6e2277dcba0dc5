"""The files of "tidepool", the little web shop that the sample's agent works on.

It is a real program: its tests fail and pass exactly as the sample says. Here it is text, so that
neither pytest nor the linters take it for a part of Scrubber.
"""

from __future__ import annotations

FILES: dict[str, str] = {}
"""What the shop's folder holds when the session begins, by path; the order is that of a listing."""

FILES["tidepool/__init__.py"] = '''\
"""Tidepool: a small shop for people who like the sea."""
'''

FILES["tidepool/web.py"] = '''\
"""Just enough web framework for one small shop: requests, responses, routes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from tidepool.session import Session


@dataclass
class Request:
    method: str
    url: str
    form: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    session: Session = None  # type: ignore[assignment]  # set by the middleware

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query))


@dataclass
class Response:
    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Request], Response]
Middleware = Callable[[Request, Handler], Response]


def redirect(url: str) -> Response:
    """See Other: the browser follows with a GET, whatever it sent before."""
    return Response(status=303, headers={"Location": url})


class App:
    """A table of routes, wrapped in middleware from the outside in."""

    def __init__(self, *middleware: Middleware) -> None:
        self.routes: dict[tuple[str, str], Handler] = {}
        self.middleware = middleware

    def route(self, method: str, path: str) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            self.routes[method, path] = handler
            return handler

        return register

    def __call__(self, request: Request) -> Response:
        handler: Handler = self._dispatch
        for layer in reversed(self.middleware):
            handler = _wrap(layer, handler)
        return handler(request)

    def _dispatch(self, request: Request) -> Response:
        handler = self.routes.get((request.method, request.path))
        return handler(request) if handler else Response("Nothing washed ashore here.", 404)


def _wrap(layer: Middleware, inner: Handler) -> Handler:
    return lambda request: layer(request, inner)
'''

FILES["tidepool/session.py"] = '''\
"""Server-side sessions behind one signed-in-the-sand cookie."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from tidepool.web import Handler, Request, Response

COOKIE = "tide_sid"


@dataclass
class Session:
    id: str
    data: dict[str, Any] = field(default_factory=dict)
    former_id: str | None = None

    def rotate(self) -> None:
        """Take a new id. Done at login, against session fixation (audit #31)."""
        self.former_id = self.id
        self.id = secrets.token_hex(8)


class SessionMiddleware:
    """Load the session before the handler runs, store it afterwards."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}

    def __call__(self, request: Request, handler: Handler) -> Response:
        request.session = self._load(request.cookies.get(COOKIE))
        response = handler(request)
        self._store(request.session)
        response.cookies[COOKIE] = request.session.id
        return response

    def _load(self, sid: str | None) -> Session:
        known = self.sessions.get(sid or "")
        return known or Session(id=secrets.token_hex(8))

    def _store(self, session: Session) -> None:
        if session.former_id:
            self.sessions.pop(session.former_id, None)
            session.former_id = None
        self.sessions[session.id] = session
'''

FILES["tidepool/cart.py"] = '''\
"""Carts. A cart belongs to a session until somebody checks out."""

from __future__ import annotations

from collections import Counter

Cart = Counter[str]  # sku -> quantity


class CartStore:
    """All open carts, by session id."""

    def __init__(self) -> None:
        self._carts: dict[str, Cart] = {}

    def get(self, session_id: str) -> Cart:
        return self._carts.setdefault(session_id, Counter())

    def add(self, session_id: str, sku: str, quantity: int = 1) -> None:
        if quantity < 1:
            raise ValueError(f"cannot add {quantity} of {sku}")
        self.get(session_id)[sku] += quantity

    def count(self, session_id: str) -> int:
        return self.get(session_id).total()

    def clear(self, session_id: str) -> None:
        self._carts.pop(session_id, None)
'''

FILES["tidepool/auth.py"] = '''\
"""Logging in, logging out, and where to go afterwards."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from tidepool.web import Request, Response, redirect

USERS = {"ada": "lovelace-1843"}


def safe_next(url: str) -> str:
    """Where to go after login: a path on this site, never another host."""
    parts = urlsplit(url)
    if parts.netloc or not parts.path.startswith("/"):
        return "/"
    return parts.path


def login_form(request: Request) -> Response:
    target = escape(request.query.get("next", "/"))
    return Response(f'<form method="post"><input name="next" value="{target}"></form>')


def login(request: Request) -> Response:
    name = request.form.get("name", "")
    if USERS.get(name) != request.form.get("password"):
        return Response("Wrong name or password.", 401)
    request.session.rotate()
    request.session.data["user"] = name
    return redirect(safe_next(request.form.get("next", "/")))


def logout(request: Request) -> Response:
    request.session.data.clear()
    request.session.rotate()
    return redirect("/")
'''

FILES["tidepool/shop.py"] = '''\
"""The shop itself: which URL does what."""

from __future__ import annotations

from urllib.parse import quote

from tidepool import auth
from tidepool.cart import CartStore
from tidepool.session import SessionMiddleware
from tidepool.web import App, Request, Response, redirect


def create_app() -> App:
    carts = CartStore()
    app = App(SessionMiddleware())
    app.route("GET", "/login")(auth.login_form)
    app.route("POST", "/login")(auth.login)
    app.route("POST", "/logout")(auth.logout)

    @app.route("POST", "/cart/add")
    def add(request: Request) -> Response:
        carts.add(request.session.id, request.form["sku"])
        return redirect("/cart")

    @app.route("GET", "/cart/badge")
    def badge(request: Request) -> Response:
        return Response(str(carts.count(request.session.id)))

    @app.route("GET", "/checkout")
    def checkout(request: Request) -> Response:
        if "user" not in request.session.data:
            return redirect("/login?next=" + quote(request.url, safe=""))
        cart = carts.get(request.session.id)
        if not cart:
            return Response("Your cart is empty.")
        step = request.query.get("step", "review")
        rows = "".join(f"<li>{n} x {sku}</li>" for sku, n in sorted(cart.items()))
        return Response(f"<h1>Checkout: {step}</h1><ul>{rows}</ul>")

    return app
'''

FILES["templates/login.html"] = """\
<main class="shore">
  <header><a href="/">tidepool</a> <span class="badge" data-src="/cart/badge">0</span></header>
  <form method="post" action="/login" class="card">
    <h1>Welcome back</h1>
    <input type="hidden" name="next" value="{{ next }}">
    <label>Name <input name="name" autocomplete="username"></label>
    <label>Password <input name="password" type="password" autocomplete="current-password"></label>
    <button>Log in</button>
  </form>
</main>
"""

FILES["tests/conftest.py"] = '''\
"""A browser in thirty lines: keeps cookies, follows redirects when asked."""

from __future__ import annotations

import pytest

from tidepool.shop import create_app
from tidepool.web import App, Request, Response


class Browser:
    def __init__(self, app: App) -> None:
        self.app = app
        self.cookies: dict[str, str] = {}

    def send(self, method: str, url: str, **form: str) -> Response:
        response = self.app(Request(method, url, form, dict(self.cookies)))
        self.cookies.update(response.cookies)
        return response

    def get(self, url: str) -> Response:
        return self.send("GET", url)

    def post(self, url: str, **form: str) -> Response:
        return self.send("POST", url, **form)

    def follow(self, response: Response) -> Response:
        return self.get(response.headers["Location"])


@pytest.fixture
def browser() -> Browser:
    return Browser(create_app())
'''

FILES["tests/test_login.py"] = """\
from __future__ import annotations

import pytest

from tidepool.auth import safe_next

PASSWORD = "lovelace-1843"


def test_wrong_password(browser):
    assert browser.post("/login", name="ada", password="babbage").status == 401


def test_checkout_asks_for_login(browser):
    page = browser.get("/checkout")
    assert page.headers["Location"] == "/login?next=%2Fcheckout"


def test_login_takes_a_new_session_id(browser):
    browser.get("/cart/badge")
    before = browser.cookies["tide_sid"]
    browser.post("/login", name="ada", password=PASSWORD)
    assert browser.cookies["tide_sid"] != before


def test_login_keeps_cart(browser):
    browser.post("/cart/add", sku="anemone-mug")
    page = browser.get("/checkout?step=address")
    assert page.status == 303

    page = browser.post(
        "/login", name="ada", password=PASSWORD, next="/checkout?step=address"
    )
    page = browser.follow(page)
    assert "1 x anemone-mug" in page.body


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "ftp:shells", ""])
def test_never_leaves_the_site(url):
    assert safe_next(url) == "/"
"""

FILES["tests/test_cart.py"] = """\
from __future__ import annotations

import pytest

from tidepool.cart import CartStore

SKUS = ["anemone-mug", "kelp-scarf", "limpet-hooks", "whelk-whistle"]


@pytest.mark.parametrize("sku", SKUS)
@pytest.mark.parametrize("quantity", [1, 2, 12])
def test_add_counts(sku, quantity):
    carts = CartStore()
    carts.add("s1", sku, quantity)
    assert carts.count("s1") == quantity


@pytest.mark.parametrize("sku", SKUS)
@pytest.mark.parametrize("quantity", [0, -1])
def test_add_refuses_nonsense(sku, quantity):
    with pytest.raises(ValueError, match="cannot add"):
        CartStore().add("s1", sku, quantity)


def test_carts_do_not_mix():
    carts = CartStore()
    carts.add("s1", "kelp-scarf")
    assert carts.count("s2") == 0


def test_clear_forgets():
    carts = CartStore()
    carts.add("s1", "kelp-scarf")
    carts.clear("s1")
    assert carts.count("s1") == 0
"""

ROTATION_TESTS = '''\
"""What must follow a session when it takes a new id, and what must not."""

from __future__ import annotations

import pytest

from tidepool.cart import CartStore

PASSWORD = "lovelace-1843"


def test_badge_survives_login(browser):
    browser.post("/cart/add", sku="kelp-scarf")
    browser.post("/login", name="ada", password=PASSWORD)
    assert browser.get("/cart/badge").body == "1"


def test_stolen_id_sees_nothing(browser):
    browser.post("/cart/add", sku="kelp-scarf")
    stolen = browser.cookies["tide_sid"]
    browser.post("/login", name="ada", password=PASSWORD)
    browser.cookies["tide_sid"] = stolen
    assert browser.get("/cart/badge").body == "0"


@pytest.mark.parametrize(("old", "new", "total"), [(0, 0, 0), (2, 0, 2), (0, 3, 3), (2, 3, 5)])
def test_two_carts_are_poured_together(old, new, total):
    carts = CartStore()
    carts.get("old")["kelp-scarf"] += old
    carts.get("new")["kelp-scarf"] += new
    carts.move("old", "new")
    assert carts.count("new") == total
    assert carts.count("old") == 0
'''
"""What the agent adds: tests/test_rotation.py."""
