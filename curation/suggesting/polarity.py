"""What a clause says of something that it mentions: ConText's idea (cues before and after, each with its reach), own rules.

A mention has a manner, which says what counts: a "finding" is there unless it is denied; a "stain" the same, and "negative"
denies it; a "test" needs a word for its result; a "level" needs high or normal; an "exam" was done unless it was not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

PRESENT, EXCLUDED, INDETERMINATE, NOT_TESTED = "present", "excluded", "indeterminate", "not_tested"
#: Spoken of as a thought, a search or a fear.
SUPPOSED = "supposed"


@dataclass(frozen=True, slots=True)
class Cue:
    start: int
    end: int
    verdict: str
    name: str  # of the pattern group: what kind of word it is
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``cue``: the words it rests on; empty where it rests on the mention alone."""

    status: str
    cue: str = ""


# Words that look like a denial and are none, or deny something else.
_NOT_MEANT = re.compile(
    r"\bnon-?\s?necrotic|\bnot only\b|\bno (?:longer|doubt|improvement|response|benefit|change|further|other|additional"
    r"|clear diagnosis)\b"
    r"|\bnot (?:improve|respond|change|tolerate|recover|completely|fully)\w*|\bwithout (?:improvement|benefit|response"
    r"|success|effect|treatment)\b"
    r"|\bdid not (?:improve|respond|change|normali[sz]e|recover|tolerate|fully)\b|\bno (?:significant )?(?:improvement"
    r"|effect|change)\b"
    r"|\b(?:not|nor) necessarily\b|\bwith or without\b|\bregardless\b|\bno prior\b(?= diagnosis)|\bnot respond\w*"
    r"|\bunable\b|\b(?:gram|double|triple)[- ]negative\b|\bno more than\b|\bpositive (?:sharp )?waves?\b"
    r"|\bpositive pressure\b|\b(?:near|sub)normal\b"
    r"|\bupper limits? of (?:the )?normal(?: range)?\b|\bthe upper normal limit\b|\bupper normal\b|\bnormal (?:value"
    r"|range|limit|level)s?\s*[:<≤=,]?\s*[<≤]?\d[\d.,–-]*"
    r"|\(\s*(?:normal|reference|ref|nr|range)[^()]*\)|\btimes (?:the )?(?:upper )?(?:limit of )?normal\b|\babnormal",
    re.IGNORECASE,
)
_GAP = r"(?:\s+\w+){0,2}?\s+"
_BE = (
    r"(?:was|were|is|are|be|been|being|remained|came back|came out|returned|proved|turned out|tested|resulted"
    r"|both|all|also|found|to be|repeatedly|consistently)"
)
_ADV = (
    r"(?:\s+(?:all|both|also|again|either|otherwise|entirely|completely|still|initially|repeatedly|consistently|strongly"
    r"|highly|markedly|within|to be|found|clearly|grossly|largely|thus|all within))*"
)

