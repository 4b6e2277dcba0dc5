"""The sample's story: a cart goes overboard at login, and an agent dives after it.

Written to be scrubbed: it has a wrong turn worth forking before (the edit of ``safe_next``), a
choice that the user settles while the agent works, a call that a closed laptop left unanswered, a
compaction, and a happy end.
"""

from __future__ import annotations

from tests.resources import sample_output as out
from tests.resources.sample_dsl import (
    Attachment,
    Compaction,
    Meta,
    Prompt,
    Queue,
    Reply,
    Say,
    Step,
    Story,
    System,
    Think,
    agent,
    bash,
    edit,
    glob,
    grep,
    plan,
    read,
    reply,
    write,
)
from tests.resources.sample_shop import FILES, ROTATION_TESTS

HELPER = "a7f3c19d2e84b6051"
"""The sub-agent who looks into the session middleware."""

PYTEST = "python -m pytest tests/test_login.py"

KEEP_ROTATION = (
    "Whatever you find: please keep the id rotation at login. It is there because of our security "
    "audit (#31), and I don't want to explain its absence to them."
)

# --- Monday evening: look around, run the test, jump to a conclusion

LOOK_AROUND: tuple[Step, ...] = (
    Meta("permission-mode", {"permissionMode": "acceptEdits"}),
    Prompt(
        "Customers lose their cart when they log in at checkout. The test `test_login_keeps_cart` "
        "shows it. Can you find out why, and fix it? Please don't touch the public URLs, half the "
        "harbour has them bookmarked.",
        after=0,
    ),
    Attachment(
        {
            "type": "deferred_tools_delta",
            "addedNames": ["NotebookEdit", "WebFetch", "WebSearch"],
            "addedLines": ["NotebookEdit", "WebFetch", "WebSearch"],
            "removedNames": [],
        }
    ),
    reply(
        Think(
            "A cart that vanishes at login: either the redirect after login goes to the wrong "
            "place, or the cart is filed under something that login changes. I need to see three "
            "things at once: who touches the cart, how login works, and where it redirects to. "
            "These reads are independent, so I can ask for all of them together."
        ),
        Say("I'll look at the login, the cart, and everything that mentions a redirect."),
        read("tidepool/auth.py"),
        read("tidepool/cart.py"),
        grep(r"redirect|next", "tidepool"),
        after=6,
    ),
    Meta("ai-title", {"aiTitle": "Cart lost at login redirect"}),
    reply(read("tidepool/shop.py"), read("tests/test_login.py"), glob("tests/*.py"), weight=6600),
    reply(
        Think(
            "The test adds a mug, is sent to login by /checkout?step=address, logs in with "
            'next="/checkout?step=address", follows the redirect, and expects the mug. Before I '
            "theorise, I should see the failure with my own eyes, and write down a plan."
        ),
        plan(see="in_progress", find="pending", fix="pending", test="pending"),
    ),
    reply(bash(PYTEST, "Run the login tests", out.LOGIN_FAILS, exit_code=1, seconds=1.9)),
    reply(
        Think(
            "'Your cart is empty.' on the page after the redirect. What differs between the page "
            "the customer wanted and the page they got? safe_next() returns parts.path only: the "
            "query is dropped, so the customer lands on /checkout instead of "
            "/checkout?step=address. The checkout does read request.query['step'], and falls back "
            "to 'review' when it is missing. If a missing step makes the checkout show an empty "
            "cart, that is our bug. It fits the title of the report, 'login redirect', rather "
            "well. I could check the handler once more, but the fix is a single line; let me try "
            "it first."
        ),
        Say(
            "I think I have it. `safe_next` keeps the path but throws the **query** away, so after "
            "login the customer lands on `/checkout` rather than `/checkout?step=address`, and the "
            "checkout starts afresh:\n\n"
            "```http\nPOST /login            next=/checkout?step=address\n"
            "303 See Other          Location: /checkout\n```\n\n"
            "A one-line fix:"
        ),
        after=9,
        weight=4200,
    ),
)

# --- the wrong turn: fork here

