PYTHON ?= python3
CONNECTOR ?= slack
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: certify test lint types unit exhaustive recording bench clean

certify: $(STAMP)
	$(BIN)/pytest --connector=$(CONNECTOR)

test: lint types unit

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(STAMP)
	$(BIN)/mypy

unit: $(STAMP)
	$(BIN)/pytest tests -n 2 --dist worksteal -m "not slow and not exhaustive" --cov --cov-report=term

# The rest: further adapters that judge the suite, a quarter of an hour of them, and what takes a minute.
exhaustive: $(STAMP)
	$(BIN)/pytest tests -n 2 --dist worksteal -m "(slow or exhaustive) and not synapse"

# A real Synapse, installed into an environment of its own: recorded, certified from that, replayed.
recording: $(STAMP)
	$(BIN)/pytest tests -m synapse

bench: $(STAMP)
	$(BIN)/python tests/benchmarks/run.py

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $(STAMP)

clean:
	rm -rf $(VENV) certification
