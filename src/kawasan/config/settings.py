"""Every setting of Kawasan, top to bottom. What a programme manager may change is a row, not a setting."""

import base64
import datetime
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent.parent


class SettingError(ImproperlyConfigured):
    """A setting in the environment cannot be used."""


def env_bool(name: str, default: bool) -> bool:
    """1/true/yes/on or 0/false/no/off; anything else is an error."""
    value = os.environ.get(name, str(default)).strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise SettingError(f"{name} is {value!r}; write true or false.")


def env_int(name: str, default: int) -> int:
    """A whole number from 1 on."""
    value = os.environ.get(name, str(default))
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise SettingError(f"{name} is {value!r}; write a whole number, 1 or more.")
    return int(value)


def env_address(name: str) -> str:
    """Where everybody reaches this installation; empty when that is not said."""
    value = os.environ.get(name, "").strip().rstrip("/")
    if value and not re.fullmatch(r"https?://[^\s/?#]+", value):
        raise SettingError(f"{name} is {value!r}; write https://HOST.")
    return value


def env_base_map(name: str) -> dict[str, str] | None:
    """Tiles or a style to draw below the map, with who made them; nothing when that is not said."""
    address, attribution = (os.environ.get(key, "").strip() for key in (name, f"{name}_ATTRIBUTION"))
    if not address:
        return None
    if not re.fullmatch(r"https?://[^\s/]+/\S+", address):
        raise SettingError(
            f"{name} is {address!r}; write https://HOST/{{z}}/{{x}}/{{y}}.png or the address of a style."
        )
    if not attribution:
        raise SettingError(f"{name} is set; write in {name}_ATTRIBUTION who made it, as its licence asks.")
    kind = "raster" if all(gap in address for gap in ("{z}", "{x}", "{y}")) else "style"
    return {"kind": kind, "address": address, "attribution": attribution}


def env_secret(name: str, file: Path) -> str:
    """A secret from NAME, from the file named by NAME_FILE, or from ``file``, made at first use."""
    if value := os.environ.get(name):
        return value
    path = Path(os.environ.get(f"{name}_FILE", file))
    if not path.exists():
        _make_secret(path, secrets.token_urlsafe(50))
    return path.read_text().strip()


def env_keys(name: str, file: Path) -> list[str]:
    """Keys of 32 bytes from NAME, from the file named by NAME_FILE, or from ``file``, made at first use; newest first.

    A file that is named must be there: a new key would open nothing of what is stored.
    """
    given, named = os.environ.get(name, ""), os.environ.get(f"{name}_FILE")
    path = Path(named or file)
    if not (given or named or path.exists()):
        _make_secret(path, base64.urlsafe_b64encode(secrets.token_bytes(32)).decode() + "\n")
    try:
        written = re.split(r"[,\s]+", (given or path.read_text()).strip())
    except OSError as error:
        raise SettingError(f"{name}_FILE: {path}: {error.strerror}") from None
    for number, key in enumerate(written, start=1):
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}=", key):
            where = name if given else path
            raise SettingError(f"{where}: key {number} cannot be used; write what kawasan new-key prints.")
    return written


