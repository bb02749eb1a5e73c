"""Make the database ready: the tables it lacks, then the demo. One process for both: loading the code takes longest."""

import os

import django
from django.conf import settings
from django.core.management import CommandError, call_command

from portal.embedded.processes import SetupError, run_as_command

MIGRATED = "migrated"  # printed when the site may start, while the demo is still being entered


def main(_: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=0)
        if settings.IS_OWNER:
            call_command("limit_rights", verbosity=0)
        print(MIGRATED, flush=True)
        call_command("seed_demo")
    except CommandError as error:
        raise SetupError(str(error)) from error
    return 0


if __name__ == "__main__":
    run_as_command(main)
