PYTHON ?= python3
CONNECTOR ?= slack
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: certify test lint types unit browser exhaustive bench clean

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
	$(BIN)/pytest tests -n 2 -m "not slow and not exhaustive and not browser" --cov --cov-report=term

# The report page in a real browser: Debian's chromium, or the one that CHROMIUM names.
browser: $(STAMP)
	$(BIN)/pytest tests -m browser

# The rest: further adapters that judge the suite, a quarter of an hour of them, and what takes a minute.
exhaustive: $(STAMP)
	$(BIN)/pytest tests -n 2 -m "slow or exhaustive"

bench: $(STAMP)
	$(BIN)/python tests/benchmarks/run.py

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $(STAMP)

clean:
	rm -rf $(VENV) certification
