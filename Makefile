PYTHON ?= python3
CONNECTOR ?= slack
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: certify test lint types unit exhaustive browser recording bench clean

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
	$(BIN)/pytest tests -n 2 --dist worksteal -m "not slow and not exhaustive and not browser and not synapse" --cov --cov-report=term

# The report page in a real browser: Debian's chromium, or the one that CHROMIUM names.
browser: $(STAMP)
	$(BIN)/pytest tests -m browser

# The rest: further adapters that judge the suite, a quarter of an hour of them, and what takes a minute.
exhaustive: $(STAMP)
	$(BIN)/pytest tests -n 2 --dist worksteal -m "(slow or exhaustive) and not synapse and not browser"

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
