"""Every address of the site: the pages, the API, the admin, and what machines ask about its health."""

from django.contrib import admin
from django.urls import include, path

from portal import health

urlpatterns = [
    path("", include("curation.web.urls")),
    path("api/v1/", include("curation.api.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
