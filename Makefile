# Two commands for everybody: `make maps` and `make test`. Both make their own environment in .venv.
# Already in an environment of your own? Use the plain commands: pip install . && geotrack build;
# pip install '.[test]' && pytest.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# What is never imported need not be compiled, and most of what comes with the packages never is.
PIP = $(BIN)/python -m pip install --quiet --no-compile
COMMA := ,
# PINNED=1, as .ci/run and the update workflow have it: the versions of constraints/, whose files must have the
# hashes that stand there, and of nothing else. Else the newest versions that pyproject.toml allows.
PINNED ?=
install = $(if $(PINNED),$(PIP) --require-hashes -r constraints/$(1).txt && $(PIP) --no-deps --no-build-isolation .,$(PIP) '.$(2)')
# Tests run side by side, a worker per core and at most four: each has a Chromium of its own. WORKERS=0 is none.
WORKERS ?= logical

.PHONY: maps ready test lint lint-python lint-script script readme data picture bench attack cluster constraints clean

maps: $(VENV)/.installed
	$(BIN)/geotrack build
	@echo "open maps/index.html"

test: ready
	$(BIN)/pytest -n $(WORKERS) --maxprocesses 4 --dist worksteal

# Every parser of what comes from outside, with so many mutated inputs, and real commands that are killed so
# often; another seed makes others: make attack INPUTS=1000000 KILLS=1000 SEED=7
INPUTS ?= 100000
KILLS ?= 100
SEED ?= 1
attack: ready
	$(BIN)/python tests/attacks/fuzz.py $(INPUTS) $(SEED)
	$(BIN)/python tests/attacks/kills.py $(KILLS) $(SEED)

# A cluster of Spark on this computer, of whose two workers one is killed on the way: the result is DuckDB's.
ROWS ?= 200000
cluster: ready
	PYTHONPATH=tests $(BIN)/python tests/aggregation/cluster.py $(ROWS)

# All that the tests need.
ready: $(VENV)/.tested
	sh tests/programs.sh
	sh tests/plugins.sh

lint: lint-python lint-script

lint-python: $(VENV)/.linted
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python scripts/check_docstrings.py

lint-script: web/node_modules/.installed
	cd web && PATH="$(abspath $(BIN)):$$PATH" npm run --silent lint
	cd web && PATH="$(abspath $(BIN)):$$PATH" npm run --silent check

# The page's script, after a change in web/: what it is built into is committed.
script: web/node_modules/.installed
	cd web && PATH="$(abspath $(BIN)):$$PATH" npm run --silent build

# What is generated from the data: README's tables and the data package.
readme: $(VENV)/.installed
	$(BIN)/python scripts/make_datapackage.py
	$(BIN)/python scripts/make_readme.py

# The picture at the top of README.md, taken of the real page.
picture: $(VENV)/.tested
	sh tests/programs.sh
	$(BIN)/geotrack build shift
	$(BIN)/python scripts/make_picture.py

bench: $(VENV)/.tested
	$(PIP) '.[bench]'
	$(BIN)/python tests/benchmarks/run.py

# What is generated from pyproject.toml, with the newest versions there are: what PINNED=1 installs.
constraints:
	python3 scripts/make_constraints.py

SOURCES = pyproject.toml $(wildcard constraints/*.txt) $(shell find geotrack data maps scripts -type f \( -name '*.py' -o -name '*.js' -o -name '*.css' -o -name '*.j2' -o -name '*.toml' -o -name '*.csv' -o -name '*.json' -o -name '*.topojson' \) -not -path 'maps/*.json')

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || { echo "python3's venv is missing; on Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.installed: $(VENV)/bin/python $(SOURCES)
	$(call install,run,)
	touch $@

$(VENV)/.tested: $(VENV)/bin/python $(SOURCES)
	$(call install,test,[test$(COMMA)spark])
	touch $@ $(VENV)/.installed

$(VENV)/.linted: $(VENV)/bin/python $(SOURCES)
	$(call install,lint,[lint])
	touch $@ $(VENV)/.installed

web/node_modules/.installed: $(VENV)/.linted web/package-lock.json
	cd web && PATH="$(abspath $(BIN)):$$PATH" npm ci --silent --no-audit --no-fund --ignore-scripts
	touch $@

clean:
	rm -rf $(VENV) build dist maps/*.html maps/*.json
