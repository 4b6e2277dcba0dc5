#!/usr/bin/env bash
# Makes a fresh checkout ready: system libraries for Qt, .venv, and in it Scrubber and its tools.
#
# Every `make` target starts with this. When all is there it only compares a stamp: a few
# milliseconds, nothing printed. PYTHON=python3.12 chooses the interpreter.
# Works with the bash 3.2 of macOS.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=packaging/debian-packages.txt
constraints=packaging/constraints.txt
venv=.venv
stamp=$venv/.ready

say() { printf 'setup: %s\n' "$*" >&2; }
stop() { printf 'setup: stopped. %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# ------------------------------------------------------------------ system packages (Debian, Ubuntu)

as_root() { if [[ $EUID -eq 0 ]]; then "$@"; else sudo -n "$@"; fi; }
may_install() { [[ $EUID -eq 0 ]] || sudo -n true 2>/dev/null; }

apt_install() { # REASON PACKAGE…
  local reason=$1 log
  shift
  may_install || stop "$reason. Installing that takes administrator rights; please run

    sudo apt-get update && sudo apt-get install --no-install-recommends $*

and then make again."
  say "$reason. Installing: $*"
  log=$(mktemp)
  # One repository that cannot be reached need not matter: whether the packages come is what counts.
  as_root apt-get update >"$log" 2>&1 || true
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    -o DPkg::Lock::Timeout=120 "$@" >>"$log" 2>&1 || {
    cat "$log" >&2
    stop "apt-get could not install: $* (its own words are above)."
  }
  rm -f "$log"
}

# The packages (or, with "library", the libraries) of a kind that are missing here.
missing() { # KIND [library]
  local kind package library
  while read -r kind package library; do
    if [[ $kind == "$1" && $loadable != *"$library "* ]]; then
      if [[ ${2:-} == library ]]; then printf '%s ' "$library"; else printf '%s ' "$package"; fi
    fi
  done <"$packages"
}

system_libraries() {
  [[ -x /sbin/ldconfig ]] || return 0 # macOS: Qt brings or finds everything it needs
  local loadable core screen
  loadable=$(/sbin/ldconfig -p)
  core=$(missing core) screen=$(missing screen)
  [[ $core$screen ]] || return 0
  if ! has apt-get; then
    [[ -e $stamp ]] || say "this is neither Debian nor Ubuntu; please install what holds these libraries yourself:" \
      "$(missing core library)$(missing screen library)"
    return 0
  fi
  if [[ ! $core && ! ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]] && ! may_install; then
    [[ -e $stamp ]] || say "no display here, so I go on without the libraries for windows: $screen"
    return 0
  fi
  # shellcheck disable=SC2086 # lists of words
  apt_install "Qt needs system libraries to draw and to open windows" $core $screen
}

# ---------------------------------------------------------------------------------------- Python

# PySide6 6.11 has no build for Python 3.15.
fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if has "$candidate" && fits "$candidate"; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

choose_python() { # sets $python
  if python=$(find_python); then return; fi
  [[ ! ${PYTHON:-} ]] || stop "PYTHON=$PYTHON is not a Python from 3.11 to 3.14."
  has apt-get || stop "Scrubber needs Python 3.11 or newer (up to 3.14), and there is none on the PATH."
  if has python3; then # too old, as on Ubuntu 22.04, whose archive has a newer one beside it
    apt_install "Scrubber needs Python 3.11, and $(python3 -V) is too old" python3.11 python3.11-venv
  else
    apt_install "Scrubber needs Python" python3 python3-venv
  fi
  python=$(find_python) || stop "Scrubber needs Python 3.11 or newer; this system's packages end at $(python3 -V)."
}

make_venv() {
  local version
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    has apt-get || stop "$python lacks its venv module; please install it (python3-venv or the like)."
    apt_install "Python's venv module is missing" "python$version-venv"
  fi
  say "creating $venv with $("$python" -V)"
  "$python" -m venv --clear "$venv" || stop "$python could not create $venv (its own words are above)."
}

fill_venv() {
  say "installing Scrubber and its tools into $venv (the first time that fetches about 120 MB)"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --constraint "$constraints" --editable '.[dev]' ||
    stop "pip could not install what pyproject.toml asks for (its own words are above). Is the package index reachable?"
  "$venv/bin/python" -c 'from PySide6 import QtWidgets' ||
    stop "Qt is installed but cannot be loaded (see above); a library is missing, please add it to $packages."
}

# ------------------------------------------------------------------------------------------ all

# What the venv depends on. It can neither move nor change its Python, hence two parts.
place() { echo "$PWD $("$1" -V 2>&1)"; }
contents() { cat pyproject.toml "$constraints" | cksum; }
stamped() { [[ -e $stamp ]] && sed -n "$1p" "$stamp"; }

system_libraries
python=${PYTHON:-$venv/bin/python}
if [[ -e $stamp && "$(stamped 1)" == "$(place "$python")" ]]; then
  if [[ "$(stamped 2)" == "$(contents)" ]]; then
    packaging/others.sh servers readers
    exit 0
  fi
else
  choose_python
  make_venv
fi
fill_venv
{ place "$venv/bin/python"; contents; } >"$stamp"
packaging/others.sh servers readers
say "ready"
