# SampleMind. `make help` lists what there is.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PREFIX ?= /opt/samplemind
BIN := $(VENV)/bin
LOCK := deploy/lock
OURS := proto plugins daemon clients
WEB := clients/web
APP := clients/samplemind_web/app

# aubio is built here: without -O3 it is 2 to 4 times slower, its optional FFmpeg and libsndfile parts break on
# today's headers and are not used, and newer compilers refuse two old pointer conversions of its bindings.
AUBIO := CFLAGS="-O3 -Wno-incompatible-pointer-types -Wno-incompatible-function-pointer-types" \
	PKG_CONFIG_LIBDIR=/nonexistent
PIP := $(AUBIO) $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet

BUF := $(CURDIR)/$(VENV)/buf/node_modules/@bufbuild/buf-linux-x64/bin/buf
LANGUAGES ?= cpp node go java rust
MAKE_STUBS_cpp := cmake -S . -B build && cmake --build build --target stubs
MAKE_STUBS_node := npm ci --no-audit --no-fund && npm run stubs
MAKE_STUBS_go := go generate ./...
MAKE_STUBS_java := mvn -q -ntp -pl api generate-sources
MAKE_STUBS_rust := cargo run -p stubs -- generated

.PHONY: help run install web screenshots test soak load cluster lint proto stubs released bench docs lock clean
.DELETE_ON_ERROR:

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 13

run: $(VENV)/run ## start the daemon; from a bare checkout it installs everything first
	@$(if $(shell command -v npm),$(MAKE) --no-print-directory web,test -f $(APP)/index.html) || \
		echo "The web app is not built here, which takes Node.js 20.19 with npm: the daemon runs without it."
	@exec $(BIN)/samplemindd serve $(ARGS)

