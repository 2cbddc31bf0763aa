#!/usr/bin/env bash
# Checks style, types, import directions and YAML; changes nothing.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
.venv/bin/ruff check -q . || failed=1
.venv/bin/ruff format -q --check . || failed=1
.venv/bin/mypy || failed=1
.venv/bin/lint-imports --no-cache || failed=1
.venv/bin/yamllint -s . || failed=1
exit $failed
