# Each target works alone in an empty clone with Python >= 3.11 and make; a second run skips what is done.
# make demo    install, then show every direction of the bundled model on one page: demo/index.html
# make test    install, then run every test
# make lint    ruff format, ruff, pyright, import-linter
# make check   lint and test: the gate
# make truth   the long form of the playroom's truth tests: 200 scenes of each split, not ten
# make docs    rewrite the generated parts of README.md and docs/
# make format  let ruff rewrite the sources
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_OUT ?= demo

# A development install serves the demo too: where one stands, the demo installs nothing.
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev
DEMO_STAMP := $(if $(wildcard $(DEV_STAMP)),$(DEV_STAMP),$(RUN_STAMP))

TRUTH_SCENES ?= 200

.PHONY: demo test truth lint check docs format clean

demo: $(DEMO_STAMP)
	$(BIN)/unio demo --out $(DEMO_OUT)

test: $(DEV_STAMP)
	$(BIN)/python -m pytest -m "not compiled" --jaxtyping-packages=unio,shape_checker.check_shapes
	$(BIN)/python -m pytest -m compiled

truth: $(DEV_STAMP)
	UNIO_TRUTH_SCENES=$(TRUTH_SCENES) $(BIN)/python -m pytest tests/playroom/language \
		tests/data/sources/playroom/test_still_truth.py tests/data/sources/playroom/test_motion_truth.py

lint: $(DEV_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports

check: lint test

docs: $(DEV_STAMP)
	$(BIN)/python docs/generate.py

format: $(DEV_STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) demo

$(RUN_STAMP): pyproject.toml constraints.txt | $(VENV)/.created
	@echo "Installing unio into $(VENV) (once)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[playroom]'
	@touch $@

$(DEV_STAMP): pyproject.toml constraints.txt | $(VENV)/.created
	@echo "Installing unio and its development tools into $(VENV) (once)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "unio needs Python 3.11 or newer; name one with: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@
