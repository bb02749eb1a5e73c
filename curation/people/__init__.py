"""ROOM: people of the site, their projects and memberships, their programs' tokens."""
