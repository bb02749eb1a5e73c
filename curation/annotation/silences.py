"""What of a group is still unsaid: to be marked "not reported" by one key. Reads only."""

from curation.annotation import queries, rules
from curation.codebook import queries as codebook
from curation.errors import Fault, Invalid
from curation.models import Annotation, Feature, Patient, Reading


def left_unsaid(reading: Reading, patient: Patient, group_slug: str) -> tuple[list[Feature], list[Annotation]]:
    """The group's features that are asked and have no answer; answers that said "not reported" before more was read."""
    specs = codebook.specs_in(reading.codebook_version_id)
    in_group = Feature.objects.filter(codebook_version_id=reading.codebook_version_id, group__slug=group_slug)
    if not (features := list(in_group)):
        raise Invalid("There is no such group.", faults=[Fault("group", f"the codebook has no group “{group_slug[:80]}”")])
    written = queries.annotations_of(reading, patient)
    asked, known = rules.asked(specs, queries.recorded(written)), {a.feature.slug for a in written}
    rest = [f for f in features if f.slug not in known and asked[f.slug] and not specs[f.slug].derived]
    here = {feature.slug for feature in features}
    again = [a for a in written if a.feature.slug in here and rules.unread(reading.scope, a.status, a.qualifiers)]
    return rest, again