_BEFORE = re.compile(
    r"(?P<untested>\b(?:not (?:tested|assessed|examined|checked|screened|evaluated|investigated|measured) for"
    r"|untested for|no (?:testing|test) for|was not able to (?:test|measure)|could not be tested for)\b)"
    r"|(?P<supposed>\b(?:rule out|exclude the possibility of|to exclude|risk of|risk factors? for|suspicion of"
    r"|suspected(?: of)?|suspicious for|concern(?:s|ed)? (?:for|about)|look(?:ing)? for"
    r"|considered|considering|work-?up for|presumed|presumptive|initially diagnosed (?:as|with)|misdiagnosed (?:as|with)"
    r"|mimicking|mimicked|mimics|resembling|differential diagnos\w+(?: (?:of|included|includes))?"
    r"|tested for|testing for|screen(?:ed|ing)? for|assess(?:ed|ment)? for|evaluat(?:e|ed|ion) for|prevent"
    r"|prophylaxis (?:of|against)|possibility of|question of|whether)\b)"
    r"|(?P<weak>\b(?:weak(?:ly)?|borderline|equivocal|low[ -]?(?:titer|titre)?|faint(?:ly)?|doubtful"
    r"|indeterminate)[ -](?:positiv\w+|reactiv\w+)(?: (?:for|of|result for))?)"
    r"|(?P<negative_for>\b(?:negative|unremarkable|non-?reactive)(?: (?:results?|tests?|testing|screening|findings?"
    r"|serolog\w+))*(?: were (?:obtained|found))? (?:for|to)\b|\bseronegative for\b|\bnegativity (?:for|of)\b)"
    r"|(?P<positive_for>\b(?:sero)?(?:positiv\w+|reactive)(?: (?:results?|tests?|testing|screening|titers?"
    r"|titres?))* (?:for|to|of)\b|\bpresence of\b)"
    r"|(?P<negative_adj>\bnegative(?= (?:\w+[ -]){0,3}?(?:anti|ANA|ANCA|antinuclear|for\b|p62|MHC|HMG|SRP|myositis"
    r"|serolog|auto)))"
    r"|(?P<positive_adj>\b(?:sero)?positive(?= (?:\w+[ -]){0,2}?(?:anti|ANA|ANCA|antinuclear|HMG|SRP|myositis|auto)))"
    r"|(?P<normal_adj>\b(?:normal|unremarkable|not elevated|normal levels? of|normal values? of)(?= (?:\w+|\()))"
    r"|(?P<high_adj>\b(?:elevat\w+|rais\w+|increas(?:ed|es?)|high(?!-|ly|er| resolution| signal| dose)|rises? (?:in|of)"
    r"|extremely high|hyper)(?= (?:\w+|\()))"
    r"|(?P<no>\b(?:no|without|denie[sd]|deny|denying|lack(?:s|ed|ing)?(?: of)?|absence of|absent|no evidence of"
    r"|negative for|free of|free from|neither|nor|ruled out|ruling out|excluded?"
    r"|failed to (?:show|reveal|demonstrate|detect|identify|disclose)|devoid of|rather than|instead of|never(?: \w+)?"
    r"|negation of|none of|not (?:have|show|reveal|demonstrate|detect|disclose|identify|find|report"
    r"|complain of|experience|exhibit|display|notice|have any|suffer from|suggest|support|confirm|note|observe|take"
    r"|taken|receive|received|contain|associated with|accompanied by|having|been exposed to|exposed to|using|undergo|use"
    r"|any|detected|observed|present with|had|present|involve|reporting|seen|found|on|consistent with|suggestive of"
    r"|compatible with|indicative of|perform|performed))\b)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?P<untested>\b(?:(?:{_BE}|has|have|had)\s+)*(?:not|never|neither)(?: yet)?(?: been)? (?:tested|assessed|examined"
    rf"|available|performed|done|measured|evaluated|determined|investigated|checked|carried out|obtained|undertaken"
    rf"|possible|feasible|requested|studied|screened)"
    rf"|\b(?:was|were) (?:unavailable|deferred|omitted|pending)|\bcould not be (?:tested|performed|assessed|done|obtained"
    rf"|measured|evaluated|carried out)|\b(?:untested|unavailable|pending)\b|\bcould not undergo\b)"
    rf"|(?P<refused>\b(?:(?:was|were|but|he|she|patient|the patient) )*(?:refused|declined|denied by|contraindicated"
    rf"|rejected|not consented)\b)"
    r"|(?P<weak>\b(?:weak(?:ly)?|low[ -]?tit(?:er|re)|faintly|marginally)[ -]*(?:positiv\w+|reactiv\w+)|\b(?:equivocal"
    r"|borderline|doubtful|indeterminate|inconclusive)\b(?:[ -]positiv\w+)?)"
    rf"|(?P<unfound>\b(?:{_BE}{_ADV} )?(?:not|never)(?: be| been)?(?: clearly| significantly)? (?:seen|found|detected"
    rf"|detectable|observed|present|identified|noted|evident|reported|apparent|demonstrated|demonstrable|recogni[sz]ed"
    rf"|elicited|visible|revealed|shown|disclosed|involved|affected|remarkable|detect|encountered|documented|impaired"
    rf"|confirmed|elevated|increased|raised|positive|abnormal)\b"
    rf"|\b(?:undetectable|undetected|absent|lacking|ruled out|excluded|denied|(?:could|can) be (?:excluded|ruled out))\b"
    rf"|\bno longer (?:detect\w+|present)\b|\b(?:could not|cannot) be (?:detected|found|identified|demonstrated|seen"
    rf"|confirmed)\b|\b{_BE}{_ADV} (?:spared|missing|nil)\b|\b(?:has|have|had|was|were)?\s*(?:never"
    rf"|not)(?: ever)?(?: been)? (?:taken|used|prescribed|given|administered|received|exposed|consumed|ingested)\b)"
    rf"|(?P<negative>\bsero-?negative\b|\bnegativ(?:e|ity)\b(?! (?:for|to|myositis|fib|pressure))|\bnon-?reactive\b"
    rf"|\(\s*[-−–]\s*\)|(?<=[a-z0-9])\s?\(−\)|\bnegative for all\b)"
    rf"|(?P<normal>\b(?:normal(?!i[sz]|ly)|unremarkable|un-?eventful|within (?:the )?(?:normal|reference) (?:limits?"
    rf"|ranges?)|in (?:the )?(?:normal|reference) (?:limits?|ranges?)|not contributory|non-?contributory|noncontributory"
    rf"|intact|(?:revealed|showed|disclosed|demonstrated|found|identified|detected|yielded|with|had) (?:no"
    rf"|nothing) (?:\w+ ){{0,3}}?(?:abnormalit\w+|evidence|signs?|malignan\w+|tumou?rs?|cancers?|mass\w*|neoplas\w+"
    rf"|patholog\w+|mutations?|variants?|lesions?|remarkable|occult|involvement|suspicious)"
    rf"|without (?:\w+ )?(?:abnormalit\w+|patholog\w+)|did not (?:reveal|show|identify|detect|disclose|demonstrate"
    rf"|suggest|find|uncover|indicate)|failed to (?:reveal|show|identify|detect|find)|not elevated|not increased"
    rf"|not raised|(?:was|were) clear)\b)"
    rf"|(?P<positive>\b(?:sero-?)?positiv(?:e|ity)\b(?! (?:for|to|sharp|wave|pressure))|\breactive\b|\(\s*\+{{1,3}}\s*\))"
    rf"|(?P<high>\b(?:elevat(?:ed|ion)|rais(?:ed)|increas(?:ed|e)|high(?!-| dose| resolution)|peak(?:ed|s|ing)?|rose|rise"
    rf"|(?:exceed|surpass)\w+|(?:reached|maximum|maximal|highest)\b|abnormal(?:ly)?|markedly up|above (?:the )?(?:normal"
    rf"|upper|reference))\b)"
    rf"|(?P<found>\b(?:{_BE}{_ADV} )(?:seen|found|detected|observed|present|identified|noted|evident|reported|apparent"
    rf"|demonstrated|recogni[sz]ed|elicited|visible|revealed|shown|confirmed|documented|remarkable|abnormal)\b"
    rf"|\bdetectable\b|\bdetected\b|\bconfirmed\b)",
    re.IGNORECASE,
)
# Where what a "no" says comes to an end.
_STOP = re.compile(
    r"\b(?:presented|showed|shows|revealed|demonstrated|disclosed|developed|complained|had\b|has\b|admitted|treated|started|responded|initiated|improved|persisted|progressed|worsened|remained"
    r"|exhibited|(?:was|were) (?:\w+ )?(?:positive|elevated|found|noted|present|detected|seen|observed|increased|raised"
    r"|high|weak|reduced|given|added|started)|because|due to|after|before|until|when|since|during|in whom"
    r"|resulting|followed by|along with|together with|in addition to|in the (?:setting|presence) of|although|but)\b"
    r"|,\s*(?:with|and with|showing|revealing|and (?:marked|severe|elevated|increased|positive))\b"
    r"|\band (?:marked|severe|progressive|elevated|increased|mild(?:ly)?|prominent|diffuse(?:ly)?|positive|a|an|the|his"
    r"|her|numerous|scattered|many|several|necrotic|necrosis|with|moderate)\b|\bwith (?:elevated|increased|positive"
    r"|marked|severe|diffuse|numerous|scattered|necro\w+)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:was|were|is|are|had|has|showed|shows|revealed|demonstrated|developed|presented|complained|reported|denied|received|remained|disclosed|confirmed|underwent|improved|persisted|started|with)\b",
    re.IGNORECASE,
)

