PYTHON ?= python3
CONNECTOR ?= slack
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: certify test lint types unit slow exhaustive browser recording bench clean

certify: $(STAMP)
	$(BIN)/pytest --connector=$(CONNECTOR)

test: lint types unit recording

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

# What takes a minute: wheels certified and published, projects drafted, recorders killed.
slow: $(STAMP)
	$(BIN)/pytest tests -n 2 --dist worksteal -m "slow and not exhaustive and not synapse and not browser"

# Every further adapter of the zoo, inside and outside: most of an hour on two cores. `make test` holds one for each requirement.
exhaustive: $(STAMP)
	$(BIN)/pytest tests/zoo -n 2 --dist worksteal -m exhaustive

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