install: $(VENV)/run ## install it into PREFIX, for the units of deploy/systemd: PREFIX=/opt/samplemind if not given
	@$(if $(shell command -v npm),$(MAKE) --no-print-directory web,test -f $(APP)/index.html) || echo "It goes without the web app."
	@rm -rf $(VENV)/wheel && $(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir $(VENV)/wheel .
	@test -x $(PREFIX)/bin/python || $(PYTHON) -m venv $(PREFIX)
	@$(AUBIO) $(PREFIX)/bin/python -m pip --disable-pip-version-check --no-input install --quiet \
		--require-hashes --requirement $(LOCK)/image.txt
	@$(PREFIX)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --force-reinstall $(VENV)/wheel/*.whl
	@echo "$$($(PREFIX)/bin/python -c 'from importlib.metadata import version; print("SampleMind", version("samplemind"))') is in $(PREFIX)."

web: $(APP)/index.html ## build the web app, for the daemon to serve and for a wheel to hold (needs Node.js 20.19 with npm)

screenshots: $(VENV)/test $(APP)/index.html ## take the pictures in docs/screenshots, of every page of the web app (needs Chromium)
	@PYTHONPATH=tests:tests/browser:$(WEB) $(BIN)/python tests/browser/screenshots.py

test: $(VENV)/test ## run every test; REQUIRE_ALL=1 makes a skip a failure
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(BIN)/python -m compileall -q $(OURS) # dozens of daemons are started, by whoever is told to write no bytecode, too
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

soak: $(VENV)/test $(VENV)/fuzz ## run the long proofs of docs/reliability.md: PARTS="kills powercut" just those, SHORT=1 in minutes
	@PYTHONPATH=tests:tests/soak $(BIN)/python tests/soak/soak.py $(PARTS)

load: $(VENV)/test ## measure a daemon under load, alone on the machine: PARTS=batch just that, SHORT=1 in minutes
	@PYTHONPATH=tests:tests/load $(BIN)/python tests/load/load.py $(PARTS)

cluster: $(VENV)/test ## try two daemons and workers on PostgreSQL, NATS and S3, all on this machine: WORKERS=8 so many
	@PYTHONPATH=tests $(BIN)/python tests/cluster/show.py

lint: $(VENV)/test ## check types and style
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

proto: $(VENV)/run ## make samplemind.v1 out of the .proto files again
	@$(BIN)/python proto/build.py

stubs: ## make the stubs of other languages, in clients/*: LANGUAGES="go rust" just those
	@set -e; $(foreach one,$(LANGUAGES),(cd clients/$(one) && $(MAKE_STUBS_$(one)));)

released: $(VENV)/test ## at a release: keep what it promises in proto/released.binpb, for later ones to be held to
	@cd proto && $(BUF) build --as-file-descriptor-set --exclude-source-info -o released.binpb

docs: $(VENV)/run ## write docs/api.md out of the .proto files
	@$(BIN)/python proto/reference.py

bench: $(VENV)/test .venv-bench/bench ## measure beside other programs: CORPORA=PATH holds the sets, PARTS=performance just that
	@PYTHONPATH=tests $(BIN)/python tests/bench/bench.py $(if $(CORPORA),--corpora "$(CORPORA)") $(PARTS)

lock: ## resolve the dependencies again, with hashes and without addresses (needs uv)
	@for kind in run test fuzz bench build image; do \
		case $$kind in run) what="pyproject.toml --group build";; test) what="pyproject.toml --group test";; \
			fuzz|bench) what="--group $$kind";; build) what="--group build --constraint $(LOCK)/test.txt";; \
			image) what="pyproject.toml --extra cluster --constraint $(LOCK)/test.txt";; esac; \
		uv pip compile $$what --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate \
			--no-header --quiet --output-file $(LOCK)/$$kind.txt; \
	done

clean: ## forget what was installed and generated
	rm -rf $(VENV) .venv-bench proto/samplemind/v1/*_pb2* $(APP) $(WEB)/node_modules $(WEB)/src/generated

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "SampleMind needs Python 3.11 or newer: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run: $(BIN)/python $(LOCK)/run.txt pyproject.toml proto/build.py $(wildcard proto/samplemind/v1/*.proto)
	@echo "Installing SampleMind into $(VENV) (once; a minute or two) ..."
	@$(PIP) --require-hashes --requirement $(LOCK)/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test: $(VENV)/run $(LOCK)/test.txt $(LOCK)/buf/package-lock.json $(LOCK)/connect/package-lock.json
	@echo "Installing what the tests need ..."
	@$(PIP) --require-hashes --requirement $(LOCK)/test.txt
	@mkdir -p $(VENV)/buf && cp $(LOCK)/buf/*.json $(VENV)/buf
	@npm ci --prefix $(VENV)/buf --no-audit --no-fund --silent || \
		echo "buf cannot be installed by npm: the tests that need it are skipped."
	@mkdir -p $(VENV)/connect && cp $(LOCK)/connect/*.json $(VENV)/connect
	@npm ci --prefix $(VENV)/connect --no-audit --no-fund --silent || \
		echo "connect-web cannot be installed by npm: the tests that need it are skipped."
	@touch $@

$(VENV)/fuzz: $(VENV)/test $(LOCK)/fuzz.txt
	@$(PIP) --require-hashes --requirement $(LOCK)/fuzz.txt || \
		echo "atheris cannot be installed: PARTS=fuzz goes on without its knowledge of the code."
	@touch $@

$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json
	@echo "Installing what the web app is built with ..."
	@cd $(WEB) && npm ci --no-audit --no-fund --silent
	@touch $@

$(APP)/index.html: $(WEB)/node_modules/.package-lock.json $(wildcard $(WEB)/*.* proto/samplemind/v1/*.proto) \
		$(shell find $(WEB)/src $(WEB)/public clients/node/proto -type f -not -path '*/generated/*')
	@echo "Building the web app ..."
	@cd $(WEB) && npm run --silent build -- --outDir ../../$(APP) --emptyOutDir --logLevel warn

.venv-bench/bench: $(LOCK)/bench.txt
	@echo "Installing the programs that SampleMind is measured beside ..."
	@$(PYTHON) -m venv .venv-bench
	@$(AUBIO) .venv-bench/bin/python -m pip --disable-pip-version-check --no-input install --quiet \
		--require-hashes --requirement $(LOCK)/bench.txt
	@touch $@
