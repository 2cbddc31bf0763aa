#!/usr/bin/env bash
# Runs every test in the environment it belongs to. SUAR_TEST_STRICT=1 turns a skip into a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
# The model is made meanwhile: on one processor, while the tests that need none use the other.
log=$(mktemp)
trap 'kill -- "-$training" 2>/dev/null || true; rm -f "$log"' EXIT
set -m # a group of its own, so that what it starts ends with it
.venv/bin/suar train >"$log" 2>&1 &
training=$!
set +m
echo "== the bot's own tests (Python 3.10, Rasa)"
bot/.venv/bin/python -m pytest -q -p no:cacheprovider -c bot/pytest.ini tests/bot_env tests/nlu_components
echo "== the actions' tests (rasa-sdk)"
.venv-actions/bin/python -m pytest -q -p no:cacheprovider tests/actions
echo "== the model (kept by content)"
wait "$training" || { cat "$log"; exit 1; }
trap 'rm -f "$log"' EXIT
tail -n 1 "$log"
echo "== in a real browser (apart: its driver keeps an event loop running in the test process)"
.venv/bin/python -m pytest -q -n 3 --dist loadfile tests/browser
echo "== everything else, three at a time (most wait more than they work)"
.venv/bin/python -m pytest -q -n 3 --dist loadfile tests --ignore=tests/bot_env --ignore=tests/nlu_components \
  --ignore=tests/actions --ignore=tests/browser --ignore=tests/processes
echo "== killed processes, dead parts, full disks (by themselves: they keep time)"
.venv/bin/python -m pytest -q tests/processes
