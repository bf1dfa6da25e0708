SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 5000
export PORT
export FLASK_APP := app:create_app

.PHONY: run test check bench prove prepare media clean

run: $(VENV)/.run prepare
	exec $(BIN)/flask center run

prepare: $(VENV)/.run
	@$(BIN)/flask center prepare --demonstration

test: $(VENV)/.test
	$(BIN)/python -m pytest

check: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

bench: $(VENV)/.test
	$(BIN)/python -m tests.bench

prove: $(VENV)/.test
	CONTACT_HOUR_PROVE=full $(BIN)/python -m pytest tests/services tests/unit tests/commands tests/browser/test_every_page.py

media:
	[ -x .venv-media/bin/pip ] || $(PYTHON) -m venv .venv-media
	.venv-media/bin/pip install -q --disable-pip-version-check -r tools/media/requirements.txt
	.venv-media/bin/python tools/make_media.py

$(VENV)/.run: requirements.txt tools/install-system.sh
	tools/install-system.sh run
	[ -x $(BIN)/pip ] || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.test: requirements-dev.txt requirements.txt tools/install-system.sh
	tools/install-system.sh test
	[ -x $(BIN)/pip ] || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check -r requirements-dev.txt
	touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV)
