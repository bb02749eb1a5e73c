"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from portal import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
env.provide(CASEBOOK_ROLE="web")
application = get_wsgi_application()
# Django would load the pages' code with the first visit, in each process anew; loaded here it is shared by all.
get_resolver().check()
