# Each target sets itself up: a virtual environment, then the packages. The stamp files inside it remember
# what was installed, so pip runs again only when the requirements or the constraints have changed.

VENV ?= .venv
PYTHON ?= python3
WORKERS ?= 2
ARGS ?=

BIN := $(VENV)/bin
APP_STAMP := $(VENV)/requirements.stamp
DEV_STAMP := $(VENV)/requirements-dev.stamp
INSTALL := $(BIN)/python -m pip install --constraint constraints.txt --requirement
FRESH := build/constraints

.PHONY: help run test chaos lint reset constraints clean

help:  ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{printf "%-19s %s\n", $$1, $$2}'
	@echo "Variables: VENV=$(VENV)  PYTHON=$(PYTHON)  WORKERS=$(WORKERS) (tests at a time)  ARGS='more arguments for run or test'"

run: $(APP_STAMP)  ## Start the app and open it in the browser
	$(BIN)/python -m streamlit run streamlit_app.py $(ARGS)

test: $(DEV_STAMP)  ## Run the tests, with Chromium where it can be had
	@$(BIN)/python -m tests.browser.chromium || true
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

chaos: $(DEV_STAMP)  ## Kill, damage, fill and flood all of it, and print what came of it
	MNIST_DEMO_CHAOS=full $(BIN)/python -m pytest tests/chaos $(ARGS)

lint: $(DEV_STAMP)  ## Check style, formatting and types
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

reset: $(APP_STAMP)  ## Pack what visitors trained into one file and clear the list, while the app is not running
	$(BIN)/python -m mnist_demo.runs.reset

# Into a file of its own first: constraints.txt stays as it is until the new versions are known to install.
constraints:  ## Renew constraints.txt with the newest versions that the requirements admit
	rm -rf $(FRESH)
	$(PYTHON) -m venv $(FRESH)
	$(FRESH)/bin/python -m pip install --upgrade pip
	$(FRESH)/bin/python -m pip install --requirement requirements-dev.txt
	@echo '# The versions that the tests were run with; `make constraints` renews them.' > $(FRESH)/constraints.txt
	$(FRESH)/bin/python -m pip freeze --exclude pip --exclude setuptools --exclude wheel >> $(FRESH)/constraints.txt
	@for version in 3.11 3.12 3.13; do echo "Can Python $$version install them?"; \
		$(FRESH)/bin/python -m pip install --quiet --dry-run --ignore-installed --only-binary :all: \
			--target $(FRESH)/nothing --python-version $$version --constraint $(FRESH)/constraints.txt \
			--requirement requirements-dev.txt || exit 1; done
	mv $(FRESH)/constraints.txt constraints.txt
	rm -rf $(FRESH)

clean:  ## Remove caches and the virtual environment; trained runs stay
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
	rm -rf .mypy_cache .pytest_cache .ruff_cache build test-results
	@if [ -f "$(VENV)/pyvenv.cfg" ]; then echo "rm -rf $(VENV)"; rm -rf "$(VENV)"; fi

# pip is what a half-made environment lacks (Debian without python3-venv), so it stands for the whole.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(APP_STAMP): requirements.txt constraints.txt | $(BIN)/pip
	$(INSTALL) $<
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(APP_STAMP)
	$(INSTALL) $<
	@touch $@
