"""What the commands of the sample's story printed; the tests' output is real, the log is not."""

from __future__ import annotations

ROOT = "/home/ada/shop"

_HEADER = f"""\
================================= test session starts ==================================
platform linux -- Python 3.12.8, pytest-9.0.1, pluggy-1.6.0
rootdir: {ROOT}
"""

_LOGIN_FAILURE = """\
collected 8 items

tests/test_login.py ...F....                                                     [100%]

======================================= FAILURES =======================================
________________________________ test_login_keeps_cart _________________________________

browser = <conftest.Browser object at 0x{address}>

    def test_login_keeps_cart(browser):
        browser.post("/cart/add", sku="anemone-mug")
        page = browser.get("/checkout?step=address")
        assert page.status == 303

        page = browser.post(
            "/login", name="ada", password=PASSWORD, next="/checkout?step=address"
        )
        page = browser.follow(page)
>       assert "1 x anemone-mug" in page.body
E       AssertionError: assert '1 x anemone-mug' in 'Your cart is empty.'
E        +  where 'Your cart is empty.' = Response(body='Your cart is empty.', status=200, \
headers={{}}, cookies={{'tide_sid': '{sid}'}}).body

tests/test_login.py:35: AssertionError
=============================== short test summary info ================================
FAILED tests/test_login.py::test_login_keeps_cart - AssertionError: assert '1 x anemo...
============================= 1 failed, 7 passed in 0.02s ==============================
"""

LOGIN_FAILS = _HEADER + _LOGIN_FAILURE.format(address="7f647f4c80d0", sid="5addb543809b64de")
LOGIN_STILL_FAILS = _HEADER + _LOGIN_FAILURE.format(address="7f7e9fad2e10", sid="742203b7cff33af8")

PROBE = """\
before login 55bd7c6f22dd6802 badge 1
after login  d69f542739ea8bec badge 0
"""

_NO_MOVE = """\
______________________ test_two_carts_are_poured_together[{case}] _______________________

old = {old}, new = {new}, total = {total}

    @pytest.mark.parametrize(("old", "new", "total"), [(0, 0, 0), (2, 0, 2), (0, 3, 3), (2, 3, 5)])
    def test_two_carts_are_poured_together(old, new, total):
        carts = CartStore()
        carts.get("old")["kelp-scarf"] += old
        carts.get("new")["kelp-scarf"] += new
>       carts.move("old", "new")
        ^^^^^^^^^^
E       AttributeError: 'CartStore' object has no attribute 'move'

tests/test_rotation.py:31: AttributeError
"""

_CASES = [(0, 0, 0), (2, 0, 2), (0, 3, 3), (2, 3, 5)]
_NAMES = [f"{a}-{b}-{c}" for a, b, c in _CASES]

ROTATION_RED = (
    """\
F.FFFF                                                                           [100%]
======================================= FAILURES =======================================
______________________________ test_badge_survives_login _______________________________

browser = <conftest.Browser object at 0x7fb1ed1be2d0>

    def test_badge_survives_login(browser):
        browser.post("/cart/add", sku="kelp-scarf")
        browser.post("/login", name="ada", password=PASSWORD)
>       assert browser.get("/cart/badge").body == "1"
E       AssertionError: assert '0' == '1'
E
E         - 1
E         + 0

tests/test_rotation.py:15: AssertionError
"""
    + "".join(
        _NO_MOVE.format(case=name, old=old, new=new, total=total)
        for name, (old, new, total) in zip(_NAMES, _CASES, strict=True)
    )
    + """\
=============================== short test summary info ================================
FAILED tests/test_rotation.py::test_badge_survives_login - AssertionError: assert '0'...
"""
    + "".join(
        f"FAILED tests/test_rotation.py::test_two_carts_are_poured_together[{name}]"
        " - AttributeE...\n"
        for name in _NAMES
    )
    + "5 failed, 1 passed in 0.02s\n"
)

_SKUS = ("anemone-mug", "kelp-scarf", "limpet-hooks", "whelk-whistle")

_PASSED = (
    [f"test_cart.py::test_add_counts[{n}-{sku}]" for n in (1, 2, 12) for sku in _SKUS]
    + [f"test_cart.py::test_add_refuses_nonsense[{n}-{sku}]" for n in (0, -1) for sku in _SKUS]
    + ["test_cart.py::test_carts_do_not_mix", "test_cart.py::test_clear_forgets"]
    + ["test_login.py::test_wrong_password", "test_login.py::test_checkout_asks_for_login"]
    + ["test_login.py::test_login_takes_a_new_session_id", "test_login.py::test_login_keeps_cart"]
    + [
        f"test_login.py::test_never_leaves_the_site[{url}]"
        for url in ("https://evil.example/", "//evil.example", "ftp:shells", "")
    ]
    + ["test_login.py::test_next_keeps_its_query"]
    + ["test_rotation.py::test_badge_survives_login"]
    + ["test_rotation.py::test_stolen_id_sees_nothing"]
    + [f"test_rotation.py::test_two_carts_are_poured_together[{name}]" for name in _NAMES]
)


