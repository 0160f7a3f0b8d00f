.DEFAULT_GOAL := list
.PHONY: list setup demo test judge judge-diagnosis fuzz check format docs record golden bench lock

VENV := .venv/bin
N := 10000
SEED := 1

list: ## list these recipes
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

setup: ## the virtual environment, nftables and iproute2, where missing
	@./.ci/setup

demo: setup ## the story in the lab: broken, explained, mended one fix at a time
	@$(VENV)/netprobe demo

test: ## every test, those in the lab and in a browser too
	@./.ci/setup chromium
	$(VENV)/pytest --numprocesses auto --dist loadfile

judge: setup ## drawn accounts, each flow as packets and as a trace: N=10000 SEED=1
	$(VENV)/python -m tests.judge --flows $(N) --seed $(SEED)

judge-diagnosis: N := 200
judge-diagnosis: setup ## drawn broken VPCs, every cause named and no other: N=200 SEED=1
	$(VENV)/python -m tests.judge_diagnosis --cases $(N) --seed $(SEED)

fuzz: setup ## spoiled dumps: gaps or one line, nothing delivered that was not: N=10000 SEED=1
	$(VENV)/python -m tests.fuzz.mutants $(N) $(SEED)

check: setup ## format, lint, types, import contracts, docs in step with code
	$(VENV)/ruff format --check --quiet .
	$(VENV)/ruff check --quiet .
	$(VENV)/mypy
	$(VENV)/lint-imports
	$(VENV)/pytest -q tests/test_docs.py

format: setup ## format the code and mend what the linter can
	$(VENV)/ruff format --quiet .
	$(VENV)/ruff check --quiet --fix .

docs: setup ## write the generated pages of docs/ again, and the site of all into site/
	$(VENV)/python -m netprobe.render.generated
	NO_MKDOCS_2_WARNING=1 $(VENV)/mkdocs build
	@echo "read it: python3 -m http.server --bind 127.0.0.1 --directory site"

record: setup ## run the example VPCs in the lab again and keep what they answer, then: make golden
	$(VENV)/python -m tests.recorded

golden: setup ## write the golden reports again; read the difference before you commit it
	NETPROBE_REWRITE_GOLDEN=1 $(VENV)/pytest -q tests/test_golden.py tests/test_fixes_of_findings.py

bench: setup ## speed, memory and counts of calls, as figures; takes minutes
	@./.ci/bench-tools
	@$(VENV)/python -m tests.bench

lock: setup ## resolve the dependencies anew into requirements.lock
	$(VENV)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
	  --extra lab --group dev --python-version 3.11 pyproject.toml -o requirements.lock
