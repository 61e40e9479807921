# Everything starts here. `make run` and `make test` install what is missing.
PYTHON ?= python3
BIN := .venv/bin
CSS := src/openfls/web/static/openfls/vendor/openfls.css

.PHONY: install run test check bench docs site sbom lock assets

# Both at once: one waits for the other's downloads.
install:
	@$(MAKE) --no-print-directory -j 2 .venv/installed $(CSS)

.venv/installed: requirements/dev.txt pyproject.toml
	tools/make-venv.sh $(PYTHON)
	touch $@

assets: $(CSS)

$(CSS): package-lock.json $(wildcard src/openfls/web/assets/*.scss)
	npm ci --no-audit --no-fund --loglevel=error
	npm run --silent build

run: install
	$(BIN)/openfls run

test: install
	tools/test.sh

check: install
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/mypy src/openfls/record src/openfls/identification src/openfls/investigation src/openfls/information \
		src/openfls/intervention src/openfls/integration src/openfls/quality src/openfls/toolkit \
		src/openfls/training src/openfls/fiction src/openfls_qfracture
	$(BIN)/lint-imports

bench: install
	for file in bench/*.py; do echo "== $$file"; $(BIN)/python $$file; done

docs: install
	$(BIN)/openfls docs

site: docs
	$(BIN)/mkdocs build --strict

# What the product is made of; with the network, `tools/sbom.sh --audit` asks for known faults too.
sbom: install
	tools/sbom.sh

lock:
	tools/lock.sh
