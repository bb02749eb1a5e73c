"""Tables to look at. Nothing is added, changed or deleted here: what may be done is an ``Act`` that calls a room's action."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.postgres.search import SearchVectorField
from django.db.models import BinaryField, Model, QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from curation.admin.acting import Act, action_for
from curation.admin.requests import SignedIn
from curation.choices import Role
from curation.errors import NotFound
from curation.models import Project
from curation.trail import story


class Look(admin.ModelAdmin):
    """``to_project`` is the way from the table to its project: moderators see their own projects' rows, administrators all.

    Where it is empty the table belongs to no project and is open to both. ``called``: the rows in the product's own words, where
    the table has another name.
    """

    to_project: ClassVar[str] = ""
    administrators_only: ClassVar[bool] = False
    acts: ClassVar[Sequence[Act]] = ()
    secret: ClassVar[Sequence[str]] = ()
    called: ClassVar[Any] = ""
    list_per_page = 50
    show_full_result_count = False
    object_history_template = "admin/story.html"

    def has_add_permission(self, request: SignedIn) -> bool:
        return False

    def has_change_permission(self, request: SignedIn, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: SignedIn, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: SignedIn, obj: Model | None = None) -> bool:
        """The site has asked already whether the person may enter."""
        return request.user.is_administrator or not self.administrators_only

    def has_module_permission(self, request: SignedIn) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: SignedIn) -> QuerySet:
        rows = super().get_queryset(request)
        if request.user.is_administrator or not self.to_project:
            return rows
        return rows.filter(**{f"{self.to_project}__in": Project.objects.of_member(request.user, Role.MODERATOR)})

    def get_fields(self, request: SignedIn, obj: Model | None = None) -> list[str]:
        unreadable = (BinaryField, SearchVectorField)
        return [f.name for f in self.opts.fields if not isinstance(f, unreadable) and f.name not in self.secret]

    def get_readonly_fields(self, request: SignedIn, obj: Model | None = None) -> list[str]:
        return self.get_fields(request, obj)

    def get_actions(self, request: SignedIn) -> dict[str, tuple[Any, str, str]]:
        return {act.name: (action_for(act), act.name, str(act.title)) for act in self.acts}

    @property
    def title(self) -> str:
        return str(self.called or capfirst(self.opts.verbose_name_plural))

    def changelist_view(self, request: SignedIn, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": self.title, **(extra_context or {})})

    def history_view(self, request: SignedIn, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise NotFound("There is no such row here, or it is not open to you.")
        context = {**self.admin_site.each_context(request), "opts": self.opts, "object": row, "events": story(row)}
        return TemplateResponse(request, self.object_history_template, context)
