#!/usr/bin/env bash
# Writes packaging/constraints.txt: the exact version of everything that Scrubber and its tools
# pull in, newest first choice; others-*.txt, the same for what others.sh installs. Run with the
# oldest supported Python (3.11), so that all later ones can use the results.
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

freeze_of() { # KIND WHAT PACKAGE…
  local file=packaging/others-$1.txt place=$scratch/$1 what=$2
  shift 2
  "${PYTHON:-python3}" -m venv "$place"
  "$place/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
  {
    echo "# Exact versions of $what that tests and benchmarks use. Written by 'make constraints'; do not edit."
    "$place/bin/python" -m pip freeze
  } >"$file"
  echo "$file: $(grep -c == "$file") packages"
}

freeze_of servers "the MCP servers" mcp-server-time mcp-server-git
freeze_of readers "other projects' readers" inspect-ai openai-agents
freeze_of peers "other projects' tools" claude-code-log claude-code-transcripts
