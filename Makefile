# Short names for commands. `make run` and `make test` need Python 3.11 or newer, nothing else.
# Where npm is found, and its registry answers once, the scripts are checked too.

PYTHON ?= python3
BIN := .venv/bin
SCRIPT_TOOLS := $(if $(shell command -v npm),node_modules/.package-lock.json)

.PHONY: run test check bench lint lock messages
.DELETE_ON_ERROR:

run: .venv/.run .venv/.start $(if $(MEDIA_STORAGE_URL),.venv/.s3) staticfiles/staticfiles.json
	@$(BIN)/python manage.py prepare_site
	@exec $(BIN)/gunicorn

test: .venv/.dev $(SCRIPT_TOOLS) staticfiles/staticfiles.json
	@$(BIN)/python -m tests

# While working: lint, layers, types, scripts, and the data tests on SQLite, in less than 90 seconds.
check: .venv/.dev $(SCRIPT_TOOLS)
	@$(BIN)/python -m tests check

# Every measurement with its bar, the server's own limit, and other sites for comparison: about 80 minutes.
# Compare figures within one run only. To run one part: .venv/bin/python -m tests.bench pages
bench: .venv/.dev staticfiles/staticfiles.json
	@$(BIN)/python -m tests.bench

lint: .venv/.dev $(SCRIPT_TOOLS)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(if $(SCRIPT_TOOLS),npm run --silent fix)

# Compile the translations. The .mo files are committed, so that running the site needs no gettext.
messages: .venv/.dev
	$(BIN)/python -c 'import pathlib, polib; \
	  [polib.pofile(po).save_as_mofile(po.with_suffix(".mo")) for po in pathlib.Path("locale").rglob("*.po")]'

# Pin every dependency with its hashes, without the URL of a package index. With UPGRADE= the pinned versions stay.
UPGRADE ?= --upgrade
COMPILE := $(BIN)/uv pip compile pyproject.toml --python-version 3.11 --generate-hashes --universal \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -q

lock: .venv/.dev
	$(COMPILE) $(UPGRADE) -o requirements.lock
	$(COMPILE) $(UPGRADE) --extra s3 -o requirements-s3.lock
	$(COMPILE) $(UPGRADE) --extra s3 --group dev -o requirements-dev.lock

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { rm -rf .venv; echo "The module venv is missing. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

.venv/.run: requirements.lock | .venv/bin/pip
	@echo "Installing what the site needs ..."
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

# gunicorn reads WEB_CONCURRENCY when it is imported; this checks it before: greenenergy/config/before_gunicorn.py.
.venv/.start: greenenergy/config/before_gunicorn.pth | .venv/.run
	@cp $< "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
	@touch $@

.venv/.s3: requirements-s3.lock .venv/.run
	@echo "Installing what object storage needs ..."
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-s3.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run | .venv/.start
	@echo "Installing what the tests need ..."
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

node_modules/.package-lock.json: package-lock.json
	@echo "Installing what the checks of the scripts need ..."
	@if npm ci --silent --no-audit --no-fund; then touch $@; else [ "$$CI" != true ]; fi

COLLECTED_BY := $(addprefix greenenergy/serving/,static_files.py static_storage.py css_fallbacks.py script_modules.py)

staticfiles/staticfiles.json: requirements.lock $(COLLECTED_BY) $(shell find static -type f) | .venv/.run
	@echo "Collecting static files ..."
	@rm -rf staticfiles
	@$(BIN)/python manage.py collectstatic --no-input -v 0
	@touch $@
