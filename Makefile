# Two commands are enough on a fresh Debian or Ubuntu with Python 3.11 or newer:
#   make run     sets up what the show needs (no torch) and starts it
#   make test    sets up everything and runs every check
# Both are quick the second time. Options for the show: make run ARGS="--input demo --fullscreen"

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; \
	done)
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
# Much of what the tests do is waiting. No more than four at once: each may hold torch and a model.
SIDE_BY_SIDE := -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: help run test lint screenshots clean

help:
	@echo "make run          start the show (ARGS=\"--input demo\" for options of soundglass live)"
	@echo "make test         set up everything and run every check"
	@echo "make lint         the style and type checks alone"
	@echo "make screenshots  make the pictures in docs/ anew (two minutes; let nothing else run)"
	@echo "make clean        remove the environment and what the tools left"

run: $(VENV)/live.stamp
	@sh scripts/system-packages.sh run || true
	@$(BIN)/soundglass show $(ARGS)

test: $(VENV)/dev.stamp
	@sh scripts/system-packages.sh test || true
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/pyright --pythonpath $(BIN)/python

screenshots: $(VENV)/live.stamp
	$(BIN)/python scripts/screenshots.py

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis *.egg-info

$(BIN)/python:
	@test -n "$(PYTHON)" || \
		{ echo "soundglass: Python 3.11 or newer is needed; type: sudo apt-get install -y python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		sh scripts/system-packages.sh venv $(notdir $(PYTHON))
	@echo "soundglass: making the environment in $(VENV)"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/live.stamp: $(BIN)/python pyproject.toml constraints.txt
	@echo "soundglass: installing what the show needs (once; some minutes)"
	@$(PIP) -e .
	@touch $@

# torch goes first and pinned: anything else that asked for it could bring a build with CUDA
$(VENV)/dev.stamp: $(VENV)/live.stamp
	@echo "soundglass: installing what training and the tests need (once; some minutes)"
	@$(PIP) torch
	@$(PIP) -e '.[dev]'
	@touch $@
