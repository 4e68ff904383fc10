"""The same settings, made quick for tests."""

import atexit
import os
import shutil
import tempfile

if not (_is_given := bool(os.environ.get("KAWASAN_DATA"))):
    os.environ["KAWASAN_DATA"] = tempfile.mkdtemp(prefix="kawasan-test-")
    atexit.register(shutil.rmtree, os.environ["KAWASAN_DATA"], ignore_errors=True)
from kawasan.config.settings import *

if not _is_given:  # what starts from here, such as another worker of the tests, makes a folder of its own
    del os.environ["KAWASAN_DATA"]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns about a folder that is not there
DATABASES["default"]["CONN_MAX_AGE"] = 0  # each connection of a browser has a thread: none keeps one to the database
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # In a file each thread of the tests' server has a connection of its own, as in use. One in memory is shared, and
    # two threads can then wait for each other for ever: SQLite calls Python for a regular expression or for a month.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}  # a job is done when asked for
