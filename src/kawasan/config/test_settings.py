"""The same settings, made quick for tests."""

import os
import tempfile

if not (_is_given := bool(os.environ.get("KAWASAN_DATA"))):
    os.environ["KAWASAN_DATA"] = tempfile.mkdtemp(prefix="kawasan-test-")
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
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}  # a job is done when asked for
