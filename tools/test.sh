#!/usr/bin/env bash
# Runs every test in the environment it belongs to. SUAR_TEST_STRICT=1 turns a skip into a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
echo "== the bot's own tests (Python 3.10, Rasa)"
bot/.venv/bin/python -m pytest -q -p no:cacheprovider -c bot/pytest.ini tests/bot_env tests/nlu_components
echo "== the actions' tests (rasa-sdk)"
.venv-actions/bin/python -m pytest -q -p no:cacheprovider tests/actions
echo "== the model (kept by content)"
.venv/bin/suar train
echo "== in a real browser (by itself: its driver keeps an event loop running in the test process)"
.venv/bin/python -m pytest -q tests/browser
echo "== everything else"
.venv/bin/python -m pytest -q tests --ignore=tests/bot_env --ignore=tests/nlu_components \
  --ignore=tests/actions --ignore=tests/browser