WRONG_TURN: tuple[Step, ...] = (
    reply(
        edit(
            "tidepool/auth.py",
            "    return parts.path\n",
            '    return f"{parts.path}?{parts.query}" if parts.query else parts.path\n',
        ),
        after=3,
    ),
    reply(
        bash(PYTEST, "Run the login tests again", out.LOGIN_STILL_FAILS, exit_code=1, seconds=1.8),
        after=3,
    ),
    System("api_error", {"retryInMs": 548.6, "retryAttempt": 1, "maxRetries": 10}, after=2),
    System("api_error", {"retryInMs": 1103.2, "retryAttempt": 2, "maxRetries": 10}, after=1),
    reply(
        Think(
            "Still empty, and the same message. So I was wrong: the redirect now keeps its query, "
            "and the cart is gone all the same. Reading the checkout again, `step` is only used "
            "*after* the emptiness check; it could never have emptied anything. I had the line in "
            "front of me and read past it.\n\n"
            "Back to the other hypothesis: carts are filed under request.session.id, and login() "
            "calls session.rotate(). If rotate() changes the id, the cart is still there, under a "
            "name nobody asks for any more. Look at cookies['tide_sid'] in the failing response: "
            "it is a fresh one."
        ),
        Say(
            "That was a wrong guess, and I should have seen it: the checkout reads `step` only "
            "*after* it has found the cart empty. Keeping the query is right, but it is not this "
            "bug.\n\n"
            "What is left is the session: the cart is filed under `session.id`, and `login()` "
            "calls `rotate()`. Before I change anything else, I'll have the session middleware "
            "looked into properly."
        ),
        after=7,
    ),
    Reply(
        (
            agent(
                "Investigate session middleware",
                "In the repository at /home/ada/shop, find out what exactly happens to the session "
                "and its id when a visitor logs in. Start with tidepool/session.py. Answer: (1) "
                "when does the id change, and why; (2) in which order are the session loaded, "
                "rotated and stored; (3) which other data is keyed by the session id and would be "
                "left behind. Show evidence by running a small script; do not edit any file.",
                HELPER,
            ),
        ),
        after=5,
        weight=2700,
        meanwhile=(
            Queue(
                "enqueue",
                KEEP_ROTATION,
                after=4,
            ),
        ),
    ),
    Queue("remove", after=0.02),
    Attachment(
        {
            "type": "queued_command",
            "prompt": KEEP_ROTATION,
            "commandMode": "prompt",
        }
    ),
    reply(
        Think(
            "The sub-agent confirms it, with evidence: badge 1 before login, 0 after. And Ada has "
            "just ruled out the lazy fix (no rotation). Options that keep the rotation:\n"
            "1. file carts under a separate, stable cart id kept in session.data;\n"
            "2. move the cart when the id changes, from inside login();\n"
            "3. let the middleware announce the change of id, and let the cart store follow.\n"
            "(1) changes what is stored for every open cart, so all open carts would be lost at "
            "deployment. (2) couples auth to carts, and logout rotates too. (3) is small, and the "
            "next thing keyed by session id gets the same treatment."
        ),
        Say(
            "Found. `rotate()` gives the session a new id, and the cart stays behind under the old "
            "one. Understood about the audit, so the rotation stays. What could change instead:\n\n"
            "| | idea | cost |\n|---|---|---|\n"
            "| 1 | a separate cart id in `session.data` | empties every open cart at deployment |\n"
            "| 2 | `login()` moves the cart | couples auth to carts; `logout()` needs it, too |\n"
            "| 3 | the middleware announces the new id, the cart store follows | small |\n\n"
            "I'd take **3**. Shall I?"
        ),
        plan(see="completed", find="completed", fix="in_progress", test="pending"),
        after=8,
    ),
    reply(Say("The plan is up to date; I'll wait for your word on option 3."), after=3),
    System("turn_duration", {}),
)

# --- what the sub-agent does meanwhile

HELPER_STEPS: tuple[Step, ...] = (
    reply(
        Say("I'll read the middleware and the framework it plugs into."),
        read("tidepool/session.py"),
        read("tidepool/web.py", offset=28, limit=50),
        after=2,
    ),
    reply(
        Think(
            "rotate() remembers the former id and draws a new one. __call__ loads, calls the "
            "handler, stores, and sets the cookie from request.session.id, thus the new id. "
            "_store drops the old entry. Now: who else uses session.id as a key?"
        ),
        grep(r"session\.id", "tidepool"),
        after=3,
    ),
    reply(
        Think(
            "Three handlers in shop.py file carts under request.session.id. A script with the "
            "tests' own browser will show whether the cart survives; and do the tests know of it?"
        ),
        grep(r"tide_sid|rotate", "tests"),
        bash(
            "python - <<'EOF'\n"
            "from tests.conftest import Browser\n"
            "from tidepool.shop import create_app\n\n"
            "b = Browser(create_app())\n"
            'b.post("/cart/add", sku="limpet-hooks")\n'
            'print("before login", b.cookies["tide_sid"], "badge", b.get("/cart/badge").body)\n'
            'b.post("/login", name="ada", password="lovelace-1843")\n'
            'print("after login ", b.cookies["tide_sid"], "badge", b.get("/cart/badge").body)\n'
            "EOF",
            "Show session id and badge around login",
            out.PROBE,
            seconds=0.3,
        ),
        after=3,
    ),
    reply(
        Say(
            "## What happens to a session at login\n\n"
            "1. **When and why.** `auth.login` and `auth.logout` call `Session.rotate()`, which "
            "draws a new id as a defence against session fixation (audit #31). The old id is kept "
            "in `former_id` until the response is ready.\n"
            "2. **Order.** `SessionMiddleware.__call__`: load by cookie → handler (rotates) → "
            "`_store` forgets the old id and files the session under the new one → cookie.\n"
            "3. **Left behind.** Only `CartStore`: three handlers in `tidepool/shop.py` use "
            "`request.session.id` as the key of a cart. `session.data` travels along.\n\n"
            "Evidence:\n\n```text\nbefore login 55bd7c6f22dd6802 badge 1\n"
            "after login  d69f542739ea8bec badge 0\n```\n\n"
            "`_store` is the one place that knows both ids at once."
        ),
        after=6,
    ),
)

