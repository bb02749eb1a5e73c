"""The database is prepared here as it is for the tests of the app."""

from curation.tests.conftest import django_db_setup

__all__ = ["django_db_setup"]
