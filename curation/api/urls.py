"""Every endpoint, one line each, grouped by the room behind it; described at /api/v1/docs/."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

app_name = "api"

urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", SpectacularAPIView.as_view(), name="openapi"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:openapi"), name="docs"),
    # articles
    # imports
    # codebooks
    # projects
    # screening
    # readings
    # review
    # cohorts
]
