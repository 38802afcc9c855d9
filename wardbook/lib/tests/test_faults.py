import os
import subprocess
import sys

import pytest

from wardbook.lib import faults

pytestmark = pytest.mark.any_engine

PASSES = "from wardbook.lib import faults\nfor turn in range(3): print(turn, flush=True); faults.point('here')\n"


def passes_through(fault: str) -> tuple[int, str]:
    environ = os.environ | {"FAULT_POINT": fault}
    done = subprocess.run([sys.executable, "-c", PASSES], env=environ, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_a_point_does_nothing_unless_asked():
    assert passes_through("") == (0, "0\n1\n2\n")
    assert passes_through("there") == (0, "0\n1\n2\n")


def test_a_process_ends_at_the_point_that_was_named_as_if_it_were_killed():
    assert passes_through("here") == (faults.KILLED, "0\n")
    assert passes_through("here:2") == (faults.KILLED, "0\n1\n")
