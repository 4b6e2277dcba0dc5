#!/usr/bin/env bash
# packaging/others.sh KIND…: installs what other projects made and our tests and benchmarks use, never
# into our own environment but each kind into one of its own, .venv/KIND (npm's into .venv/KIND/node):
#
#   servers  MCP servers that the tests talk to
#   readers  other projects' own readers, which the tests give the same files as ours (500 MB)
#   peers    tools that `make bench` measures beside ours
#
# When all is there it only compares a stamp. WITHOUT="readers peers" leaves kinds out. What is not
# there is not used: tests skip, the benchmark says so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=.venv/bin/python
before=2026-11-01 # what comes from npm is no newer than that, and so always the same
say() { printf 'setup: %s\n' "$*" >&2; }

of_kind() { # sets from PyPI, and from npm
  node=()
  case $1 in
    servers) pypi=(mcp-server-time mcp-server-git) node=(@modelcontextprotocol/server-filesystem@2026.8.31) ;;
    readers) pypi=(inspect-ai openai-agents) node=(@earendil-works/pi-coding-agent@0.87.1) ;;
    peers) pypi=(claude-code-log claude-code-transcripts) ;;
    *) say "no such kind: $1"; exit 2 ;;
  esac
}

wanted() { { cat "packaging/others-$1.txt" packaging/others.sh; "$python" -V; command -v npm || true; } | cksum; }

from_npm() {
  [[ ${node[*]} ]] && command -v npm >/dev/null || return 0
  npm install --prefix "$1/node" --before "$before" --ignore-scripts --no-audit --no-fund \
    --loglevel=error "${node[@]}" >/dev/null ||
    say "npm could not install ${node[*]} (its own words are above); the tests that use it skip"
}

install() {
  local kind=$1 place=.venv/$1 npm
  of_kind "$kind"
  [[ " ${WITHOUT:-} " != *" $kind "* ]] || return 0
  [[ ! -e $place/.ready || "$(cat "$place/.ready")" != "$(wanted "$kind")" ]] || return 0
  say "installing ${pypi[*]} ${node[*]} into $place"
  "$python" -m venv --clear --without-pip "$place"
  from_npm "$place" &
  npm=$!
  if "$python" -m pip --python "$place/bin/python" install --quiet --disable-pip-version-check --no-input \
    --no-compile --constraint "packaging/others-$kind.txt" "${pypi[@]}"; then
    wait "$npm"
    wanted "$kind" >"$place/.ready"
  else
    wait "$npm"
    say "${pypi[*]} could not be installed (see above); what uses them is left out"
  fi
}

for kind in "$@"; do install "$kind"; done
