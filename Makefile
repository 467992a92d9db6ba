# What a person types:  make demo · make test · make lint · make bench
# Each works alone from a fresh clone; only Python >= 3.11, make and git have to be there.
# Written for GNU make 3.81 too, the one that macOS has.

SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The first Python that is new enough; `make PYTHON=/path/to/python3 …` names another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && break; done)

.PHONY: help demo test lint bench races kills machine schema translations clean ready-for-test tools

# `make bench sales` runs that one alone, `make bench` every one of them.
BENCHES := $(filter-out races,$(notdir $(basename $(wildcard bench/*.py))))
NAMED := $(filter $(BENCHES),$(MAKECMDGOALS))

help:
	@echo "make demo    a living shop on this machine, with practice phones (ARGS=\"--port 9000\")"
	@echo "make test    every test (ARGS=\"tests/members -x\")"
	@echo "make lint    formatting, types, imports, spelling"
	@echo "make bench   how fast, against others, in one run (or one alone: make bench sales)"
	@echo "make races   processes that race for one coupon, quota and reservation: each granted once"
	@echo "make kills   the service killed 200 times an engine, among all that a till can tell it"
	@echo "make machine a shop's days at random, 2,000 of them (WALLET_MACHINE_EXAMPLES=200 for fewer)"
	@echo "also         make schema · make translations · make clean"

demo: $(VENV)/.for-demo
	@$(BIN)/wallet-service demo $(ARGS)

test: ready-for-test
	@$(BIN)/pytest --numprocesses=auto $(ARGS)

lint: $(VENV)/.for-test
	@failed=0; \
	for step in "ruff format --check" "ruff check" "mypy" "lint-imports --no-cache"; do \
		echo "$$step"; $(BIN)/$$step || failed=1; \
	done; \
	echo "codespell"; git ls-files -z | xargs -0 $(BIN)/codespell || failed=1; \
	exit $$failed

bench: $(VENV)/.for-bench
	@# -P: bench/passes.py must not be taken for the package of that name.
	@for bench in $(or $(NAMED),$(BENCHES)); do \
		$(BIN)/python -P bench/$$bench.py $(ARGS) || exit 1; done

ifneq ($(NAMED),)
.PHONY: $(NAMED)
$(NAMED): bench
	@:
endif

races: $(VENV)/.for-test
	@$(BIN)/python -P bench/races.py $(ARGS)

kills: ready-for-test
	@WALLET_KILLS=$${WALLET_KILLS:-200} $(BIN)/pytest tests/journeys/test_sigkill.py -s $(ARGS)

machine: ready-for-test
	@WALLET_MACHINE_EXAMPLES=$${WALLET_MACHINE_EXAMPLES:-2000} \
		$(BIN)/pytest tests/journeys/test_books_machine.py $(ARGS)

schema: ready-for-test
	@WALLET_SCHEMA_EXAMPLES=5000 $(BIN)/pytest tests/api/test_api_schema.py -s $(ARGS)

translations: $(VENV)/.for-test
	@$(BIN)/python .ci/translations

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .hypothesis test-results

# ---- what the above need -------------------------------------------------------------------
# A stamp in .venv stands for "installed as pyproject.toml says"; a changed one installs again.

ready-for-test: $(VENV)/.for-test tools

tools: $(VENV)/.for-test
	@.ci/tools $(BIN)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; make PYTHON=… names one."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "A virtual environment cannot be made (on Debian: apt install python3-venv)."; exit 1; }

$(VENV)/.for-demo: pyproject.toml | $(BIN)/python
	@echo "Installing what running needs into $(VENV) …"
	@# --use-pep517: Debian 12's pip warns about wallet-py3k, which has a setup.py alone.
	@$(BIN)/pip install --quiet --use-pep517 --editable .
	@touch $@

$(VENV)/.for-test: pyproject.toml | $(BIN)/python
	@echo "Installing what the tests need into $(VENV) …"
	@$(BIN)/pip install --quiet --upgrade "pip>=25.1"
	@$(BIN)/pip install --quiet --editable . --group dev
	@touch $(VENV)/.for-demo $@

$(VENV)/.for-bench: pyproject.toml | $(BIN)/python
	@echo "Installing what the races need into $(VENV) …"
	@$(BIN)/pip install --quiet --upgrade "pip>=25.1"
	@$(BIN)/pip install --quiet --editable . --group dev --group bench
	@touch $@
