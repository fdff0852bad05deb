# `make run` serves Guildhall, `make test` tests it. Both set up what they need, say so, and are quick the second time.

PYTHON ?= python3
VENV := .venv
RELOADED := .venv-reloaded
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement
REQUIREMENTS := $(if $(findstring postgresql,$(DATABASE_URL)),requirements-postgresql.txt,requirements.txt)
PYTEST := $(BIN)/python -m pytest
# Tests in a browser and on a server wait as much as they compute: one more at a time than there are processors. The files in their
# own order, for the longest ones (browser/) are then not the last to begin.
AT_ONCE = $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)")

.PHONY: run preflight setup test test-fast test-search-reloaded check format bench bench-search lock messages clean

run: setup
	@exec $(BIN)/gunicorn --config gunicorn.conf.py

setup: preflight $(VENV)/$(REQUIREMENTS).done static/vendor/.done
	@$(BIN)/flask setup

preflight:
	@$(PYTHON) app/preflight.py run

test: preflight $(VENV)/requirements-dev.txt.done static/vendor/.done
	@echo "Tests (without a browser on this machine those in Chromium are skipped)"
	@$(PYTEST) -n $(AT_ONCE) --dist loadfile --no-loadscope-reorder $(ARGS)

test-fast: $(VENV)/requirements-dev.txt.done
	@$(PYTEST) -n auto --dist worksteal --hypothesis-profile quick -m "not browser and not race and not slow and not postgresql" $(ARGS)

check: $(VENV)/requirements-dev.txt.done
	@echo "Format" && $(BIN)/ruff format --check --quiet .
	@echo "Lint" && $(BIN)/ruff check --quiet . && $(BIN)/djlint --lint --quiet app
	@echo "Types" && $(BIN)/mypy
	@echo "Known weaknesses of dependencies, where the service can be reached"
	@$(BIN)/python -m tests.audit
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory test-search-reloaded

format: $(VENV)/requirements-dev.txt.done
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --fix --quiet .

bench: $(VENV)/requirements-dev.txt.done
	@$(BIN)/python -m tests.bench

# Search beside other engines, on 1,000 to 100,000 documents: takes an hour; BENCH_SIZES=1000 a few minutes.
bench-search: $(VENV)/requirements-dev.txt.done
	@$(BIN)/python -m tests.bench.search

# The engine's tests on Whoosh-Reloaded. It has the import name of whoosh3: never both in one environment.
test-search-reloaded: $(RELOADED)/.done
	@echo "The search engine on Whoosh-Reloaded"
	@$(RELOADED)/bin/python -m pytest -q -n0 -p no:cacheprovider \
	  tests/search/test_contract.py tests/search/test_against_whoosh.py tests/search/test_index.py tests/search/test_repair.py $(ARGS)

# New versions of what is installed, within what pyproject.toml allows.
lock: $(VENV)/requirements-dev.txt.done
	@for extra in "requirements.txt" "requirements-postgresql.txt --extra postgresql" "requirements-dev.txt --extra postgresql --group dev"; do \
	  set -- $$extra; file=$$1; shift; echo "$$file"; \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	    --python-version 3.11 pyproject.toml "$$@" --output-file $$file; \
	done

# Sentences of the code into the catalogue, for the translator.
messages: $(VENV)/requirements-dev.txt.done
	@mkdir -p var
	@$(BIN)/pybabel --quiet extract --mapping-file babel.cfg --ignore-dirs .git --keywords _l --keywords lazy_ngettext:1,2 --no-location --sort-output \
	  --project Guildhall --output-file var/messages.pot app
	@$(BIN)/pybabel --quiet update --input-file var/messages.pot --output-dir app/translations --locale zh_Hans_CN \
	  --no-fuzzy-matching --ignore-pot-creation-date --ignore-obsolete --width 120
	@rm var/messages.pot

clean:
	@rm -rf $(VENV) $(RELOADED) static/vendor node_modules .pytest_cache .ruff_cache .mypy_cache
	@echo "The data in var/ is left."

$(VENV)/bin/python:
	@echo "Virtual environment"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/%.txt.done: %.txt | $(VENV)/bin/python
	@echo "Python packages ($*.txt, checked by hash)"
	@$(PIP) $*.txt
	@touch $@

$(RELOADED)/.done: requirements-reloaded.txt $(VENV)/requirements-dev.txt.done
	@echo "Python packages with Whoosh-Reloaded instead of whoosh3 (checked by hash)"
	@rm -rf $(RELOADED) && $(PYTHON) -m venv --without-pip $(RELOADED)
	@awk '/^[^ ]/ {other = !/^whoosh3==/} other' requirements-dev.txt | cat - requirements-reloaded.txt > $(RELOADED)/requirements.txt
	@$(BIN)/uv pip install --quiet --require-hashes --no-deps --python $(RELOADED)/bin/python --requirement $(RELOADED)/requirements.txt
	@touch $@

# Optional: every page works without it.
static/vendor/.done: package-lock.json
	@mkdir -p static/vendor
	@if command -v npm >/dev/null; then \
	  echo "Browser enhancements" && npm ci --ignore-scripts --no-audit --no-fund --loglevel error >/dev/null \
	  && cp node_modules/htmx.org/dist/htmx.min.js static/vendor/ \
	  && cp node_modules/@github/markdown-toolbar-element/dist/index.js static/vendor/markdown-toolbar.js && touch $@; \
	else echo "npm is not here: pages do without the browser enhancements."; fi