def _make_secret(path: Path, secret: str) -> None:
    """In one step: a full disk must not leave half a secret behind, nor two who begin at once have one each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        whole.touch(mode=0o600)
        whole.write_text(secret)
        with suppress(FileExistsError):
            path.hardlink_to(whole)
    except OSError as error:
        raise SettingError(f"{path}: {error.strerror}") from None
    finally:
        whole.unlink(missing_ok=True)


def env_database(name: str, default: str) -> dict[str, Any]:
    """An address of PostgreSQL or SQLite. It is not repeated in the sentence: it may hold a password."""
    try:
        parsed = dj_database_url.parse(os.environ.get(name) or default, conn_max_age=600)
    except ValueError:
        parsed = dj_database_url.DBConfig()
    if parsed.get("ENGINE") not in {"django.db.backends.postgresql", "django.db.backends.sqlite3"}:
        raise SettingError(f"{name} cannot be used; write postgresql://user:password@host/name or sqlite:////FILE.")
    return dict(parsed)


# KAWASAN_DATA: folder of the database, the secret key and files; ./var unless set.
DATA = Path(os.environ.get("KAWASAN_DATA") or "var").resolve()
# KAWASAN_SECRET_KEY (or KAWASAN_SECRET_KEY_FILE): signs sessions, makes pseudonyms; made at first use in KAWASAN_DATA.
SECRET_KEY = env_secret("KAWASAN_SECRET_KEY", DATA / "secret-key")
# KAWASAN_KEYS (or KAWASAN_KEYS_FILE): encrypt personal numbers in the database, with commas, the newest first; made at
# first use in KAWASAN_DATA.
KEYS = env_keys("KAWASAN_KEYS", DATA / "keys")
# KAWASAN_DEBUG: Django's own error pages, for development only.
DEBUG = env_bool("KAWASAN_DEBUG", False)
# KAWASAN_HOSTS: host names that the server answers to, with commas.
ALLOWED_HOSTS = [host.strip() for host in os.environ.get("KAWASAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")]
# KAWASAN_ORIGINS: addresses that forms may be sent from, with commas, when a proxy changes the host.
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("KAWASAN_ORIGINS", "").split(",") if origin]
# KAWASAN_PUBLIC_ADDRESS: where everybody reaches this installation, e.g. https://kawasan.example; papers carry it.
PUBLIC_ADDRESS = env_address("KAWASAN_PUBLIC_ADDRESS")
# KAWASAN_BASE_MAP: address of raster tiles with {z}, {x}, {y}, or of a MapLibre style; none unless set.
# KAWASAN_BASE_MAP_ATTRIBUTION: who made that base map; shown on it.
BASE_MAP = env_base_map("KAWASAN_BASE_MAP")
# KAWASAN_HTTPS: cookies only over HTTPS, and tell browsers to stay there.
HTTPS = env_bool("KAWASAN_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_NAME = "kawasan_session"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds; a working day

# KAWASAN_DATABASE_URL: postgresql://user:password@host/name; SQLite in KAWASAN_DATA unless set.
DATABASES = {"default": env_database("KAWASAN_DATABASE_URL", f"sqlite:///{DATA / 'kawasan.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATA.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer waits at its start, so that it never fails in the middle
        "timeout": 20,  # seconds to wait for another writer
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "kawasan.core",  # first, so that its form templates win over Django's
    "kawasan.programmes",
    "kawasan.partners",
    "kawasan.areas",
    "kawasan.value_chain",
    "kawasan.applicants",
    "kawasan.selection",
    "kawasan.matching",
    "kawasan.training",
    "kawasan.mentoring",
    "kawasan.assistance",
    "kawasan.enterprises",
    "kawasan.market",
    "kawasan.outcomes",
    "kawasan.reports",
    "kawasan.exchange",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "django_tasks",
    "django_tasks_db",
    "django_vite",
    "lucide",
]
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# Whoever fails this often with one account from one address waits this long; a page says so.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = datetime.timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time that the page names stays true
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # no list of who signed in when and with what
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "form_key", "next"]
AXES_LOCKOUT_CALLABLE = "kawasan.config.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "kawasan.core.addresses.client_address"
# KAWASAN_ADDRESS_HEADER: header in which the proxy writes who asks, e.g. X-Real-IP; the proxy must overwrite it.
ADDRESS_HEADER = os.environ.get("KAWASAN_ADDRESS_HEADER", "")
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

MIDDLEWARE = [
    "kawasan.core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are compressed, to a fifth. BREACH guesses a secret from the length of answers that repeat an attacker's
    # words: here the CSRF token is masked anew in each answer, Django adds up to 100 random bytes, and other sites'
    # requests carry no session (SameSite=Lax), except for a page that is opened, whose length they cannot read.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "kawasan.core.middleware.RefusedMiddleware",
    "kawasan.core.once.OnceMiddleware",
]
ROOT_URLCONF = "kawasan.config.urls"
WSGI_APPLICATION = "kawasan.config.wsgi.application"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "kawasan.config.views.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kawasan.config.navigation.navigation",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "kawasan.core.templatetags.kawasan",
                "lucide.templatetags.lucide",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Work that outlasts a request waits in the database for kawasan work, which also runs beside kawasan serve.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# KAWASAN_WORKERS: processes of kawasan serve.
WORKERS = env_int("KAWASAN_WORKERS", 1)

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
USE_I18N = True
LOCALE_PATHS = [PACKAGE / "config" / "locale"]  # of config, which is no app
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

MEDIA_ROOT = DATA / "files"  # what people upload; no address leads into it, views hand it out to whoever may see it

# KAWASAN_CLAMD: where ClamAV's clamd checks photos for viruses, /run/clamav/clamd.ctl or HOST:PORT; none unless set.
CLAMD = os.environ.get("KAWASAN_CLAMD", "")

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Islands that share code import it by the name that the build gave it, so files stay under that name too.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.*(\.[0-9a-f]{12}\.|/kawasan/build/assets/)"  # each has a hash in its name
BUILD = PACKAGE / "core" / "static" / "kawasan" / "build"
DJANGO_VITE = {"default": {"static_url_prefix": "kawasan/build", "manifest_path": BUILD / "manifest.json"}}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "TIMEOUT": 3600}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20_971_520  # bytes; a form with more is refused, one with less gets its sentences
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "kawasan.core.middleware.RequestIdFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s [%(request_id)s] %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
