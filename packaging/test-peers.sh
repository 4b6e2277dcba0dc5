#!/usr/bin/env bash
# Installs the tools of others that `make bench` measures beside ours, from PyPI into .venv/peers,
# never into our own environment. PEERS=none leaves them out.
#
# When all is there it only compares a stamp. What could not be installed the benchmark leaves out,
# and says so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[[ ${PEERS:-} != none ]] || exit 0
peers=(claude-code-log claude-code-transcripts)
constraints=packaging/test-peers.txt
python=.venv/bin/python
place=.venv/peers
stamp=$place/.ready

say() { printf 'setup: %s\n' "$*" >&2; }
wanted() { { cat "$constraints" packaging/test-peers.sh; "$python" -V; } | cksum; }

[[ ! -e $stamp || "$(cat "$stamp")" != "$(wanted)" ]] || exit 0

say "installing other projects' tools that are measured beside ours into $place"
"$python" -m venv --clear --without-pip "$place"
"$python" -m pip --python "$place/bin/python" install --quiet --disable-pip-version-check --no-input \
  --constraint "$constraints" "${peers[@]}"
wanted >"$stamp"
