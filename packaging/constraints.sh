#!/usr/bin/env bash
# Writes packaging/constraints.txt: the exact version of everything that Scrubber and its tools
# pull in, newest first choice. Run with the oldest supported Python (3.11), so that all later ones
# can use the result.
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
