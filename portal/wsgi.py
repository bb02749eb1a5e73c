"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

from portal import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
env.provide(CASEBOOK_ROLE="web")
application = get_wsgi_application()
