"""The program that runs a GGUF file: llama.cpp's server, in a process of its own.

``python -m scrubber.live.providers.local_server``; it is told what to do by a line of JSON on
stdin, so that the key is in no list of processes, says where it listens by one on stdout, and ends
when stdin does: with the program that started it, however that ended.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def main() -> None:
    """Serve until nobody wants it any more."""
    wanted = json.loads(sys.stdin.readline())
    try:
        server = _start(wanted)
    except Exception as error:  # what native code raises is not known
        _say({"error": str(error) or type(error).__name__})
        return
    _say({"url": server.listening_address})
    while sys.stdin.read(65536):
        pass
    os._exit(0)  # its threads would take seconds to notice


def _start(wanted: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = wanted["file"]
    params.model_alias = {wanted["model"]}
    params.api_keys = [wanted["key"]]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.cors_origins, params.cors_origins_explicit = "", True
    params.n_ctx = wanted["context"]
    params.n_parallel = wanted["parallel"]
    params.kv_unified = True  # each of the siblings may use the whole context
    params.sleep_idle_seconds = wanted["idle_seconds"]
    if wanted["threads"]:
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = wanted["threads"]
    params.use_jinja = True
    params.offline = True
    params.ui = False
    return xllamacpp.Server(params)


def _say(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
