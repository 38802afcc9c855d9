"""`python -m wardbook` is `wardbook`."""

from wardbook.cli import main

if __name__ == "__main__":
    main()
