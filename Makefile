# Each target sets itself up: a virtual environment, then the packages. The stamp files inside it remember
# what was installed, so pip runs again only when a requirements file has changed.

VENV ?= .venv
PYTHON ?= python3
ARGS ?=

BIN := $(VENV)/bin
APP_STAMP := $(VENV)/requirements.stamp
DEV_STAMP := $(VENV)/requirements-dev.stamp

.PHONY: help run test lint clean

help:  ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'
	@echo "Variables: VENV=$(VENV)  PYTHON=$(PYTHON)  ARGS='more arguments for run or test'"

run: $(APP_STAMP)  ## Start the app and open it in the browser
	$(BIN)/python -m streamlit run streamlit_app.py $(ARGS)

test: $(DEV_STAMP)  ## Run the tests, with Chromium where it can be had
	@$(BIN)/python -m tests.browser.chromium || true
	$(BIN)/python -m pytest $(ARGS)

lint: $(DEV_STAMP)  ## Check style and formatting
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

clean:  ## Remove caches and the virtual environment; trained runs stay
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
	rm -rf .pytest_cache .ruff_cache test-results
	@if [ -f "$(VENV)/pyvenv.cfg" ]; then echo "rm -rf $(VENV)"; rm -rf "$(VENV)"; fi

# pip is what a half-made environment lacks (Debian without python3-venv), so it stands for the whole.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(APP_STAMP): requirements.txt | $(BIN)/pip
	$(BIN)/python -m pip install --requirement $<
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(APP_STAMP)
	$(BIN)/python -m pip install --requirement $<
	@touch $@
