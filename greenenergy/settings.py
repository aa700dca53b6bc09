"""Django's settings. What an operator may choose comes from the environment, see `config/operator_settings.py`.

Limits are read where they are applied: `settings.ENVIRONMENT.chat_messages_per_minute`.
"""

import os
from urllib.parse import urlsplit

from greenenergy.config.operator_settings import read_or_exit
from greenenergy.config.values import BASE_DIR

ENVIRONMENT = read_or_exit()

# Files that this process makes are its user's alone: the database with its WAL, journals, exports. Media and static
# files, which a proxy may read, get their own modes below.
os.umask(0o077)

DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key

# The public URLs, and the settings derived from them.
SITE_URLS = ENVIRONMENT.site_urls
ALLOWED_HOSTS = ENVIRONMENT.hosts
CSRF_TRUSTED_ORIGINS = list(ENVIRONMENT.site_urls)
SECURE_SSL_HOST = urlsplit(SITE_URLS[0]).netloc  # with its port, which the Host header may lack
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENVIRONMENT.https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
LOGIN_REDIRECT_URL = "/admin/"  # where a login ends whose ?next= leads to another site
CSRF_FAILURE_VIEW = "greenenergy.site.views.csrf_failure"
SESSION_COOKIE_AGE = 14 * 24 * 3600

SILENCED_SYSTEM_CHECKS = [
    # CKEditor 4 gets no more fixes. What it sends is treated as untrusted input: see richtext/sanitizer.py and editing/editor.py.
    "ckeditor.W001",
    # HSTS for subdomains and the preload list affect hosts that are not this site's: the operator's choice.
    "security.W005",
    "security.W021",
]

INSTALLED_APPS = [
    "greenenergy",
    "news",
    "contact",
    "ckeditor",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "greenenergy.serving.static_files.CollectedStaticFiles",
    "django.contrib.sitemaps",
    "django.forms",  # the form renderer below looks for its templates here
]

MIDDLEWARE = [
    "greenenergy.operations.health.HealthMiddleware",  # first: it answers under any host
    "greenenergy.serving.public_host.PublicHostMiddleware",
    "greenenergy.page_cache.middleware.CachePageMiddleware",  # outside of all that add headers, which it caches
    "news.view_counter.counting.CountViewsMiddleware",  # sees the status that the visitor gets, 304 included
    "django.middleware.security.SecurityMiddleware",
    "greenenergy.serving.canonical_host.CanonicalHostMiddleware",
    "greenenergy.serving.content_security_policy.ContentSecurityPolicyMiddleware",
    "greenenergy.serving.compression.CompressionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "greenenergy.site.visitor_choices.VaryOnChoicesMiddleware",
    "greenenergy.site.visitor_choices.LanguageMiddleware",
    "greenenergy.serving.conditional.ConditionalMiddleware",
    "greenenergy.page_cache.middleware.FillGapsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "greenenergy.site.redirects.OldUrlMiddleware",  # around CommonMiddleware, which adds a missing slash
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "greenenergy.editing.saving.RedirectByScriptMiddleware",
]

ROOT_URLCONF = "greenenergy.urls"
WSGI_APPLICATION = "greenenergy.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "greenenergy.site.context.site",
            ],
            "builtins": [
                "django.templatetags.static",
                "django.templatetags.i18n",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # templates/ may then replace an admin widget

DATABASES = {
    "default": {
        **ENVIRONMENT.database,
        # The request threads keep their connections; a dead one is noticed before its next use.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
if ENVIRONMENT.database["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        **ENVIRONMENT.database.get("OPTIONS", {}),
        "timeout": 5,  # seconds that a writer waits for another
        "transaction_mode": "IMMEDIATE",  # a transaction that reads first cannot fail half-way for the write lock
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-2000;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        # A connection whose other end has gone without a word is given up after 5 s with a query on its way (the
        # milliseconds of tcp_user_timeout), and while it waits for an answer after 5 + 3 × 2 s.
        "tcp_user_timeout": 5000,
        "keepalives": 1,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        **ENVIRONMENT.database.get("OPTIONS", {}),
    }

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ENVIRONMENT.redis_url}
        if ENVIRONMENT.redis_url
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# The interface is written in Chinese: the texts in code and templates are Chinese, other languages are catalogues.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]  # of the public interface; staff read Chinese
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = ENVIRONMENT.media_dir
STORAGES = {
    "default": {"BACKEND": "greenenergy.media.folder.MediaFolder"},
    "private": {"BACKEND": "greenenergy.media.private.PrivateFolder"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "greenenergy.serving.static_storage.JoinedFilesStorage"
    },
}
if ENVIRONMENT.media_storage:
    # One bucket, two folders; the library is imported when a storage is first used.
    STORAGES |= {
        name: {"BACKEND": f"greenenergy.media.bucket.{folder}", "OPTIONS": ENVIRONMENT.media_storage}
        for name, folder in (("default", "MediaBucket"), ("private", "PrivateBucket"))
    }
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o644, 0o755
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # a form without its files; an article's body is capped at 1 MB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"refusals": {"()": "greenenergy.serving.log_lines.RefusalsInOneLine"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "contact.housekeeping": {"level": "INFO"},  # what the daily purge deleted
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},  # noise of scanners
    },
}

VIEW_JOURNAL_DIR = ENVIRONMENT.data_dir / "journal"
SHOWN_VIEWS_FILE = ENVIRONMENT.data_dir / "shown-views"

# The live chat and the message form.
PRIVATE_ROOT = ENVIRONMENT.data_dir / "private"
CHAT_KNOCKS_FILE = ENVIRONMENT.data_dir / "chat-knocks"

EMAIL_TIMEOUT = 10
globals().update(ENVIRONMENT.email)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.email_from or "webmaster@localhost"

CONTENT_VERSION_FILE = ENVIRONMENT.data_dir / "content-version"
