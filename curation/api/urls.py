"""Every endpoint, one line each, grouped by the room behind it; described at /api/v1/docs/."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from curation.api import codebooks, cohorts, review, screening

app_name = "api"

urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", SpectacularAPIView.as_view(), name="openapi"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:openapi"), name="docs"),
    # articles
    # imports
    # codebooks
    path("codebooks", codebooks.CodebookList.as_view(), name="codebooks"),
    path("codebooks/<slug:slug>/rules", codebooks.RuleList.as_view(), name="rules"),
    path("codebooks/<slug:slug>/<str:number>", codebooks.VersionDetail.as_view(), name="codebook"),
    path("codebooks/<slug:slug>/<str:number>/features", codebooks.FeatureList.as_view(), name="codebook-features"),
    path(
        "codebooks/<slug:slug>/<str:number>/features/<slug:feature>", codebooks.FeatureDetail.as_view(), name="codebook-feature"
    ),
    # projects
    # screening
    path("projects/<slug:slug>/screenings", screening.ScreeningList.as_view(), name="screenings"),
    path("screenings/<int:pk>/include", screening.Include.as_view(), name="screening-include"),
    path("screenings/<int:pk>/exclude", screening.Exclude.as_view(), name="screening-exclude"),
    path("screenings/<int:pk>/reopen", screening.Reopen.as_view(), name="screening-reopen"),
    # readings
    # review
    path("projects/<slug:slug>/submitted-readings", review.SubmittedReadings.as_view(), name="submitted-readings"),
    path("readings/<int:pk>/publish", review.Publish.as_view(), name="reading-publish"),
    path("readings/<int:pk>/send-back", review.SendBack.as_view(), name="reading-send-back"),
    path("findings", review.FindingList.as_view(), name="findings"),
    path("findings/<int:pk>", review.FindingDetail.as_view(), name="finding"),
    path("findings/<int:pk>/retract", review.Retract.as_view(), name="finding-retract"),
    # cohorts
    path("projects/<slug:slug>/cohort", cohorts.Ask.as_view(), name="cohort"),
    path("cohorts", cohorts.CohortList.as_view(), name="cohorts"),
    path("cohorts/<int:pk>", cohorts.CohortDetail.as_view(), name="cohort-saved"),
]
