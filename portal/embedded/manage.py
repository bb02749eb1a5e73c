"""`casebook manage …`: Django's commands, against the running site's servers or those the environment names."""

import subprocess

from portal import env
from portal.embedded.processes import SetupError, run_as_command
from portal.embedded.running import running_site
from portal.embedded.supervisor import python

#: Commands that make or remake tables; everything else runs as the site does.
OF_THE_OWNER = ("migrate", "limit_rights", "replay_audit", "restore")


def main(arguments: list[str]) -> int:
    site = running_site()
    if not site and not (env.is_set("DATABASE_URL") and env.is_set("REDIS_URL")):
        raise SetupError(
            "No site runs here. Start it in another terminal with ./casebook up, "
            "or name your servers in DATABASE_URL and REDIS_URL."
        )
    command = python("manage.py", *arguments)
    if arguments and arguments[0] in OF_THE_OWNER:
        site = {**site, "CASEBOOK_ROLE": "owner"}
    return subprocess.run(command, cwd=env.ROOT, env=env.for_child(**site), check=False).returncode


if __name__ == "__main__":
    run_as_command(main)
