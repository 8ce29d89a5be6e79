# Two commands, each complete in itself: `make run` does the main job, `make test` passes the tests.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
OUT ?= results/helper-turnover
JOBS ?= 2
BENCH_ARGS ?=
LOAD_ARGS ?=
PYTHONS ?= python3.12 python3.13

.PHONY: run test pythons browser check lint warm built wheel install docs patterns moved coverage docking forms baselines \
  bench load page-bars screenshots notebooks clean

run: $(VENV)/installed
	$(BIN)/mhsim sweep experiments/helper-turnover/study.yaml --out $(OUT) --jobs $(JOBS) --resume
	$(BIN)/mhsim report $(OUT)
	@echo "Open $(OUT)/report.html in a browser."

# Two processes share the files of tests, those in a browser after the others; what needs all of the machine comes last.
PYTEST := $(BIN)/python -m pytest
SHARED := $(PYTEST) --numprocesses 2 --dist loadfile --no-loadscope-reorder

test: browser $(VENV)/installed-dev
	$(MAKE) --jobs 2 lint built
	@failed=0; \
	$(SHARED) --ignore tests/browser tests || failed=1; \
	$(SHARED) -m "not alone" tests/browser || failed=1; \
	$(PYTEST) -m alone tests/browser || failed=1; \
	exit $$failed

# What to run after every edit: style, types, walls, generated pages, and the quick tests; under two minutes.
QUICK := tests/test_core_*.py tests/test_engine.py tests/test_mechanism_*.py tests/test_lint_*.py tests/test_reading.py \
  tests/test_stats.py tests/test_one_verdict.py tests/test_baselines.py tests/test_modules.py tests/test_glossary.py \
  tests/test_imports.py tests/test_write_contract.py tests/verify/test_closed_forms.py

check: $(VENV)/installed-dev
	$(MAKE) --jobs 2 lint warm
	$(SHARED) --quiet -m "not slow" $(QUICK)

# The other Pythons, those that are there: a few histories by what was built here and by what each compiles itself, a minute
# each after installing.
pythons: built
	@PYTHONPATH=tests $(BIN)/python -m pythons $(PYTHONS)

# The dashboard is tested in a real browser: that of the machine.
browser:
	@command -v chromium > /dev/null || command -v chromium-browser > /dev/null || \
	{ echo "make test needs Chromium: apt-get install chromium fonts-dejavu-core" >&2; exit 1; }

lint: $(VENV)/installed-dev
	$(BIN)/ruff check src tests docs notebooks
	$(BIN)/ruff format --check src tests docs notebooks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/make_tables.py --check

# Compile the engine once, before several processes want it.
warm: $(VENV)/installed-dev
	$(BIN)/mhsim warm

# The same, and build it from that for this machine and for pages, as a wheel carries it: tests run what is built.
built: $(VENV)/installed-dev
	$(BIN)/mhsim warm --build

docs: $(VENV)/installed-dev
	$(BIN)/python docs/make_tables.py

# The model held against published facts, written to docs/patterns.md: about four minutes; it fails when a must is missed.
patterns: $(VENV)/installed
	$(BIN)/mhsim patterns --markdown --jobs $(JOBS) > docs/patterns.md

# What each parameter moves, written to docs/moved.md: some twenty minutes; it goes on where it was broken off.
moved: $(VENV)/installed
	$(BIN)/python docs/make_moved.py --jobs $(JOBS)

# What shows that each element of the source documents works, written to docs/coverage.md: some ten minutes.
coverage: $(VENV)/installed
	$(BIN)/python docs/make_coverage.py --jobs $(JOBS)

# Other published models beside this one, written to docs/docking.csv, docs/docking.md and docs/docking: some twenty minutes;
# it goes on where it was broken off.
docking: $(VENV)/installed
	$(BIN)/python docs/make_docking.py --jobs $(JOBS)

# Ten years of each form that ships, written to docs/forms.csv, docs/forms.md and the heads of configs/: some eight minutes.
forms: $(VENV)/installed
	$(BIN)/python docs/make_forms.py --jobs $(JOBS)

# Work the digests of histories and small studies out anew, with a line in CHANGELOG.md: make baselines WHY="one interval".
baselines: $(VENV)/installed-dev
	@PYTHONPATH=tests $(BIN)/python -m baselines "$(WHY)" $(SUBJECTS)

# Every bar with asked, measured and met: about eight minutes; `--quick`, `--json`, `--write`, `--only PART`.
bench: $(VENV)/installed-dev
	@PYTHONPATH=tests $(BIN)/python -m bench $(BENCH_ARGS)

# Thirty students for five minutes: about six minutes; `--students`, `--minutes`, `--out FILE`.
load: $(VENV)/installed-dev
	@PYTHONPATH=tests $(BIN)/python -m load $(LOAD_ARGS)

# How fast the page that needs no server is, in Chromium: some minutes.
page-bars: $(VENV)/installed-dev
	@PYTHONPATH=tests $(BIN)/python -m page_bars

# The pictures of the dashboard in docs/screenshots: about two minutes.
screenshots: $(VENV)/installed-dev
	@PYTHONPATH=tests $(BIN)/python docs/make_screenshots.py

# The notebooks, in JupyterLab, in a browser; Ctrl-C ends it.
notebooks: $(VENV)/installed-dev
	$(BIN)/jupyter lab notebooks

# A wheel in dist/ that carries the engine compiled, for every kind of machine and for pages: about five minutes.
wheel: $(VENV)/installed-dev
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

install: $(VENV)/installed

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --requirement requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) results runs build dist
