"""What an asynchronous web server loads."""

import os

from django.core.asgi import get_asgi_application

from portal import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
env.provide(CASEBOOK_ROLE="web")
application = get_asgi_application()