def _percent(number: int) -> int:
    return 100 * number // len(_PASSED)


ALL_GREEN = (
    _HEADER.replace("pluggy-1.6.0", f"pluggy-1.6.0 -- {ROOT}/.venv/bin/python")
    + f"collecting ... collected {len(_PASSED)} items\n\n"
    + "".join(
        f"{'tests/' + name + ' PASSED':<81}[{_percent(number):3}%]\n"
        for number, name in enumerate(_PASSED, start=1)
    )
    + f"\n{'=' * 34} {len(_PASSED)} passed in 0.02s {'=' * 34}\n"
)


def _log() -> str:
    """One evening's access log: every visitor browses, logs in, and finds the cart gone."""
    lines = []
    sid, second = 0x55BD7C6F22DD6802, 18 * 3600 + 121
    urls = (
        "GET / 200", "GET /shells 200", "POST /cart/add 303", "GET /cart 200",
        "GET /cart/badge 200", "GET /checkout?step=address 303",
        "GET /login?next=%2Fcheckout%3Fstep%3Daddress 200", "POST /login 303",
        "GET /checkout?step=address 200", "GET /cart/badge 200",
    )  # fmt: skip
    for number in range(120):
        step = number % 10
        if step in (0, 7):  # a new visitor; the same one, after the rotation
            sid = (sid * 6364136223846793005 + 1442695040888963407) % 2**64
        second += 3 + (number * 7) % 11
        cart = "-" if step < 2 else "1" if step < 8 else "0"
        clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        request = f"{clock} {urls[step]:<53}"
        lines.append(f"{request} sid={sid:016x} cart={cart} {2 + number * 5 % 13}ms")
    return "\n".join(lines)


ACCESS_LOG = _log()

_COMMITS = (
    ("9c41d07", "Badge: count quantities, not rows", "tidepool/cart.py 4 tests/test_cart.py 11"),
    (
        "51e88ab",
        "Session ids: rotate at login (audit #31)",
        "tidepool/session.py 14 tidepool/auth.py 2 tests/test_login.py 7",
    ),
    (
        "e07b3f2",
        "Checkout: one page, three steps",
        "tidepool/shop.py 31 templates/checkout.html 58",
    ),
    ("c3d90a5", "Waves on the login page", "templates/login.html 9 static/shore.css 66"),
    (
        "77f0b1e",
        "safe_next: no protocol-relative URLs",
        "tidepool/auth.py 3 tests/test_login.py 5",
    ),
    (
        "2ab6c98",
        "CartStore instead of a dict in the session",
        "tidepool/cart.py 29 tidepool/session.py 12 tidepool/shop.py 8",
    ),
    ("f4d1133", "Sell whelk whistles", "data/shelf.toml 6"),
    ("0be7a64", "Log the session and the cart's size", "tidepool/web.py 7 tidepool/shop.py 4"),
    ("8d5527c", "Tests: a browser in thirty lines", "tests/conftest.py 34 tests/test_login.py 22"),
    (
        "a19e6d3",
        "Log in, log out",
        "tidepool/auth.py 36 tidepool/shop.py 9 templates/login.html 12",
    ),
    ("64c0f8b", "Carts", "tidepool/cart.py 25 tests/test_cart.py 30"),
    ("1f2e3d4", "A web framework of our own, sorry", "tidepool/web.py 78"),
)


def _git_log() -> str:
    """``git log --graph --stat`` of the shop's short life."""
    lines = []
    for age, (commit, subject, touched) in enumerate(_COMMITS):
        words = touched.split()
        pairs = list(zip(words[::2], map(int, words[1::2]), strict=True))
        total = sum(count for _, count in pairs)
        lines.append(f"* {commit} (2026-05-{17 - age:02}) {subject}")
        lines += [f"|  {path:<24} | {n:>2} {'+' * min(n, 40)}" for path, n in pairs]
        files = f"{len(pairs)} file{'s' if len(pairs) > 1 else ''} changed"
        lines += [f"|  {files}, {total} insertions(+)", "|"]
    return "\n".join(lines[:-1])


GIT_LOG = _git_log()

GIT_STATUS = """\
On branch fix/login-keeps-cart
Changes not staged for commit:
	modified:   templates/login.html
	modified:   tidepool/auth.py

no changes added to commit (use "git add" and/or "git commit -a")
"""

LINT = """\
All checks passed!
Success: no issues found in 6 source files
"""

DIFF_STAT = """\
 templates/login.html   |  2 +-
 tests/test_login.py    |  4 ++++
 tests/test_rotation.py | 33 +++++++++++++++++++++++++++++++++
 tidepool/auth.py       |  2 +-
 tidepool/cart.py       |  5 +++++
 tidepool/session.py    |  6 +++++-
 tidepool/shop.py       |  2 +-
 7 files changed, 50 insertions(+), 4 deletions(-)
"""