# --- a screenshot from a customer; then the laptop is closed

EVENING: tuple[Step, ...] = (
    Prompt(
        "Yes, option 3. And look, a customer sent this: the badge says 0 even *on* the login page, "
        "before they have logged in. Same bug, or a second one?",
        after=212,
        picture=True,
    ),
    reply(
        Think(
            "The picture: the login page, address tidepool.example/login?next=%2Fcheckout, name "
            "'marina' filled in, ten dots of password, and in the header 'Your cart' with a badge "
            "of 0. The next parameter is there, without a query. On the login page the id has not "
            "been rotated yet, so our bug cannot empty the cart here. Unless the badge is simply "
            "static until a script fills it. Look at the template, and at who fills data-src."
        ),
        Say(
            "The badge reads **0** before any login, so the rotation cannot be to blame for that "
            "one. Let me see how the badge gets its number."
        ),
        read("templates/login.html"),
        grep("badge", ""),
        after=7,
        weight=15600,
    ),
    reply(
        Think(
            "The template has a literal 0 and a data-src; a script is meant to replace it. No "
            "script is loaded in this template. So the badge on the login page is *always* 0, for "
            "everybody: a second, harmless bug. The access log will tell me whether anything asks "
            "for /cart/badge while people are on the login page."
        ),
        bash("tail -n 120 var/log/access.log", "Read the evening's access log", out.ACCESS_LOG),
        after=5,
        weight=4500,
    ),
    reply(
        Say(
            "Two different bugs, then:\n\n"
            "- **The lost cart** is in the log, again and again: `cart=1` before `POST /login`, a "
            "new `sid`, and `cart=0` ever after.\n"
            "- **The badge on the login page** is just painted on: the template says `0`, and no "
            "script on that page ever asks `/cart/badge`.\n\n"
            "I'd fix the first here and leave the second for an issue of its own. First, the cart "
            "store:"
        ),
        edit(
            "tidepool/cart.py",
            "    def drop(self, session_id: str) -> None:\n",
            "    def move(self, old_id: str, new_id: str) -> None:\n",
            error="String to replace not found in file.\n"
            "String:     def drop(self, session_id: str) -> None:\n",
        ),
        after=6,
        weight=7800,
    ),
    reply(
        Say(
            "The method is called `clear`, not `drop`. I'd rather write the tests first anyway; "
            "let me see whether the end-to-end suite runs here."
        ),
        bash(
            "docker compose up -d && make e2e",
            "Start the stack and run the end-to-end tests",
            seconds=None,
        ),
        after=5,
    ),
    Meta("last-prompt", {}),
)

# --- Tuesday morning

