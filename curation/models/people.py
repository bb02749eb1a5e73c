"""People, and the tokens by which their programs sign in."""

from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from curation.choices import Scope


class User(AbstractUser):
    """A person. ``is_superuser`` is the site's administrator; all other roles are held per project (``Membership``)."""

    first_name = None  # type: ignore[assignment]  # one name, as the person writes it
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=200, blank=True)
    orcid = models.CharField("ORCID iD", max_length=19, blank=True)

    objects: ClassVar[UserManager[Self]] = UserManager()

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_administrator(self) -> bool:
        return self.is_superuser

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.username


class ApiToken(models.Model):
    """A program's key: only its SHA-256 is kept, and it may do no more than its owner and its scopes allow."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
