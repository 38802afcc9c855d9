#!/usr/bin/env python
"""Django's customary door; `wardbook` says the same things in fewer words."""

from wardbook.cli import main

if __name__ == "__main__":
    main()
