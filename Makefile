# The one door to everyday tasks. Each target first sets up what is missing (packaging/setup.sh).

python := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup run test lint format bench bench-plot wheel constraints clean

# Without a screen in tests; results must not depend on the desktop of whoever runs them.
test bench bench-plot: export QT_QPA_PLATFORM := offscreen

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## system libraries, .venv, dependencies; quick when all is there
	@packaging/setup.sh

run: setup ## open Scrubber with the sample transcript (ARGS="…" is passed on)
	@.venv/bin/scrubber demo $(ARGS)

test: lint ## checks, then all tests (ARGS="-k word" is passed to pytest)
	@$(python) -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadgroup $(ARGS)

# Silent when all is well; otherwise the tool's own words.
quietly = @out=$$($(1) 2>&1) || { printf '%s\n\n%s\n' "$$out" 'This failed: $(strip $(1))'; exit 1; }

lint: setup ## ruff, mypy and import-linter
	$(call quietly, .venv/bin/ruff check)
	$(call quietly, .venv/bin/ruff format --check)
	$(call quietly, $(python) -m mypy)
	$(call quietly, .venv/bin/lint-imports)

format: setup ## put imports and layout in order
	@.venv/bin/ruff check --select I,TC --fix --unsafe-fixes --quiet
	@.venv/bin/ruff format --quiet

bench: setup ## measure speed (ONLY="name" for one benchmark, ARGS="--json")
	@packaging/others.sh peers
	@$(python) -m tests.bench $(ARGS) $(ONLY)

bench-plot: setup ## draw how the costs grow with the length of a session, into dist/growth.svg
	@mkdir -p dist
	@$(python) -m tests.bench --json growing | $(python) -m tests.bench.plotting >dist/growth.svg

wheel: setup ## build sdist and wheel into dist/
	@$(python) -m build --no-isolation --outdir dist

constraints: ## write packaging/constraints.txt anew, with today's newest versions
	@packaging/constraints.sh

clean: ## remove everything made by make
	@rm -rf .venv dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find scrubber tests -name __pycache__ -prune -exec rm -rf {} +
