# Everything runs in .venv, which is made from the locked, hashed requirements on first use and remade
# when they change. Needed on the machine: make, git, Python 3.11 or newer with its venv module.

PYTHON ?= python3
VENV := .venv
AUDIT := .venv-audit
BASELINES := .venv-baselines
HARNESS := .venv-harness
EXCHANGE := .venv-exchange
LOWEST := .venv-lowest
NEWEST := .venv-newest
DIST := .venv-dist
RUN := $(VENV)/bin
TOOLS := $(VENV)/.tools-installed
STAMP := $(VENV)/.package-installed

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install build test test-full environments lint types pytest validate check-build hub audit baselines baselines-test harness-test exchange-test site-test dist test-matrix lock lock-matrix clean

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

install: $(STAMP) ## make .venv with the pinned tools and this package, editable

build: $(STAMP) ## validate the annotation; write build/, the card and the datasheet's figures from it
	$(RUN)/retold build
	$(RUN)/retold agreement >/dev/null
	$(RUN)/retold certificate make >/dev/null
	$(RUN)/retold predict story-prior
	$(RUN)/retold predict pass-c
	$(RUN)/retold leaderboard >/dev/null
	$(RUN)/retold stats --plots >/dev/null
	$(RUN)/retold site >/dev/null
	$(RUN)/pytest --quiet tests/test_documents.py -k datasheet --update-golden

test: lint types pytest validate check-build ## everything that CI runs; with --keep-going, past a failure

test-full: audit harness-test exchange-test site-test ## the checks with heavy extras, each in an environment of its own
	git diff --exit-code -- annotations/_passes/audit  # what make audit renews is what is committed

lint: $(STAMP) ## style and format of the code
	$(RUN)/ruff check scripts tests hatch_build.py
	$(RUN)/ruff format --check scripts tests hatch_build.py

types: $(STAMP) ## static types
	$(RUN)/mypy

pytest: $(STAMP) ## the tests (PYTEST_ARGS="-k quotes" to choose)
	$(RUN)/pytest -n 2 $(PYTEST_ARGS)

validate: $(STAMP) ## check the annotation files
	$(RUN)/retold validate

check-build: $(STAMP) ## prove that build/ is what the sources give
	$(RUN)/retold build --check
	$(RUN)/retold agreement --check
	$(RUN)/retold certificate make --check
	$(RUN)/retold leaderboard --check
	$(RUN)/retold stats --plots --check
	$(RUN)/retold site --check

baselines: $(BASELINES)/.installed ## run all baselines anew into build/predictions/ (2 GB of packages)
	for system in $$(PYTHONPATH=scripts $(BASELINES)/bin/python -c \
	  "from retold.baselines.systems import SYSTEMS; print(*SYSTEMS)"); do \
	  PYTHONPATH=scripts $(BASELINES)/bin/python -m retold predict $$system || exit; done

baselines-test: $(BASELINES)/.installed ## the tests of the baselines, with all that they need
	PYTHONPATH=scripts $(BASELINES)/bin/python -m pytest tests/test_baselines.py

environments: $(AUDIT)/.installed $(HARNESS)/.installed $(EXCHANGE)/.installed ## make what test-full runs in

exchange-test: $(EXCHANGE)/.installed ## the tests of exchange formats and of Croissant, with the libraries that read them
	PYTHONPATH=scripts $(EXCHANGE)/bin/python -m pytest -n 2 $(wildcard tests/test_exchange*.py) tests/test_croissant.py

harness-test: $(HARNESS)/.installed ## the tests of the tasks for lm-evaluation-harness and Inspect, with both
	$(HARNESS)/bin/python -m pytest tests/test_harness.py

hub: $(STAMP) ## print how to publish on the Hugging Face Hub, and what that would upload; nothing is uploaded
	$(RUN)/retold hub --files

site-test: $(STAMP) ## the tests of the site in a browser (node, npm; Chromium is installed if it is missing)
	test -x /usr/bin/chromium || { apt-get update --quiet && \
	  DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends chromium; }
	cd tests/site && npm ci --no-audit --no-fund
	site=$$(mktemp -d) && trap 'rm -rf "$$site"' EXIT && \
	  $(RUN)/retold site --out "$$site" && cd tests/site && SITE="$$site" npm test

audit: $(STAMP) $(AUDIT)/.installed ## hold the gold's names against spaCy; list what is undecided
	PYTHONPATH=scripts $(AUDIT)/bin/python -m retold.audit.spacy_run . $(AUDIT)/spans.json
	$(RUN)/retold audit --compare $(AUDIT)/spans.json
	$(RUN)/retold audit

