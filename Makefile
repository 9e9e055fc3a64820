# `make play` and `make test` are all a newcomer needs: Python 3.11 or later, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: play test check bench clean

play: $(READY)  ## the whole job in the terminal, no token
	@$(BIN)/rolecall play

test: $(READY)  ## the fast suite, offline, in parallel
	$(BIN)/python -m pytest -n auto --dist loadgroup -m "not slow"

check: $(READY)  ## lint, types, import contracts, content, slow tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/rolecall check content
	$(BIN)/python -m pytest -n auto --dist loadgroup -m slow
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[semantic]"
	$(BIN)/python -m pytest tests/grading/test_evidence.py

bench: $(READY)  ## every benchmark, beside its goal
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	@for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rolecall needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 play")'
	@echo "Setting up .venv (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $(READY)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
