#!/usr/bin/env bash
# Installs the MCP servers that the tests talk to, in environments of their own: two of PyPI in
# .venv/servers, and one of npm in .venv/servers/node where npm is. setup.sh calls this at its end.
#
# When all is there it only compares a stamp. The tests that need what could not be installed skip.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

servers=(mcp-server-time mcp-server-git)
node_server=@modelcontextprotocol/server-filesystem@2026.8.31
node_before=2026-11-01 # what it pulls in is as new as that, and so always the same
constraints=packaging/test-servers.txt
python=.venv/bin/python
place=.venv/servers
stamp=$place/.ready

say() { printf 'setup: %s\n' "$*" >&2; }
wanted() { { cat "$constraints" packaging/test-servers.sh; "$python" -V; command -v npm || true; } | cksum; }

[[ ! -e $stamp || "$(cat "$stamp")" != "$(wanted)" ]] || exit 0

say "installing the MCP servers that the tests use into $place"
"$python" -m venv --clear --without-pip "$place"
"$python" -m pip --python "$place/bin/python" install --quiet --disable-pip-version-check --no-input \
  --constraint "$constraints" "${servers[@]}"
if command -v npm >/dev/null; then
  npm install --prefix "$place/node" --before "$node_before" --ignore-scripts --no-audit --no-fund \
    --loglevel=error "$node_server" >/dev/null ||
    say "npm could not install $node_server (its own words are above); the tests that use it skip"
fi
wanted >"$stamp"