MORNING: tuple[Step, ...] = (
    Meta("custom-title", {"customTitle": "Keep the cart through login"}),
    Meta("permission-mode", {"permissionMode": "acceptEdits"}),
    Prompt(
        "Good morning! I closed the laptop on you, and the stack never came up on the train. "
        "Forget the e2e suite, the unit tests will do. I also changed the label of the login "
        "button by hand. Carry on with option 3, tests first please.",
        after=14 * 3600 + 1260,
    ),
    Attachment(
        {
            "type": "edited_text_file",
            "filename": "/home/ada/shop/templates/login.html",
            "snippet": '     7→    <label>Password <input name="password" …></label>\n'
            "     8→    <button>Come aboard</button>\n     9→  </form>",
        }
    ),
    reply(
        Say("Good morning. Where were we:"),
        bash("git status", "Show the working tree", out.GIT_STATUS, seconds=0.1),
        bash(
            "git log --graph --stat --format='%h (%as) %s'",
            "Show how the code came to be",
            out.GIT_LOG,
            seconds=0.2,
        ),
        after=6,
        weight=9300,
    ),
    reply(
        Think(
            "My safe_next edit is still there; it is right in itself, but it deserves a test of "
            "its own. 51e88ab introduced the rotation, 2ab6c98 had moved the carts out of the "
            "session the week before: each fine alone, and the bug is in the gap between them. "
            "Tests first: the badge survives login; a stolen old id sees nothing (that is what "
            "the audit cares about); and two carts are poured together rather than one replacing "
            "the other."
        ),
        Say(
            "The history explains it: carts left the session in `2ab6c98`, the ids began to rotate "
            "in `51e88ab`. Each is fine alone. Tests first:"
        ),
        write("tests/test_rotation.py", ROTATION_TESTS),
        after=9,
        weight=5400,
    ),
    reply(
        bash(
            "python -m pytest -q tests/test_rotation.py",
            "Run the new tests, which should fail",
            out.ROTATION_RED,
            exit_code=1,
            seconds=1.6,
        ),
        after=3,
    ),
    reply(
        Say("Red, for the right reasons. Once more through the files that I am about to change."),
        read("tidepool/session.py"),
        read("tidepool/cart.py"),
        read("tests/conftest.py"),
        read("tests/test_cart.py"),
        after=4,
        weight=7200,
    ),
)

# --- the context is full

SUMMARY = """\
1. Primary Request and Intent:
   Ada runs a small web shop, *tidepool*. Customers lose their cart when they log in at checkout; \
`tests/test_login.py::test_login_keeps_cart` shows it. Find the cause and fix it. Constraints: the \
public URLs stay; **the id rotation at login stays** (security audit #31); tests first; unit tests \
only, no end-to-end suite.

2. Key Technical Concepts:
   - `Session.rotate()` draws a new id at login and logout, against session fixation
   - `CartStore` files carts under the session id
   - `SessionMiddleware._store` is the one place that knows the old and the new id

3. Files and Code Sections:
   - `tidepool/auth.py`: `safe_next` now keeps the query (my first guess; right in itself, but not \
this bug; still without a test)
   - `tests/test_rotation.py`: new, 6 tests, 5 of them red
   - `tidepool/cart.py`, `tidepool/session.py`, `tidepool/shop.py`: to be changed

4. Errors and Fixes:
   - I blamed the redirect's missing query, edited `safe_next`, and the test failed as before. The \
checkout looks at `step` only after it has found the cart empty.
   - An edit of `CartStore.drop` failed: the method is called `clear`.
   - `docker compose up` never came back; Ada asked to leave it.

5. Problem Solving:
   The sub-agent's probe: badge 1 before login, badge 0 and a new id after it. The badge on the \
login page itself is a static 0: another bug, for another issue.

6. All User Messages:
   - "Customers lose their cart when they log in at checkout. …"
   - "Whatever you find: please keep the id rotation at login. …"
   - "Yes, option 3. And look, a customer sent this: …" (with a screenshot of the login page)
   - "Good morning! … Carry on with option 3, tests first please."

7. Pending Tasks:
   - Implement option 3: the middleware announces a new id, the cart store follows
   - A test for `safe_next`; linters; the whole suite; a summary for Ada

8. Current Work:
   The new tests are red for the right reasons. All files have been read again; the next step is \
`CartStore.move(old_id, new_id)`.
"""

FULL: tuple[Step, ...] = (
    Compaction(
        SUMMARY,
        files=("tidepool/session.py", "tidepool/cart.py", "tests/test_rotation.py"),
        mentioned=("tidepool/auth.py", "tidepool/shop.py"),
    ),
)

# --- the right fix

