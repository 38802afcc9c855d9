"""What every test may rely on."""

import gc
import itertools
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.cache import cache
from django.db import connection

from tests import migrated, office_wall

_number = itertools.count()
DATABASE = {"db", "transactional_db", "django_db_setup"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """What asks for no database cannot tell one from another; what only one has is not collected on the other."""
    elsewhere = [item for item in items if _is_of_another_engine(item)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]
    for item in items:
        if not item.get_closest_marker("django_db") and not DATABASE.intersection(item.fixturenames):
            item.add_marker(pytest.mark.any_engine)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish():
    """What was loaded and collected stays until the end: the collector need not go through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _is_of_another_engine(item):
    marker = item.get_closest_marker("only_on")
    return marker is not None and connection.vendor not in marker.args


@pytest.fixture(scope="session")
def django_db_keepdb():
    """On SQLite the database lies there migrated; it goes away with the folder of the run."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    if connection.vendor == "sqlite":
        migrated.put(connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(autouse=True, scope="session")
def _walls_of_offices():
    """A13: a request that asks over the walls of its office fails the test that made it."""
    with office_wall.watching():
        yield


@pytest.fixture(autouse=True)
def _nobody_was_counted_before():
    """Limits on attempts are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, worker_id):
    """A folder that is made when the first file is kept: most tests keep none. It goes with the folder of the run."""
    settings.MEDIA_ROOT = Path(project.DATA, "tests", f"{worker_id}-{next(_number)}", "files")