_BEFORE_VERDICTS = {
    "untested": NOT_TESTED,
    "supposed": SUPPOSED,
    "weak": INDETERMINATE,
    "negative_for": EXCLUDED,
    "positive_for": PRESENT,
    "negative_adj": EXCLUDED,
    "positive_adj": PRESENT,
    "normal_adj": EXCLUDED,
    "high_adj": PRESENT,
    "no": EXCLUDED,
}
_AFTER_VERDICTS = {
    "untested": NOT_TESTED,
    "refused": EXCLUDED,
    "weak": INDETERMINATE,
    "unfound": EXCLUDED,
    "negative": EXCLUDED,
    "normal": EXCLUDED,
    "positive": PRESENT,
    "high": PRESENT,
    "found": PRESENT,
}

#: Which cues count for which manner of mention.
_COUNTS_BEFORE = {
    "finding": {"untested", "supposed", "no", "negative_for"},
    "stain": {"untested", "supposed", "no", "negative_for", "positive_for", "negative_adj", "weak"},
    "test": {"untested", "supposed", "no", "negative_for", "positive_for", "negative_adj", "positive_adj", "weak"},
    "test_normal": {"untested", "no", "negative_for", "positive_for", "negative_adj", "positive_adj", "weak", "normal_adj"},
    "level": {"untested", "normal_adj", "high_adj", "no"},
    "exam": {"untested", "no"},
}
_COUNTS_AFTER = {
    "finding": {"untested", "unfound", "found"},
    "stain": {"untested", "unfound", "found", "negative", "positive", "weak"},
    "test": {"untested", "refused", "unfound", "found", "negative", "positive", "weak", "normal"},
    "test_normal": {"untested", "refused", "unfound", "found", "negative", "positive", "weak", "normal"},
    "level": {"untested", "normal", "high", "unfound", "found"},
    "exam": {"untested", "refused"},
}


