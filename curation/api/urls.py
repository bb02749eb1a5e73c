"""Every endpoint, one line each, grouped by the room behind it; described at /api/v1/docs/."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from curation.api import (
    agreement,
    annotations,
    articles,
    challenges,
    citing,
    codebooks,
    cohorts,
    displaced,
    evidence,
    figures,
    history,
    imports,
    nowhere,
    people,
    projects,
    querying,
    readings,
    relations,
    review,
    screening,
    searches,
    web_annotations,
)

app_name = "api"

urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", SpectacularAPIView.as_view(), name="openapi"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:openapi"), name="docs"),
    # people
    path("me", people.Me.as_view(), name="me"),
    path("tokens", people.Tokens.as_view(), name="tokens"),
    path("tokens/<int:pk>/revoke", people.RevokeToken.as_view(), name="token-revoke"),
    # articles
    path("articles", articles.ArticleList.as_view(), name="articles"),
    path("articles/<int:pk>", articles.ArticleDetail.as_view(), name="article"),
    path("articles/<int:pk>/full-text", imports.FetchFullText.as_view(), name="article-full-text"),
    path("sections/<int:pk>", evidence.SectionDetail.as_view(), name="section"),
    path("figures/<int:pk>/image", figures.Image.as_view(), name="figure-image"),
    path("figures/<int:pk>/thumbnail", figures.Thumbnail.as_view(), name="figure-thumbnail"),
    path("articles/cite", citing.SelectionCitation.as_view(), name="articles-cite"),
    path("articles/<int:pk>/cite", citing.ArticleCitation.as_view(), name="article-cite"),
    path("articles/cite", citing.SelectionCitation.as_view(), name="articles-cite"),
    path("articles/<int:pk>/cite", citing.ArticleCitation.as_view(), name="article-cite"),
    path("articles/<int:pk>/full-text", imports.FetchFullText.as_view(), name="article-full-text"),
    path("figures/<int:pk>/image", figures.Image.as_view(), name="figure-image"),
    path("figures/<int:pk>/thumbnail", figures.Thumbnail.as_view(), name="figure-thumbnail"),
    path("articles/<int:pk>/relations", relations.Relations.as_view(), name="article-relations"),
    # imports
    path("query-preview", querying.QueryPreview.as_view(), name="query-preview"),
    path("quarantine", querying.Quarantine.as_view(), name="quarantine"),
    path("batch-items/<int:pk>", querying.ItemDetail.as_view(), name="batch-item"),
    path("batches", imports.BatchList.as_view(), name="batches"),
    path("batches/<int:pk>", imports.BatchDetail.as_view(), name="batch"),
    path("batches/<int:pk>/items", imports.ItemList.as_view(), name="batch-items"),
    path("batches/<int:pk>/retry", imports.Retry.as_view(), name="batch-retry"),
    path("batches/<int:pk>/stop", imports.Stop.as_view(), name="batch-stop"),
    path("batches/<int:pk>/resume", imports.Resume.as_view(), name="batch-resume"),
    path("batch-items/<int:pk>/dismiss", imports.Dismiss.as_view(), name="batch-item-dismiss"),
    # codebooks
    path("codebooks", codebooks.CodebookList.as_view(), name="codebooks"),
    path("codebooks/<slug:slug>/rules", codebooks.RuleList.as_view(), name="rules"),
    path("codebooks/<slug:slug>/<str:number>", codebooks.VersionDetail.as_view(), name="codebook"),
    path("codebooks/<slug:slug>/<str:number>/features", codebooks.FeatureList.as_view(), name="codebook-features"),
    path(
        "codebooks/<slug:slug>/<str:number>/features/<slug:feature>", codebooks.FeatureDetail.as_view(), name="codebook-feature"
    ),
    # projects
    path("projects", projects.ProjectList.as_view(), name="projects"),
    path("projects/<slug:slug>", projects.ProjectDetail.as_view(), name="project"),
    path("projects/<slug:slug>/annotations.jsonld", web_annotations.ProjectAnnotations.as_view(), name="project-annotations"),
    # screening
    path("projects/<slug:slug>/screenings", screening.ScreeningList.as_view(), name="screenings"),
    path("screenings/<int:pk>/include", screening.Include.as_view(), name="screening-include"),
    path("screenings/<int:pk>/exclude", screening.Exclude.as_view(), name="screening-exclude"),
    path("screenings/<int:pk>/reopen", screening.Reopen.as_view(), name="screening-reopen"),
    # standing searches
    path("projects/<slug:slug>/searches", searches.SearchList.as_view(), name="searches"),
    path("searches/<int:pk>", searches.SearchDetail.as_view(), name="search"),
    path("searches/<int:pk>/run", searches.Run.as_view(), name="search-run"),
    path("searches/<int:pk>/pause", searches.Pause.as_view(), name="search-pause"),
    path("searches/<int:pk>/resume", searches.Resume.as_view(), name="search-resume"),
    # readings
    path("readings", readings.ReadingList.as_view(), name="readings"),
    path("readings/<int:pk>", readings.ReadingDetail.as_view(), name="reading"),
    path("readings/<int:pk>/sections", readings.ReadingSections.as_view(), name="reading-sections"),
    path("readings/<int:pk>/missing", readings.ReadingMissing.as_view(), name="reading-missing"),
    path("readings/<int:pk>/patients", readings.ReadingPatients.as_view(), name="reading-patients"),
    path("readings/<int:pk>/patients/<int:patient>", readings.ReadingPatient.as_view(), name="reading-patient"),
    path("readings/<int:pk>/rest-not-reported", readings.RestNotReported.as_view(), name="reading-rest-not-reported"),
    path("readings/<int:pk>/submit", readings.Submit.as_view(), name="reading-submit"),
    path("readings/<int:pk>/annotations.jsonld", web_annotations.ReadingAnnotations.as_view(), name="reading-annotations"),
    path("readings/<int:pk>/annotations", annotations.AnnotationList.as_view(), name="annotations"),
    path("readings/<int:pk>/acts", history.ReadingActs.as_view(), name="reading-acts"),
    path("readings/<int:pk>/undo", history.Undo.as_view(), name="reading-undo"),
    path("readings/<int:pk>/redo", history.Redo.as_view(), name="reading-redo"),
    path("readings/<int:pk>/features/<slug:slug>/history", history.ValueHistory.as_view(), name="value-history"),
    path("annotations/<int:pk>", annotations.AnnotationDetail.as_view(), name="annotation"),
    path("annotations/<int:pk>/evidence", annotations.EvidenceList.as_view(), name="annotation-evidence"),
    path("projects/<slug:slug>/displaced-quotes", displaced.DisplacedList.as_view(), name="displaced-quotes"),
    path("evidence/<int:pk>/place", displaced.Place.as_view(), name="evidence-place"),
    path("evidence/<int:pk>/keep", displaced.Keep.as_view(), name="evidence-keep"),
    path("evidence/<int:pk>", annotations.EvidenceDetail.as_view(), name="evidence"),
    # challenges
    path("findings/<int:pk>/proposals", challenges.FindingProposals.as_view(), name="finding-proposals"),
    path("projects/<slug:slug>/proposals", challenges.Proposals.as_view(), name="proposals"),
    path("proposals/<int:pk>", challenges.ProposalDetail.as_view(), name="proposal"),
    path("proposals/<int:pk>/accept", challenges.Accept.as_view(), name="proposal-accept"),
    path("proposals/<int:pk>/reject", challenges.Reject.as_view(), name="proposal-reject"),
    path("proposals/<int:pk>/withdraw", challenges.Withdraw.as_view(), name="proposal-withdraw"),
    path("findings/<int:pk>/flags", challenges.FindingFlags.as_view(), name="finding-flags"),
    path("projects/<slug:slug>/flags", challenges.Flags.as_view(), name="flags"),
    path("flags/<int:pk>/resolve", challenges.Resolve.as_view(), name="flag-resolve"),
    path("projects/<slug:slug>/reevaluations", challenges.Reevaluations.as_view(), name="reevaluations"),
    # agreement
    path("projects/<slug:slug>/agreement", agreement.Agreement.as_view(), name="agreement"),
    path("projects/<slug:slug>/disagreements", agreement.Disagreements.as_view(), name="disagreements"),
    # review
    path("projects/<slug:slug>/submitted-readings", review.SubmittedReadings.as_view(), name="submitted-readings"),
    path("readings/<int:pk>/publish", review.Publish.as_view(), name="reading-publish"),
    path("readings/<int:pk>/send-back", review.SendBack.as_view(), name="reading-send-back"),
    path("findings", review.FindingList.as_view(), name="findings"),
    path("findings/<int:pk>", review.FindingDetail.as_view(), name="finding"),
    path("findings/<int:pk>/annotation.jsonld", web_annotations.FindingAnnotation.as_view(), name="finding-annotation"),
    path("findings/<int:pk>/retract", review.Retract.as_view(), name="finding-retract"),
    # cohorts
    path("projects/<slug:slug>/cohort", cohorts.Ask.as_view(), name="cohort"),
    path("cohorts", cohorts.CohortList.as_view(), name="cohorts"),
    path("cohorts/<int:pk>", cohorts.CohortDetail.as_view(), name="cohort-saved"),
    # anything else
    path("<path:rest>", nowhere.Nowhere.as_view(), name="nowhere"),
]
