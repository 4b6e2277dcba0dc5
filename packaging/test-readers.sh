#!/usr/bin/env bash
# Installs other projects' own readers, which the tests give the same files as ours: those of
# Inspect and the OpenAI Agents SDK into .venv/readers, pi's into .venv/readers/node where npm is.
# setup.sh calls this at its end. READERS=none leaves them out (they are 500 MB).
#
# When all is there it only compares a stamp. The tests that need what could not be installed skip.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[[ ${READERS:-} != none ]] || exit 0
readers=(inspect-ai openai-agents)
pi=@earendil-works/pi-coding-agent@0.87.1
before=2026-11-01 # what it pulls in is as new as that, and so always the same
constraints=packaging/test-readers.txt
python=.venv/bin/python
place=.venv/readers
stamp=$place/.ready

say() { printf 'setup: %s\n' "$*" >&2; }
wanted() { { cat "$constraints" packaging/test-readers.sh; "$python" -V; command -v npm || true; } | cksum; }

[[ ! -e $stamp || "$(cat "$stamp")" != "$(wanted)" ]] || exit 0

say "installing other projects' readers that the tests compare ours with into $place"
"$python" -m venv --clear --without-pip "$place"
if command -v npm >/dev/null; then
  npm install --prefix "$place/node" --before "$before" --ignore-scripts --no-audit --no-fund \
    --loglevel=error "$pi" >/dev/null &
  node=$!
fi
failed=
"$python" -m pip --python "$place/bin/python" install --quiet --disable-pip-version-check --no-input \
  --no-compile --constraint "$constraints" "${readers[@]}" || failed=pip
if [[ ${node:-} ]]; then
  wait "$node" || say "npm could not install $pi (its own words are above); the tests that use it skip"
fi
[[ ! $failed ]] || exit 1
wanted >"$stamp"
