# The six things one does with Wardbook. Each is a script in tools/ that says what it does.

PYTHON ?= python3

.PHONY: run test lint demo bench nightly

run:  ## install and start everything: PORT=8000 by default
	@$(PYTHON) tools/run.py

test:  ## every suite: SQLite, PostgreSQL, browser
	@$(PYTHON) tools/test.py

lint:  ## style, types, direction of the house, templates, migrations
	@$(PYTHON) tools/lint.py

demo:  ## fill an empty database with an invented office
	@$(PYTHON) tools/run.py demo

bench:  ## the figures of the pages, on a large invented office
	@$(PYTHON) tools/run.py bench

nightly:  ## what takes too long for every push: 100,000 broken mails, 10,000 queued ones, then every suite
	@$(PYTHON) tools/nightly.py
