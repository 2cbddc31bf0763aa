# Needs python3 with pip, make, a C compiler and git; everything else comes through uv.
UV_VERSION := 0.13.9
UV := .tools/bin/uv
# pyenv: the real interpreters stand before its shims (a shim of a version that is not active
# exits 127, and uv stops there).
PYENV := $(wildcard $(HOME)/.pyenv/versions/3.12.*/bin) $(wildcard $(HOME)/.pyenv/versions/3.13.*/bin) $(wildcard $(HOME)/.pyenv/versions/3.10.*/bin)
empty :=
space := $(empty) $(empty)
export PATH := $(subst $(space),:,$(strip $(PYENV) $(PATH)))
export RASA_TELEMETRY_ENABLED := false
SUAR := .venv/bin/suar
.DEFAULT_GOAL := help
.PHONY: help setup run train chat test test-fast lint fix eval bench messages lock

help: ## list the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(UV):
	@echo "fetching uv $(UV_VERSION) with pip ..."
	@python3 -m pip install --quiet --disable-pip-version-check --target .tools "uv==$(UV_VERSION)"

setup: $(UV) ## make the three environments (Python 3.12 twice, 3.10 for Rasa)
	@tools/setup.sh

run: setup ## start everything on this machine, until Ctrl-C
	@exec $(SUAR) run

train: setup ## make the model for the present content (kept by content)
	@$(SUAR) train

chat: setup ## talk to the bot in the terminal
	@$(SUAR) chat

test: setup ## run all tests, with the real Rasa
	@tools/test.sh

test-fast: setup ## run the tests that need no model
	@.venv/bin/python -m pytest -q -m "not model" tests --ignore=tests/bot_env --ignore=tests/nlu_components --ignore=tests/actions --ignore=tests/browser
	@.venv/bin/python -m pytest -q tests/browser

lint: setup ## check style, types, imports and YAML
	@tools/lint.sh

fix: setup ## mend what can be mended by itself
	@.venv/bin/ruff check -q --fix . ; .venv/bin/ruff format -q .

eval: setup ## measure the model on the unseen messages (docs/evaluation.md)
	@$(SUAR) evaluate

bench: setup ## measure speed, side by side with stock Rasa (takes long)
	@.venv/bin/python -m benchmarks.register_check
	@.venv/bin/python -m benchmarks.segments
	@.venv/bin/python -m benchmarks.road
	@.venv/bin/python -m benchmarks.sending
	@.venv/bin/python -m benchmarks.webhooks
	@.venv/bin/python -m benchmarks.connectors
	@.venv/bin/python -m benchmarks.turns --epochs 5
	@.venv/bin/python -m benchmarks.nlu

messages: setup ## bring the translators' catalogues up to date
	@.venv/bin/python -m suar.messages

lock: $(UV) ## resolve the dependencies anew
	@$(UV) lock && $(UV) lock --project bot
