# `make help` lists everything.
PYTHON ?= python3
VENV   ?= .venv
STUDY  ?= data/example/study.toml
BENCH_peers := --only planar SJC '3 min, p = 10'
BENCH_interception := --tau 0.25 inf --seconds 30
PARTS  := calls roads hotspots siting records peers growth districts grid_peers duty roster_peers patrol_peers checkpoints containment \
          interception maps whole_run
BIN    := $(VENV)/bin
READY  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install run test check format layers bench peers lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(READY)  ## create .venv and install what requirements.lock pins

$(READY): requirements.lock setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "$(PYTHON) is not Python 3.11, 3.12 or 3.13; name one: make PYTHON=python3.12 ..."; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

run: $(READY)  ## write the embedded study, plan it, and print where the map is
	@test -f $(STUDY) || $(BIN)/optimizer init data/example
	$(BIN)/optimizer run $(STUDY) --overwrite

test: $(READY)  ## run the tests
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(READY)  ## lint, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)  ## let ruff format and fix
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

layers: $(READY)  ## check that imports only go to packages listed above
	$(BIN)/python -m pytest -q tests/test_layers.py

bench: $(PARTS:%=bench-%)  ## repeat the measurements of docs/benchmarks.md, in about an hour

bench-%: $(READY)  ## repeat those of benchmarks/%.py alone
	$(BIN)/python benchmarks/$*.py $(BENCH_$*)

peers: $(READY)  ## install what the parts named peers measure beside this package
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[bench]'

lock:  ## resolve the dependencies anew and write requirements.lock
	rm -rf $(VENV)-lock && $(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/pip install --quiet '.[dev]'
	$(VENV)-lock/bin/pip freeze --exclude optimizer > requirements.lock
	rm -rf $(VENV)-lock

clean:  ## remove the environment, caches, embedded study and plans
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache build *.egg-info data/example reports/*/
