# Every command sets up .venv by itself the first time; `make PYTHON=python3.12 ...` chooses the Python.
PORT ?= 5000
python := .venv/bin/python
setup := tools/setup
export PYTHON

.PHONY: help run test test-all check bench docs translations screenshots clean

help:
	@echo "make run [PORT=5000]   the company's site with its Network Status page"
	@echo "make test              the tests that need nothing but Python"
	@echo "make test-all          all tests; installs nagios, chromium, ... when it may"
	@echo "make check             style, types and architecture, in seconds"
	@echo "make bench [ONLY=part] speed, as ratios, into bench/results.md"
	@echo "make docs              writes docs/settings.md and the rules in docs/checking.md"
	@echo "make translations      collects the messages, and compiles the catalogues of all languages"
	@echo "make screenshots       pictures of the pages in every state, into screenshots/"
	@echo "make clean             removes .venv, caches and built archives"

run:
	@$(setup)
	@$(python) website.py --port $(PORT)

# Much of a test's time is waiting, so that more processes than cores are worth it. Those that talk to
# real parts take turns: a monitoring and a browser each want the machine for themselves.
several := --numprocesses=$(shell expr 2 + $$(nproc 2>/dev/null || echo 2) / 2) --dist=loadfile

test:
	@$(setup) test
	@$(python) -m pytest -m "not system" $(several)

test-all:
	@$(setup) test
	@$(python) tests/system_parts.py
	@$(python) -m pytest -m "not system" $(several)
	@$(python) -m pytest -m system

check:
	@$(setup) test lint
	@$(python) -m ruff check
	@$(python) -m ruff format --check
	@$(python) -m mypy
	@$(python) -m pytest --quiet tests/test_architecture.py

bench:
	@$(setup) bench
	@$(python) -m bench $(ONLY)

docs:
	@$(setup)
	@$(python) tools/document_settings.py
	@$(python) tools/document_rules.py

translations:
	@$(setup) test
	@$(python) tools/translations.py

screenshots:
	@$(setup) test
	@$(python) tests/page_screenshots.py $(ONLY)

clean:
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
