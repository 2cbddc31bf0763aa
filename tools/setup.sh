#!/usr/bin/env bash
# Makes the three environments from the two locks; quick when they are there already.
set -euo pipefail
cd "$(dirname "$0")/.."
UV=.tools/bin/uv

sync() { # what, project, environment folder, further words for uv
  local what=$1; shift
  local quiet=--quiet
  if [ ! -d "$3" ]; then
    echo "making the environment for $what (once; downloads) ..."
    quiet=
  fi
  if ! UV_PROJECT_ENVIRONMENT="$PWD/$3" "$UV" sync $quiet --locked --project "$1" -p "$2" "${@:4}"; then
    echo "The environment for $what could not be made. It needs Python $2." >&2
    echo "uv fetches it by itself where it may; otherwise install Python $2 (with your system's" >&2
    echo "packages, or pyenv) so that python$2 is found, and run the command again." >&2
    exit 1
  fi
}
sync "Suar itself" . 3.12 .venv
sync "the actions server" . 3.12 .venv-actions --no-default-groups --group actions --group actions-test
sync "Rasa" bot 3.10 bot/.venv --group dev
