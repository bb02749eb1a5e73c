"""Who is counted for whom, where patients are known to be one person. Pure."""

from collections.abc import Iterable, Mapping


def roots(pairs: Iterable[tuple[int, int]], merged: Mapping[int, int]) -> dict[int, int | None]:
    """For everybody named the patient who is counted in their place, None who are counted themselves.

    ``pairs`` are one person each; the one who was there first is counted. ``merged`` are those whose reader found them to be
    another: they follow that one wherever it goes.
    """
    first: dict[int, int] = {}

    def of(patient: int) -> int:
        while first.setdefault(patient, patient) != patient:
            patient = first[patient]
        return patient

    for one, other in pairs:
        low, high = sorted((of(_end(one, merged)), of(_end(other, merged))))
        first[high] = low
    named = {*first, *merged}
    found = {patient: of(_end(patient, merged)) for patient in named}
    return {patient: root if root != patient else None for patient, root in found.items()}


def _end(patient: int, merged: Mapping[int, int]) -> int:
    seen = set[int]()
    while patient in merged and patient not in seen:
        seen.add(patient)
        patient = merged[patient]
    return patient
