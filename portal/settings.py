"""Django's settings, all in one file. What differs from site to site is read from the environment by `portal.env`.

What each variable means: docs/configuration.md.
"""

import tomllib
from typing import Any

import dj_database_url

from portal import celery, env, logs, mail  # noqa: F401 - celery: so that `task.delay()` knows its broker in every process
from portal.embedded import postgres_programs

BASE_DIR = env.ROOT

VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

# --- the site ---------------------------------------------------------------------------------------------------------
SECRET_KEY = env.text("SECRET_KEY")
DEBUG = env.flag("DEBUG")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXY_COUNT = env.whole_number("TRUSTED_PROXY_COUNT")

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "curation.apps.CurationConfig",
    "curation.admin.apps.ModerationAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_prometheus",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "portal.security.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "curation.web.refusals.RefusalMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

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
            ],
        },
    },
]

# --- people -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "curation.User"
LOGIN_URL = "web:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- what a browser may do --------------------------------------------------------------------------------------------
HTTPS_ONLY = env.flag("HTTPS_ONLY")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS_ONLY
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked for from inside, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# --- language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LEXICONS = BASE_DIR / "seeds" / "lexicons"  # by the name of the codebook: how reports say what it asks
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files ------------------------------------------------------------------------------------------------------------
# With STATIC_ROOT the files collected there are served compressed and under hashed names; without it
# (one machine, tests) they are served straight from their folders.
STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT") or None
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_ROOT
MEDIA_ROOT = env.folder("MEDIA_ROOT", env.var() / "media")
AUDIT_HEADS = env.folder("AUDIT_HEADS", env.var() / "audit-heads")
COLLECTED = "portal.static.CollectedFiles"
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": COLLECTED if STATIC_ROOT else PLAIN},
}

# --- database ---------------------------------------------------------------------------------------------------------
# Web processes keep their connections and cut off any statement that a reader would not wait for; every other
# process (workers, beat, commands) opens one when it needs it and may take its time.
# Where DATABASE_OWNER_URL is set, only the owner's commands connect as the tables' owner: the site cannot alter its trail.
SERVES_PAGES = env.text("CASEBOOK_ROLE") == "web"
# Any page of a table is about as near as the next: told that of turning discs, the planner reads whole tables rather than an
# index. Compiling a statement takes longer than most of ours run.
PLANNING = "-c random_page_cost=1.1 -c jit=off"
IS_OWNER = env.text("CASEBOOK_ROLE") == "owner" and env.is_set("DATABASE_OWNER_URL")
SITE_DATABASE = dj_database_url.parse(env.text("DATABASE_URL"))
DATABASE: dict[str, Any] = {
    **dj_database_url.parse(
        env.text("DATABASE_OWNER_URL" if IS_OWNER else "DATABASE_URL"),
        conn_max_age=60 if SERVES_PAGES else 0,
        conn_health_checks=SERVES_PAGES,
    )
}
DATABASE["OPTIONS"] = {
    "connect_timeout": 3,
    "options": f"{PLANNING} -c statement_timeout=8s" if SERVES_PAGES else PLANNING,
    **DATABASE.get("OPTIONS", {}),
}
DATABASES = {"default": DATABASE}
POSTGRES_PROGRAMS = list(postgres_programs.folders())  # where pg_dump and pg_restore may be

# --- later work: Celery -----------------------------------------------------------------------------------------------
# The broker is a bell that may be lost: the work itself is rows in PostgreSQL, and `reconcile` finds what was missed.
CELERY_BROKER_URL = env.text("REDIS_URL")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,  # a killed worker's tasks come back in 12 s, not in 104 s
    "unacked_restore_throttle": 1,
    "socket_timeout": 2,  # a frozen broker holds a web request for 2 s, not for 45 s
    "socket_connect_timeout": 1,
    "max_retries": 1,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_RETRY_ON_WORKER_LOST = True  # counted against max_retries; without it a killing task loops for ever
CELERY_TASK_ANNOTATIONS = {"*": {"max_retries": 3}}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "reconcile": {"task": "curation.tasks.reconcile", "schedule": 60.0, "options": {"expires": 55}},
    "release_abandoned": {"task": "curation.tasks.release_abandoned", "schedule": 3600.0, "options": {"expires": 3500}},
    "purge_repeats": {"task": "curation.tasks.purge_repeats", "schedule": 3_600.0, "options": {"expires": 3_590}},
    "seal_audit": {"task": "curation.tasks.seal_audit", "schedule": 600.0, "options": {"expires": 590}},
    "look_at_cohorts": {"task": "curation.tasks.look_at_cohorts", "schedule": 3600.0, "options": {"expires": 3500}},
    "send_digests": {"task": "curation.tasks.send_digests", "schedule": 600.0, "options": {"expires": 590}},
}
CELERY_BEAT_SCHEDULER = "portal.beat.OneBeat"
CELERY_BEAT_SCHEDULE_FILENAME = str(env.var() / "beat-schedule")

# --- the machine door -------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "curation.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["curation.api.bodies.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "curation.api.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "curation.api.problems.handle",
    "NUM_PROXIES": TRUSTED_PROXY_COUNT,
}
# Choices that fields of one name hold need a name each in the API's description.
API_WORDS = {
    **{name: name for name in ("Status", "ScreeningState", "ReadingState", "FindingState", "BatchState", "ItemState")},
    **{name: name for name in ("Role", "EvidenceRole", "BatchKind", "EvidenceKind", "SectionKind", "RulingKind")},
    **{name: name for name in ("Verdict", "SuggestionVerdict", "UnmovedState")},
    **{name: name for name in ("Outcome", "MergePolicy")},
    "RecordableStatus": "RECORDABLE_CHOICES",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Casebook",
    "DESCRIPTION": "Published case reports as a cohort that can be questioned.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        **{name: f"curation.choices.{path}" for name, path in API_WORDS.items()},
        "NoticeKind": "curation.models.notices.NoticeKind",
        "ArticleState": "curation.standing.states.ArticleState",
    },
}

# --- e-mail -----------------------------------------------------------------------------------------------------------
# Without EMAIL_URL nothing is sent, and the account page says so.
SITE_URL = env.address("SITE_URL")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL")
EMAIL_TIMEOUT = 20
MAIL = mail.server(env.text("EMAIL_URL"))
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL

# --- where articles come from -----------------------------------------------------------------------------------------
NCBI_BASE_URL = env.address("NCBI_BASE_URL")
IDCONV_BASE_URL = env.address("IDCONV_BASE_URL")
NCBI_API_KEY = env.text("NCBI_API_KEY")
NCBI_EMAIL = env.text("NCBI_EMAIL")
NCBI_TOOL = env.text("NCBI_TOOL")
PMC_OA_BASE_URL = env.address("PMC_OA_BASE_URL")
PMC_STORE_NONCOMMERCIAL = env.flag("PMC_STORE_NONCOMMERCIAL")

# --- logs -------------------------------------------------------------------------------------------------------------
LOGGING = logs.configuration(env.text("LOG_FORMAT"))