@lru_cache(maxsize=4096)
def _cues(clause: str) -> tuple[tuple[Cue, ...], tuple[Cue, ...], tuple[int, ...]]:
    """The cues that stand before what they speak of, those that stand after, and where a denial ends."""
    masked = _NOT_MEANT.sub(lambda found: "·" * len(found[0]), clause)
    before = tuple(_found(_BEFORE, masked, _BEFORE_VERDICTS))
    after = tuple(_found(_AFTER, masked, _AFTER_VERDICTS))
    return before, after, tuple(stop.start() for stop in _STOP.finditer(masked))


def _found(pattern: re.Pattern[str], masked: str, verdicts: dict[str, str]) -> Iterator[Cue]:
    for m in pattern.finditer(masked):
        name = str(m.lastgroup)
        yield Cue(m.start(), m.end(), verdicts[name], name, m[0].strip(" ,"))


def verdict(clause: str, start: int, end: int, manner: str) -> Verdict | None:
    """What the clause says of ``clause[start:end]``; None where a manner that needs a word for its result finds none."""
    before, after, stops = _cues(clause)
    left = _nearest_before(before, stops, clause, start, manner)
    right = _nearest_after(after, clause, start, end, manner)
    for cue in (left, right):
        if cue and cue.verdict == NOT_TESTED:
            return Verdict(EXCLUDED if manner == "exam" else NOT_TESTED, cue.words)
    asked_and_answered = left and right and left.name == "supposed"
    nearer = left and (left.verdict == EXCLUDED or not right or left.end + 1 >= start or manner in ("finding", "exam", "stain"))
    if left and nearer and not asked_and_answered:
        return Verdict(left.verdict, left.words)
    if right:
        return Verdict(right.verdict, right.words)
    return Verdict(PRESENT) if manner in ("finding", "stain", "exam") else None


def _nearest_before(cues: tuple[Cue, ...], stops: tuple[int, ...], clause: str, start: int, manner: str) -> Cue | None:
    counted = [cue for cue in cues if cue.end <= start and cue.name in _COUNTS_BEFORE[manner]]
    for cue in reversed(counted):
        if any(cue.end <= stop < start for stop in stops):
            return None
        between = clause[cue.end : start]
        if cue.name in ("normal_adj", "high_adj") and (_VERB.search(between) or len(between) > 90):
            continue
        if manner == "exam" and (len(between.split()) > 3 or "," in between or " and " in between):
            return None
        if cue.name == "no" and manner == "level":
            return (
                cue if re.search(r"(?:elevat|increas|rais|rise|abnormal)\w*\W+(?:\w+\W+){0,2}$", between, re.IGNORECASE) else None
            )
        return cue
    return None


def _nearest_after(cues: tuple[Cue, ...], clause: str, start: int, end: int, manner: str) -> Cue | None:
    for cue in cues:
        if cue.start < end and not (start <= cue.start and manner == "exam"):
            continue
        if cue.name not in _COUNTS_AFTER[manner]:
            continue
        return cue if _reaches(cue, clause, end, manner) else None
    return None


_PLURAL = re.compile(r"\b(?:were|are|all|both|neither)\b|^(?:absent|negative|normal)", re.IGNORECASE)


def _reaches(cue: Cue, clause: str, end: int, manner: str) -> bool:
    """Whether a word of a result that stands later is about this mention and not about another that stands between."""
    between = clause[end : cue.start]
    if manner in ("test", "test_normal", "level"):
        if manner == "test_normal" and cue.name == "normal":
            return len(between) < 140 and not re.search(
                r"\b(?:showed|revealed|demonstrated|disclosed|had)\b", between, re.IGNORECASE
            )
        has_own_result = manner == "level" and re.search(
            r"\d[^()]*,\s*(?!i\.e|which|that is|thus|a normal)", re.sub(r"\([^()]*\)", "", between)
        )
        return len(between) < 400 and not has_own_result
    verbs = list(_VERB.finditer(between))
    singular = cue.words.lower().startswith(("was", "is ")) or re.search(r"\b(?:was|is)\s+$", between, re.IGNORECASE)
    if singular and re.search(r",|\band\b|\bor\b", between):
        return False
    if verbs and not (len(verbs) == 1 and verbs[0].end() >= len(between.rstrip()) - 1):
        return False
    if cue.name in ("unfound", "negative") and cue.verdict == EXCLUDED and manner == "finding" and len(between) > 120:
        return False
    return len(between) < 160
