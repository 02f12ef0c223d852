# make run         install what is missing into .venv and start the dashboard on http://127.0.0.1:8501
# make test        install what the checks need, then style, types and all tests, the browser's included
# make bench       measure speed (tests/bench)
# make screenshots take the pictures of the README from the running dashboard
# make lock        write .ci/*.lock: the exact versions and fingerprints of all packages
# make clean       remove .venv and caches; the database stays, it lives outside this folder
#
# Another Python: make run PYTHON=python3.12. Another port: make run ARGS="--server.port 9000".

.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
.PHONY: run test bench screenshots lock clean chromium provider axe
SHELL := /bin/sh

VENV := .venv
PY := $(VENV)/bin/python
LOCK := .ci/run.lock
TESTS_LOCK := .ci/tests.lock
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
UV := 0.13.9
# A browser test waits a fifth of its time: three at once keep two cores busy.
WORKERS ?= 3
CANDIDATES := python3.13 python3.12 python3.11 python3.14 python3

# The first of CANDIDATES that is 3.11 or newer; empty when there is none. Looked for only when .venv has to be made.
PYTHON ?= $(shell for name in $(CANDIDATES); do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done)

run: $(VENV)/.installed
	exec $(PY) -m streamlit run app.py $(ARGS)

# The tests start about a hundred processes of the program: where it may keep what it compiled, each starts sooner.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/.tests-installed chromium provider axe
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m pytest -q -n $(WORKERS) --dist loadfile $(ARGS)

bench: $(VENV)/.tests-installed chromium
	$(PY) -m pytest -q -s -o python_files='bench_*.py' tests/bench $(ARGS)

screenshots: $(VENV)/.tests-installed chromium
	$(PY) tests/browser/screenshots.py $(ARGS)

# What is pinned stays where it fits; 'make lock ARGS=--upgrade' takes the newest of what no requirements file pins.
lock: $(VENV)/bin/pip
	$(PIP) uv==$(UV)
	$(VENV)/bin/uv pip compile $(LOCKING) requirements.txt --output-file $(LOCK) $(ARGS)
	$(VENV)/bin/uv pip compile $(LOCKING) --constraints $(LOCK) requirements.txt tests/requirements.txt --output-file $(TESTS_LOCK) $(ARGS)

LOCKING := --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock"

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find app.py pages geo tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is younger than what it was made from: a start with unchanged requirements installs nothing.
# A file whose fingerprint is not in the lock is refused.
$(VENV)/.installed: requirements.txt $(LOCK) | $(VENV)/bin/pip
	@echo "Installing the packages of requirements.txt into $(VENV) ..."
	@$(PIP) --require-hashes -r $(LOCK)
	@touch $@

$(VENV)/.tests-installed: tests/requirements.txt $(TESTS_LOCK) $(VENV)/.installed
	@echo "Installing the packages of tests/requirements.txt into $(VENV) ..."
	@$(PIP) --require-hashes -r $(TESTS_LOCK)
	@touch $@

# pip, not python: a Debian without python3-venv leaves a .venv with python and without pip.
$(VENV)/bin/pip:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Python 3.11 or newer is needed, and none of '$(CANDIDATES)' is." >&2; \
		echo "Install one (Debian, Ubuntu: apt-get install python3 python3-venv) or name it: make run PYTHON=/path/to/python3" >&2; \
		exit 1; fi
	@if ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
		echo "$(PYTHON) is not Python 3.11 or newer." >&2; exit 1; fi
	@rm -rf $(VENV)
	@if ! "$(PYTHON)" -m venv $(VENV) && [ "$$CI" = true ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv && \
		rm -rf $(VENV) && "$(PYTHON)" -m venv $(VENV); fi
	@if [ ! -x $@ ]; then rm -rf $(VENV); \
		echo "$(PYTHON) cannot make $(VENV). Debian, Ubuntu: apt-get install python3-venv" >&2; exit 1; fi

# Chromium for the browser tests, with fonts for what it draws: from the system, never a download by playwright.
chromium:
	@if [ -n "$$CHROMIUM" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-noto-core; \
	else \
		echo "The browser tests need Chromium. Debian: apt-get install chromium fonts-noto-core; or name one: CHROMIUM=/path make test" >&2; \
		exit 1; fi

# The sign-in provider that the browser tests sign in at; it needs Node.js 18 or newer with npm.
OIDC := tests/browser/oidc
provider: $(OIDC)/node_modules/.package-lock.json

$(OIDC)/node_modules/.package-lock.json: $(OIDC)/package.json $(OIDC)/package-lock.json
	@if command -v node >/dev/null && command -v npm >/dev/null; then :; \
	elif [ "$$CI" = true ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends nodejs npm; \
	else \
		echo "The sign-in tests need Node.js 18 or newer with npm. Debian: apt-get install nodejs npm" >&2; \
		exit 1; fi
	@echo "Installing the sign-in provider of the tests ..."
	@cd $(OIDC) && npm ci --silent
	@touch $@

# What the tests look for barriers on the screens with; it needs npm, as the provider does.
AXE := tests/browser/axe
axe: $(AXE)/node_modules/.package-lock.json

$(AXE)/node_modules/.package-lock.json: $(AXE)/package.json $(AXE)/package-lock.json | provider
	@echo "Installing axe-core for the tests ..."
	@cd $(AXE) && npm ci --silent
	@touch $@
