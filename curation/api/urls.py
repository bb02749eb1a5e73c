"""Every endpoint, one line each, grouped by the room behind it; described at /api/v1/docs/."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from curation.api import screening

app_name = "api"

urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", SpectacularAPIView.as_view(), name="openapi"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:openapi"), name="docs"),
    # articles
    # imports
    # codebooks
    # projects
    # screening
    path("projects/<slug:slug>/screenings", screening.ScreeningList.as_view(), name="screenings"),
    path("screenings/<int:pk>/include", screening.Include.as_view(), name="screening-include"),
    path("screenings/<int:pk>/exclude", screening.Exclude.as_view(), name="screening-exclude"),
    path("screenings/<int:pk>/reopen", screening.Reopen.as_view(), name="screening-reopen"),
    # readings
    # review
    # cohorts
]
