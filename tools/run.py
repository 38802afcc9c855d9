"""`make run`: install what is missing, then become `wardbook serve`. `make demo` and `make bench` come here too."""

import os
import sys

from environment import BIN, Refused, ready


def main():
    words = sys.argv[1:] or ["serve"]
    try:
        environ = ready("app")
    except Refused as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)
    # For trying it out: invented people, sign-in by one press. A real installation starts `wardbook serve` itself.
    environ.setdefault("WARDBOOK_DEMO", "1")
    python = str(BIN / "python")
    os.execve(python, [python, "-m", "wardbook", *words], environ)


main()
