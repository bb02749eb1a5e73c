"""The admin site: open to administrators and moderators, and to nobody's password twice (it uses the site's own sign-in)."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from curation.permissions import may_enter_admin


class ModerationSite(AdminSite):
    site_header = _("Casebook moderation")
    site_title = _("Casebook moderation")
    index_title = _("Queues and tables")

    def has_permission(self, request: HttpRequest) -> bool:
        return may_enter_admin(request.user)
