"""The settings of the tests: quicker, never different in what the site does."""

from portal import env

env.provide(
    SECRET_KEY="only-for-tests-" * 4,
    HTTPS_ONLY="no",
    LOG_FORMAT="plain",
    NCBI_BASE_URL="http://127.0.0.1:1/",  # nobody is there: a test that asks brings its stand-in
    IDCONV_BASE_URL="http://127.0.0.1:1/",
    # The pytest plugin sets the next two before this file is read. Tools that only need the settings
    # to be readable (the type checker) never connect.
    DATABASE_URL="postgresql:///casebook",
    REDIS_URL="redis://127.0.0.1:1/0",
)

from portal.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
