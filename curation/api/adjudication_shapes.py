"""How an adjudication looks to programs: persons, points with both readings' answers and evidence, decisions, what changed."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from curation.adjudication.changes import since
from curation.adjudication.layout import Desk, Stand
from curation.api.annotations import AnnotationSerializer, RecordedAnswerSerializer
from curation.api.evidence import ProofSerializer
from curation.choices import MergePolicy, Outcome
from curation.models import Decision, Patient, Reading

LARGEST_ID = 2**63 - 1
STANDS = [(stand.value, stand.value) for stand in Stand]


class ComparedReadingSerializer(serializers.ModelSerializer):
    curator = serializers.StringRelatedField()

    class Meta:
        model = Reading
        fields = ("id", "curator", "state", "submitted_at", "version")
        read_only_fields = fields


class WaitingArticleSerializer(serializers.Serializer):
    """``differing``: in how many answers; meaningless until the patients are paired."""

    article = serializers.IntegerField(source="screening.article_id")
    pmid = serializers.IntegerField(source="screening.article.pmid", allow_null=True)
    title = serializers.CharField(source="screening.article.title")
    readings = ComparedReadingSerializer(many=True)
    is_paired = serializers.BooleanField()
    differing = serializers.IntegerField()


class DecisionSerializer(serializers.ModelSerializer):
    """``status`` is empty where nothing is published. ``ruling`` is what published it, null until then."""

    feature = serializers.SlugRelatedField("slug", read_only=True)
    value = serializers.JSONField(read_only=True, allow_null=True)
    status = serializers.CharField(read_only=True)
    decided_by = serializers.StringRelatedField()
    evidence = ProofSerializer(source="proofs", many=True, read_only=True)

    class Meta:
        model = Decision
        fields = (
            *("patient", "feature", "instance", "outcome", "followed", "status", "value", "low", "high", "qualifiers"),
            *("comment", "reason", "decided_by", "decided_at", "ruling", "evidence"),
        )
        read_only_fields = fields


class VoiceSerializer(serializers.Serializer):
    """``answer`` is null where the reading says nothing of it."""

    reading = serializers.IntegerField(source="reading.pk")
    answer = AnnotationSerializer(allow_null=True)


class PointSerializer(serializers.Serializer):
    """``stand``: agreed, alone (one reading describes the patient), open, stale (decided on other answers), settled, out."""

    patient = serializers.IntegerField(source="person.patient.pk")
    feature = serializers.CharField(source="feature.slug")
    instance = serializers.IntegerField()
    stand = serializers.ChoiceField(STANDS)
    voices = VoiceSerializer(many=True)
    decision = DecisionSerializer(allow_null=True)
    published_before = DecisionSerializer(source="before", allow_null=True)
    may_take_back = serializers.BooleanField()


class NamedPatientSerializer(serializers.ModelSerializer):
    class Meta:
        model = Patient
        fields = ("id", "label")
        read_only_fields = fields


class PersonInReadingsSerializer(serializers.Serializer):
    patient = NamedPatientSerializer()
    other = NamedPatientSerializer(source="pairing.other", default=None, allow_null=True)
    reason = serializers.CharField(source="pairing.reason", default="")
    is_alone = serializers.BooleanField()


class PairSerializer(serializers.Serializer):
    """Two patients who are one; without ``other`` one whom only one reading describes, and why they are nobody else's."""

    patient = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    other = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, allow_null=True, default=None)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=5000)


class PairsSerializer(serializers.Serializer):
    pairs = serializers.ListField(child=PairSerializer(), max_length=400)


class UnpairedSerializer(serializers.Serializer):
    reading = serializers.IntegerField()
    patients = NamedPatientSerializer(many=True)


class ChangeSinceSerializer(serializers.Serializer):
    """In words; empty where nothing is said."""

    patient = serializers.IntegerField(source="patient.pk")
    feature = serializers.CharField(source="feature.slug")
    who = serializers.CharField()
    then = serializers.CharField()
    now = serializers.CharField()


class AdjudicationSerializer(serializers.Serializer):
    """``version`` is the ETag of all of it. ``offered`` pairs wait for a word; ``points`` come once everybody is paired."""

    project = serializers.CharField(source="project.slug")
    article = serializers.IntegerField(source="article.pk")
    pmid = serializers.IntegerField(source="article.pmid", allow_null=True)
    title = serializers.CharField(source="article.title")
    version = serializers.IntegerField()
    merge_policy = serializers.ChoiceField(MergePolicy.choices, source="project.merge_policy")
    is_open = serializers.BooleanField()
    is_paired = serializers.BooleanField()
    readings = ComparedReadingSerializer(many=True)
    persons = PersonInReadingsSerializer(many=True)
    unpaired = serializers.SerializerMethodField()
    offered = serializers.SerializerMethodField()
    settled = serializers.IntegerField()
    at_issue = serializers.SerializerMethodField()
    points = PointSerializer(many=True)
    changes = serializers.SerializerMethodField()

    @extend_schema_field(UnpairedSerializer(many=True))
    def get_unpaired(self, desk: Desk) -> object:
        return [UnpairedSerializer({"reading": pk, "patients": many}).data for pk, many in desk.unpaired.items() if many]

    @extend_schema_field(PairSerializer(many=True))
    def get_offered(self, desk: Desk) -> object:
        return [{"patient": one, "other": other, "reason": ""} for one, other in desk.offered.items()]

    def get_at_issue(self, desk: Desk) -> int:
        return len(desk.at_issue)

    @extend_schema_field(ChangeSinceSerializer(many=True))
    def get_changes(self, desk: Desk) -> object:
        return ChangeSinceSerializer(since(desk), many=True).data


class PointPlaceSerializer(serializers.Serializer):
    """Which point: the patient who stands for the person, the feature's slug, and which of several entries."""

    patient = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    feature = serializers.CharField(max_length=80)
    instance = serializers.IntegerField(min_value=1, max_value=999, default=1)


class DecideSerializer(PointPlaceSerializer):
    """``reading`` is named where one is followed, ``answer`` where a third is given."""

    outcome = serializers.ChoiceField(Outcome.choices)
    reason = serializers.CharField(max_length=5000)
    reading = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, allow_null=True, default=None)
    answer = RecordedAnswerSerializer(required=False, allow_null=True, default=None)


class RemarkedSerializer(serializers.Serializer):
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=5000)


class TakeUpSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=5000)


class MergingSerializer(serializers.Serializer):
    merge_policy = serializers.ChoiceField(MergePolicy.choices)


def place_of(sent: dict[str, object]) -> tuple[int, str, int]:
    return int(str(sent["patient"])), str(sent["feature"]), int(str(sent["instance"]))
