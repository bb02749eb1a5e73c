"""Registers the tables after all apps are ready, room by room."""

from importlib import import_module

from django.contrib.admin.apps import AdminConfig

MODULES = (
    "people",
    "projects",
    "articles",
    "imports",
    "codebooks",
    "readings",
    "adjudications",
    "findings",
    "challenges",
    "upgrades",
    "notices",
    "trail",
)


class ModerationAdminConfig(AdminConfig):
    default_site = "curation.admin.site.ModerationSite"

    def ready(self) -> None:
        super().ready()
        for module in MODULES:
            import_module(f"curation.admin.{module}")
