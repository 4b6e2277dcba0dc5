#!/usr/bin/env bash
# Writes packaging/constraints.txt: the exact version of everything that Scrubber and its tools
# pull in, newest first choice; and test-servers.txt, the same for the MCP servers that the tests
# use. Run with the oldest supported Python (3.11), so that all later ones can use the results.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"${PYTHON:-python3}" -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check '.[dev]'
{
  echo "# Exact versions of the whole dependency tree. Written by 'make constraints'; do not edit."
  echo "# (pip, which sqlite-utils asks for too, is the one that came with Python.)"
  "$scratch/venv/bin/python" -m pip freeze --exclude scrubber
} >packaging/constraints.txt
echo "packaging/constraints.txt: $(grep -c == packaging/constraints.txt) packages"

"${PYTHON:-python3}" -m venv "$scratch/servers"
"$scratch/servers/bin/python" -m pip install --quiet --disable-pip-version-check \
  mcp-server-time mcp-server-git
{
  echo "# Exact versions of the MCP servers that the tests use. Written by 'make constraints'; do not edit."
  "$scratch/servers/bin/python" -m pip freeze
} >packaging/test-servers.txt
echo "packaging/test-servers.txt: $(grep -c == packaging/test-servers.txt) packages"
