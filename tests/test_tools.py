"""The scripts behind `make`: an old Python, too, has to get as far as the refusal."""

import ast
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent / "tools"


@pytest.fixture
def environment(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))
    import environment

    return environment


@pytest.mark.parametrize("script", ["environment.py", "run.py", "test.py", "lint.py", "throwaway_postgres.py"])
def test_an_old_python_can_read_the_scripts(script):
    ast.parse((TOOLS / script).read_text(), feature_version=(3, 7))


def test_a_python_that_is_too_old_is_refused_in_a_sentence(environment, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)
    with pytest.raises(environment.Refused, match="^Wardbook needs Python 3.11 or newer; this is Python 3.9"):
        environment.find_python()


def test_a_newer_python_beside_the_old_one_is_taken(environment, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setattr(environment.shutil, "which", {"python3.12": "/opt/python3.12"}.get)
    assert environment.find_python() == "/opt/python3.12"


def test_a_broken_environment_is_noticed(environment, tmp_path):
    assert environment.works(Path(sys.executable))
    assert not environment.works(tmp_path / "python")
