"""The admin site: open to administrators and moderators, and to nobody's password twice (it uses the site's own sign-in)."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from curation.admin import queues
from curation.errors import NotAllowed
from curation.permissions import may_enter_admin


class ModerationSite(AdminSite):
    site_header = _("Casebook moderation")
    site_title = _("Casebook moderation")
    index_title = _("Queues and tables")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return may_enter_admin(request.user)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """With what waits before the tables."""
        waits, shelves = queues.counted(self, request), queues.shelves(self, request)  # type: ignore[arg-type]
        return super().index(request, {"queues": waits, "shelves": shelves, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Whoever is signed in and still comes here lacks the role; sending them to sign in again would lead in a circle."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise NotAllowed(
                "The admin is open to administrators and to moderators of a project. Ask an administrator for the role."
            )
        return redirect_to_login(request.GET.get("next") or request.path)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("web:account")
