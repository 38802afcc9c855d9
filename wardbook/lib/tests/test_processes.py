import subprocess
import sys

import pytest

from wardbook.lib import processes

pytestmark = pytest.mark.any_engine


def test_a_process_that_lives_has_not_ended():
    assert not processes.has_ended(processes.own_name())
    assert len(processes.own_name()) <= 64


def test_a_process_of_this_machine_that_is_gone_has_ended():
    asked = [sys.executable, "-c", "from wardbook.lib import processes; print(processes.own_name())"]
    name = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    assert processes.has_ended(name)


@pytest.mark.parametrize("name", ["", "elsewhere-4026531836/12/345", "nonsense", "a/b/c", "host-1-2"])
def test_nothing_is_known_of_other_machines(name):
    assert not processes.has_ended(name)
