# The project's commands. Each sets up .venv by itself when that is missing, unfinished or older than pyproject.toml.

SHELL := bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
TOO_OLD = '$(PYTHON)' is not Python 3.11 or newer; name one that is: PYTHON=python3.12 make $(firstword $(MAKECMDGOALS) install)
NO_VENV = '$(PYTHON)' cannot make virtual environments; on Debian and Ubuntu: apt install

OLDEST := $(shell sed -n 's/.*"nbgrader>=\([0-9.]*\),.*/\1/p' pyproject.toml)
WITH_NBGRADER := build adopt gradebook nbgrader_plugin stock_commands pages formgrader

# By name: `call` would take the comma for its own.
BENCH := .[test,bench]

.DEFAULT_GOAL := help
.PHONY: help install demo test test-oldest test-nbgrader lint bench clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

install: $(VENV)/installed ## set up .venv with everything the project needs
	@echo "$(VENV) is ready: try \`make demo\`, then \`make test\`."

demo: $(VENV)/installed ## grade a made-up class from end to end
	@$(BIN)/autograde demo

test: lint ## lint, types, built notebooks and all tests
	$(BIN)/autograde build --check
	$(BIN)/pytest --numprocesses auto --dist loadfile

test-oldest: $(VENV)/oldest/installed ## what has to do with nbgrader, against the oldest one that is supported
	$(VENV)/oldest/bin/pytest -W 'ignore:User-placed attribute' $(addprefix tests/kit/test_,$(addsuffix .py,$(WITH_NBGRADER)))

test-nbgrader: $(VENV)/installed ## nbgrader's own tests, graded by this kit (minutes)
	AUTOGRADE_NBGRADER_TESTS=1 $(BIN)/pytest tests/kit/test_nbgrader_suite.py

lint: $(VENV)/installed ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/installed-bench ## measure grading: a notebook against its alternatives, a submission, a class
	$(BIN)/python -m benchmarks

clean: ## remove .venv, caches and the demo's class; submissions and grades stay
	rm -rf $(VENV) .autograde demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Written last, so that an interrupted set-up is taken up again. An environment that works is kept, whatever $(PYTHON) is.
$(VENV)/installed: pyproject.toml
	@$(BIN)/python -c 'import pip; $(NEW_ENOUGH)' 2>/dev/null || { \
	  $(PYTHON) -c '$(NEW_ENOUGH)' 2>/dev/null || { echo "$(TOO_OLD)" >&2; exit 1; }; \
	  $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "$(NO_VENV) $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" >&2; exit 1; }; \
	  $(PYTHON) -m venv --clear $(VENV); }
	@echo "Setting up $(VENV) (PyTorch is large: a few minutes the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(call uv_install,.[test])
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed
	@$(call uv_install,$(BENCH))
	@touch $@

# The same packages but for nbgrader. It stands within .venv, and goes with it.
$(VENV)/oldest/installed: $(VENV)/installed
	@echo "Setting up $(VENV)/oldest with nbgrader $(OLDEST) ..."
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)/oldest
	@$(BIN)/uv pip freeze --quiet --exclude-editable --python $(BIN)/python | grep -v '^nbgrader==' > $(VENV)/oldest/packages
	@$(BIN)/uv pip install --quiet --python $(VENV)/oldest/bin/python --constraints $(VENV)/oldest/packages \
	  'nbgrader==$(OLDEST)' --editable '.[test]'
	@touch $@

# uv's list of some 170 installed packages is left out; downloads and errors are shown.
uv_install = set -o pipefail; $(BIN)/uv pip install --python $(BIN)/python --editable '$(1)' 2>&1 | { grep -v '^ [-+~] ' || true; }
