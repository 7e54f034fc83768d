# Two commands do everything, installation included: `make demo` and `make test`.
SHELL := /bin/bash
PORT ?= 8000
STORY ?= portal/demo/stories/fjordvik.json
PYTHON ?= python3
VENV := .venv
UV_VERSION := 0.13.9
RUN := $(VENV)/bin/python

.PHONY: demo test test-all install lint types screenshots texts clean

$(VENV)/installed: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Missing: python3-venv. Install it with:  sudo apt-get install python3-venv"; exit 1; }
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) UV_PROJECT_ENVIRONMENT=$(CURDIR)/$(VENV) $(VENV)/bin/uv sync --locked --quiet
	@touch $@

install: $(VENV)/installed

demo: install
	@$(RUN) -m portal.demo --port $(PORT) --story $(STORY) $(if $(RESET),--reset,)

lint: install
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/lint-imports

types: install
	@$(VENV)/bin/mypy

test: install
	@$(RUN) -m tests.run

# `make test` and what needs Node besides; both run, whichever fails
test-all:
	@$(MAKE) --no-print-directory test; first=$$?; $(RUN) -m tests.run more && exit $$first

screenshots: install
	@$(RUN) -m tests.screenshots

texts: install
	@$(RUN) -m portal.texts extract && $(RUN) -m portal.texts update && $(RUN) -m portal.texts check

clean:
	rm -rf $(VENV) instance .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
