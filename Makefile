.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: help install demo test check fix lock

help: ## say what each command does
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

install: ## make .venv, the assets and the translations
	@$(PYTHON) tools/install.py

demo: install ## load and run the example and serve it: make demo PORT=8000
	@exec $(BIN)/kawasan demo --port $(PORT)

test: ## run every test on SQLite and PostgreSQL, browser included
	@$(PYTHON) tools/install.py --dev
	@$(PYTHON) tools/test.py $(ARGS)

check: ## lint, types, translations, templates, migrations and architecture
	@$(PYTHON) tools/install.py --dev
	$(BIN)/ruff format --check src tests tools examples benchmarks
	$(BIN)/ruff check src tests tools examples benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m django makemigrations --check --dry-run --settings kawasan.config.test_settings
	$(BIN)/python tools/messages.py --check
	$(BIN)/djlint --quiet --lint src
	$(BIN)/typos
	@$(PYTHON) tools/install.py --npm run --silent check

fix: ## format and mend what can be mended without thinking
	@$(PYTHON) tools/install.py --dev
	$(BIN)/ruff check --fix src tests tools examples benchmarks
	$(BIN)/ruff format src tests tools examples benchmarks
	$(BIN)/python tools/messages.py
	@$(PYTHON) tools/install.py --npm exec -- biome check --write assets src vite.config.ts

lock: ## pin every dependency with its hashes (needs uv)
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url -o requirements/run.txt
	uv pip compile pyproject.toml --group build --group dev -c requirements/run.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url -o requirements/dev.txt
	uv pip compile requirements/node.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url -o requirements/node.txt