dist: $(STAMP) $(DIST)/.installed ## wheel and sdist into dist/: built twice, compared, installed, tried
	$(RUN)/python tests/release/distribution.py --core $(DIST)/bin/python

# A step of a release, not of each run: it runs the whole suite in each environment (requirements/README.md).
LOWEST_PYTHON ?= python3.11
PYTHONS ?= $(PYTHON)
test-matrix: ## the tests under the lowest and the newest versions allowed (PYTHONS="python3.12 python3.13" for more)
	$(PYTHON) tests/release/matrix.py --lowest $(LOWEST_PYTHON) --newest $(PYTHONS)

lock: lock-matrix ## renew the locked requirements/*.txt (needs the package index)
	$(RUN)/uv pip compile pyproject.toml --extra dev --universal \
	  --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/dev.txt
	$(RUN)/uv pip compile pyproject.toml --extra audit --universal \
	  --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/audit.txt
	$(RUN)/uv pip compile pyproject.toml requirements/baselines.in --extra baselines --universal \
	  --excludes requirements/no-cuda.txt --no-emit-package torch \
	  --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/baselines.txt
	$(RUN)/uv pip compile pyproject.toml requirements/harness.in --extra harness --universal \
	  --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/harness.txt
	$(RUN)/uv pip compile pyproject.toml requirements/exchange.in --extra exchange --universal \
	  --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/exchange.txt

lock-matrix: $(STAMP) ## renew what make test-matrix and make dist install, to the newest there is
	$(RUN)/python -m pip install --quiet --require-hashes -r requirements/uv.txt
	for tool in uv build; do $(RUN)/uv pip compile requirements/$$tool.in --universal \
	  --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/$$tool.txt || exit; done
	$(RUN)/uv pip compile pyproject.toml --universal --upgrade \
	  --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/core.txt
	$(RUN)/uv pip compile pyproject.toml --extra test --universal --upgrade \
	  --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/newest.txt
	$(RUN)/uv pip compile pyproject.toml --extra test --universal --upgrade --resolution lowest-direct \
	  --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/lowest.txt

clean: ## remove the environments, dist/ and the tools' caches, never data
	rm -rf $(VENV) $(AUDIT) $(BASELINES) $(HARNESS) $(EXCHANGE) $(LOWEST) $(NEWEST)-* $(DIST) dist tests/site/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(STAMP): $(TOOLS) pyproject.toml
	$(RUN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# $(call environment,FOLDER,LOCK): an environment of pinned, hashed packages, and nothing else: what comes as
# source only is built with the pinned tools of build.txt, never with whatever is newest.
define environment
$(PYTHON) -m venv --clear $(1)
$(1)/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/build.txt
$(1)/bin/python -m pip install --quiet --require-hashes --no-build-isolation $(2)
endef

$(TOOLS): requirements/dev.txt requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, but '$(PYTHON)' is $$($(PYTHON) -V 2>/dev/null || echo missing)." \
	    "Try: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 2; }
	$(call environment,$(VENV),-r requirements/dev.txt)
	@touch $@

$(AUDIT)/.installed: requirements/audit.txt requirements/build.txt
	$(call environment,$(AUDIT),-r requirements/audit.txt)
	@touch $@

# Torch comes last, by itself, from wherever pip is told to look: see requirements/README.md.
$(BASELINES)/.installed: requirements/baselines.txt requirements/build.txt requirements/torch.txt
	$(call environment,$(BASELINES),--no-deps -r requirements/baselines.txt)
	$(BASELINES)/bin/python -m pip install --quiet --only-binary :all: -r requirements/torch.txt
	@touch $@

$(EXCHANGE)/.installed: requirements/exchange.txt requirements/build.txt
	$(call environment,$(EXCHANGE),-r requirements/exchange.txt)
	@touch $@

$(DIST)/.installed: requirements/core.txt requirements/build.txt
	$(call environment,$(DIST),-r requirements/core.txt)
	@touch $@

# The package too, since Inspect finds its tasks by their entry point.
$(HARNESS)/.installed: $(HARNESS)/.tools-installed pyproject.toml
	$(HARNESS)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(HARNESS)/.tools-installed: requirements/harness.txt requirements/build.txt
	$(call environment,$(HARNESS),--no-deps -r requirements/harness.txt)
	@touch $@
