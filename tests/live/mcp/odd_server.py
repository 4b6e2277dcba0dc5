"""An MCP server that does everything a server should not, and some things that it may.

Nothing but the standard library, as it runs in a Python of its own. The words of the command line
say how it misbehaves from its start on; its tools, how within a call.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n a pixel").decode()
HOW = set(sys.argv[1:])
lock = threading.Lock()


def send(message):
    with lock:
        sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        sys.stdout.flush()


def text(words):
    return {"content": [{"type": "text", "text": words}]}


def child():
    """Something that the server starts and leaves to itself."""
    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    return subprocess.Popen(sleeper, stdin=subprocess.DEVNULL, stdout=None, stderr=None).pid


def flood():
    for _ in range(200):
        sys.stderr.write("x" * 99_999 + "\n")


def garbage():
    print('Welcome!\n\n{not json\n[1, 2]\n{"jsonrpc": "2.0"}\n\x00\xff')
    sys.stdout.buffer.write(b"\xff\xfe\x80\n")
    sys.stdout.flush()


def one_line():
    sys.stdout.write("x" * 1_000_000)
    sys.stdout.flush()
    while True:
        sys.stdout.write("x" * 1_000_000)


def sleep(seconds):
    time.sleep(seconds)
    return text("slept")


def grow():
    TOOLS["grown"] = TOOLS["echo"]
    send({"method": "notifications/tools/list_changed"})
    return text("done")


def die(status):
    sys.stderr.write("I have had enough\n")
    sys.stderr.flush()
    os._exit(status)


TOOLS = {
    "echo": lambda a: text(json.dumps(a, sort_keys=True)),
    "environment": lambda a: text(json.dumps(dict(os.environ))),
    "where": lambda a: text(str(Path.cwd())),
    "pid": lambda a: text(str(os.getpid())),
    "child": lambda a: text(str(child())),
    "fails": lambda a: {**text("no such thing"), "isError": True},
    "image": lambda a: {"content": [{"type": "image", "mimeType": "image/png", "data": PIXEL}]},
    "structured": lambda a: {"content": [], "structuredContent": {"degrees": 21}},
    "both": lambda a: {**text("warm"), "structuredContent": {"degrees": 21}, "_meta": {"a": 1}},
    "resource": lambda a: {
        "content": [
            {"type": "resource", "resource": {"uri": "note://1", "text": "a note"}},
            {"type": "resource_link", "uri": "file:///x", "name": "x", "description": "an x"},
            {"type": "audio", "mimeType": "audio/wav", "data": PIXEL},
        ]
    },
    "dies": lambda a: die(3),
    "floods": lambda a: flood() or text("done"),
    "prints": lambda a: garbage() or text("done"),
    "one_line": lambda a: one_line(),
    "sleeps": lambda a: sleep(a.get("seconds", 600)),
    "hangs": lambda a: lock.acquire() and sleep(600),
    "clock": lambda a: text("live noon"),
    "grows": lambda a: grow(),
    "nonsense": lambda a: {"content": "words"},
}


def listed():
    tools = [
        {"name": name, "description": f"It {name}.", "inputSchema": {"type": "object"}}
        for name in TOOLS
    ]
    tools[0]["annotations"] = {"readOnlyHint": True, "openWorldHint": False}
    tools[1]["annotations"] = {"destructiveHint": True, "openWorldHint": True}
    return tools


def answer(number, method, params):
    if method == "initialize":
        version = params["protocolVersion"]
        about = {"name": "odd", "version": "1"}
        result = {
            "protocolVersion": version,
            "capabilities": {"tools": {"listChanged": True}},
            "serverInfo": about,
        }
    elif method == "tools/list":
        half, rest = listed()[:9], listed()[9:]
        result = {"tools": rest} if params.get("cursor") else {"tools": half, "nextCursor": "2"}
    elif method == "ping":
        result = {}
    elif params.get("name") in TOOLS:
        result = TOOLS[params["name"]](params.get("arguments") or {})
    else:
        send({"id": number, "error": {"code": -32602, "message": f"no tool {params.get('name')}"}})
        return
    send({"id": number, "result": result})


def main():
    if "stubborn" in HOW:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "floods" in HOW:
        flood()
    if "prints" in HOW:
        garbage()
    if "dies" in HOW:
        die(7)
    for line in sys.stdin:
        message = json.loads(line)
        if log := os.environ.get("ODD_LOG"):
            with Path(log).open("a", encoding="utf-8") as file:
                file.write(line)
        if "id" in message and "mute" not in HOW:
            words = message["id"], message["method"], message.get("params") or {}
            threading.Thread(target=answer, args=words, daemon=True).start()
    if "stubborn" in HOW:
        time.sleep(600)


main()