RIGHT_FIX: tuple[Step, ...] = (
    reply(
        Think(
            "Option 3. CartStore.move pours the old cart into the new one and forgets the old. "
            "Then SessionMiddleware takes callbacks, called with (old, new) in _store, and "
            "create_app wires carts.move in. The three edits don't depend on one another."
        ),
        Say("Now option 3, in three small pieces: the store, the middleware, and the wiring."),
        edit(
            "tidepool/cart.py",
            "        self._carts.pop(session_id, None)\n",
            "        self._carts.pop(session_id, None)\n\n"
            "    def move(self, old_id: str, new_id: str) -> None:\n"
            '        """Follow a session that took a new id; two carts are poured together."""\n'
            "        if old_id != new_id and old_id in self._carts:\n"
            "            self.get(new_id).update(self._carts.pop(old_id))\n",
        ),
        edit(
            "tidepool/session.py",
            "    def __init__(self) -> None:\n        self.sessions: dict[str, Session] = {}\n",
            "    def __init__(self, *on_rotate: Callable[[str, str], None]) -> None:\n"
            "        self.sessions: dict[str, Session] = {}\n"
            "        self.on_rotate = on_rotate\n",
        ),
        edit(
            "tidepool/shop.py",
            "    app = App(SessionMiddleware())\n",
            "    app = App(SessionMiddleware(carts.move))\n",
        ),
        after=8,
        weight=7400,
    ),
    reply(
        edit(
            "tidepool/session.py",
            "            self.sessions.pop(session.former_id, None)\n",
            "            self.sessions.pop(session.former_id, None)\n"
            "            for follow in self.on_rotate:\n"
            "                follow(session.former_id, session.id)\n",
        ),
        edit(
            "tidepool/session.py",
            "import secrets\nfrom dataclasses",
            "import secrets\nfrom collections.abc import Callable\nfrom dataclasses",
        ),
        edit(
            "tests/test_login.py",
            '    assert safe_next(url) == "/"\n',
            '    assert safe_next(url) == "/"\n\n\n'
            "def test_next_keeps_its_query():\n"
            '    assert safe_next("/checkout?step=address") == "/checkout?step=address"\n',
        ),
        after=4,
    ),
    reply(
        bash("python -m pytest -v", "Run the whole suite", out.ALL_GREEN, seconds=2.2),
        bash(
            "ruff check . && mypy --strict tidepool", "Lint and type-check", out.LINT, seconds=3.4
        ),
        after=3,
    ),
    reply(
        Think(
            "All 37 pass, the linters are content. Does the stolen-id test really test something? "
            "With the rotation taken out it would read '1'; good. One last look at the size of "
            "the change, and the list can be closed."
        ),
        plan(see="completed", find="completed", fix="completed", test="completed"),
        bash("git add -N . && git diff --stat", "Show the size of the change", out.DIFF_STAT),
        after=4,
    ),
    reply(
        Say(
            "# The cart stays aboard\n\n"
            "`login()` takes a new session id (and still does), but carts were filed under the "
            "old one. Now the middleware *says* when an id changes, and the cart store follows.\n\n"
            "## What changed\n\n"
            "| file | change |\n|---|---|\n"
            "| `tidepool/cart.py` | `CartStore.move(old_id, new_id)`; two carts are poured "
            "together |\n"
            "| `tidepool/session.py` | `SessionMiddleware(*on_rotate)` calls back with both ids |\n"
            "| `tidepool/shop.py` | wires the two together |\n"
            "| `tidepool/auth.py` | `safe_next` keeps the query: my wrong guess, yet a real bug |\n"
            "| `tests/` | 7 new tests; 37 in all, **all green** |\n\n"
            "The heart of it:\n\n"
            "```python\nfor follow in self.on_rotate:\n"
            "    follow(session.former_id, session.id)\n```\n\n"
            "## For the audit\n\n"
            "1. The id is rotated as before, at login *and* logout.\n"
            "2. `test_stolen_id_sees_nothing` proves that a stolen id finds an empty cart.\n\n"
            "## Not done\n\n"
            "- The badge on the login page is a painted-on `0`. This would do, in an issue of its "
            "own:\n\n"
            "```js\nfor (const badge of document.querySelectorAll('[data-src]')) {\n"
            "  badge.textContent = await (await fetch(badge.dataset.src)).text();\n}\n```\n\n"
            "- `logout()` rotates as well, so an anonymous visitor now *keeps* the cart after "
            "logging out. Pleasant at home, less so in a library: your call."
        ),
        after=7,
    ),
    System("turn_duration", {}),
    Prompt("Lovely, thank you. A commit message, please, and I'll take it from here.", after=154),
    reply(
        Say(
            "With pleasure:\n\n"
            "```text\nKeep the cart when the session takes a new id\n\n"
            "Carts are filed under the session's id, which is rotated at login\n"
            "(audit #31): the cart stayed behind. The session middleware now\n"
            "announces a change of id, and the cart store follows it.\n\n"
            "safe_next keeps the query, too, so that customers come back to\n"
            "the step of the checkout that they left.\n```\n\n"
            "Fair winds."
        ),
        after=5,
    ),
    System("turn_duration", {}),
    Meta("last-prompt", {}),
    Meta("custom-title", {"customTitle": "Keep the cart through login"}),
)

STORY = Story(
    steps=LOOK_AROUND + WRONG_TURN + EVENING + MORNING + FULL + RIGHT_FIX,
    files=FILES,
    helpers={HELPER: HELPER_STEPS},
)
