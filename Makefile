PYTHON ?= python3
CONNECTOR ?= slack
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: certify test lint types unit zoo bench clean

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
	$(BIN)/pytest tests --ignore=tests/zoo -n 2 -m "not slow"

# Adapters that judge the suite, many for some requirements: minutes.
zoo: $(STAMP)
	$(BIN)/pytest tests/zoo -n 2

bench: $(STAMP)
	$(BIN)/python tests/benchmarks/run.py

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $(STAMP)

clean:
	rm -rf $(VENV) certification
