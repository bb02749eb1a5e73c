"""The words that deny, doubt, assert or call normal, as clauses put them before or after what they speak of."""

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


# Words that look like a denial and are none, or deny something else.
_NOT_MEANT = re.compile(
    r"\bnon-?\s?necrotic|\bnot only\b|\bno (?:longer|doubt|improvement|response|benefit|change|further|additional"
    r"|other(?! (?:cause|trigger|risk|explan|etiolog|aetiolog))"
    r"|clear diagnosis)\b"
    r"|\bnot (?:improve|respond|change|tolerate|recover|completely|fully)\w*|\bwithout (?:improvement|benefit|response"
    r"|success|effect|treatment)\b"
    r"|\bdid not (?:improve|respond|change|normali[sz]e|recover|tolerate|fully)\b|\bno (?:significant )?(?:improvement"
    r"|effect|change)\b"
    r"|\b(?:not|nor) necessarily\b|\bwith or without\b|\bregardless\b|\bno prior\b(?= diagnosis)|\bnot respond\w*"
    r"|\bunable\b|\black of (?:response|improvement|benefit|efficacy|effect)\b|\b(?:gram|double|triple)[- ]negative\b"
    r"|\bno more than\b|\bpositive (?:sharp )?waves?\b"
    r"|\bpositive pressure\b|\b(?:near|sub)normal\b"
    r"|\bupper limits? of (?:the )?normal(?: range)?\b|\bthe upper normal limit\b|\bupper normal\b|\bnormal(?: (?:value"
    r"|range|limit|level)s?)?\s*[:<≤=,]?\s*[<≤]?\s?\d[\d.,–-]*"
    r"|\b(?:at no time|never|not)(?: (?:was|were|been|become|became|return(?:ed)?|to|the|quite|entirely|completely"
    r"|serum|CK|CPK|levels?))* normal\b"
    r"|\(\s*(?:normal|reference|ref|nr|range)[^()]*\)|\btimes (?:the )?(?:upper )?(?:limit of )?normal\b",
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
    r"|(?<!was )(?<!were )(?<!been )(?<!is )suspected|(?:was|were|been) (?:suspected (?:of|to have)|considered to have)"
    r"|suspicious for|argu(?:ed|es|ing) against|sp(?:eaks?|oke) against|against (?:an? |the )?(?:diagnosis|presence) of"
    r"|no (?:other |obvious |clear )?(?:causes?|triggers?|risk factors?|explanation)(?: was| were)?,? (?:such as|like|for"
    r"|including)"
    r"|no (?:\w+ )?(?:increase|worsening|deterioration|progression) (?:in|of)|concern(?:s|ed)? (?:for|about)|look(?:ing)? for"
    r"|(?<!was )(?<!were )(?<!been )considered|considering|work-?up for|presumed|presumptive|initially diagnosed (?:as"
    r"|with)|misdiagnosed (?:as|with)"
    r"|mimicking|mimicked|mimics|resembling|differential diagnos\w+(?: (?:of|included|includes))?"
    r"|tested for|testing for|screen(?:ed|ing)? for|assess(?:ed|ment)? for|evaluat(?:e|ed|ion) for|prevent"
    r"|prophylaxis (?:of|against)|possibility of|question of)\b)"
    r"|(?P<whether>\b(?:whether|(?:unclear|uncertain|unknown|not (?:clear|known|certain)) if)\b)"
    r"|(?P<doubtful>\b(?:possible|possibly|questionable|doubtful|equivocal|uncertain)\b(?! (?:on|by|in|with"
    r"|for)\b)(?! diagnos| (?:\w+ )?caus))"
    r"|(?P<weak>\b(?:weak(?:ly)?|borderline|equivocal|low[ -]?(?:titer|titre)?|faint(?:ly)?|doubtful"
    r"|indeterminate)[ -](?:positiv\w+|reactiv\w+)(?: (?:for|of|result for))?)"
    r"|(?P<negative_for>\b(?:negative|unremarkable|non-?reactive)(?: (?:results?|tests?|testing|screening|findings?"
    r"|serolog\w+))*(?: were (?:obtained|found))? (?:for|to)\b|\bseronegative for\b|\bnegativity (?:for|of)\b"
    r"|\b(?:negative|absent)[,;]? (?:as|so|and so|nor) (?:was|were)\b"
    r"|\bnegative:)"
    r"|(?P<positive_for>\b(?:sero)?(?:positiv\w+|reactive)(?: (?:results?|tests?|testing|screening|titers?"
    r"|titres?))* (?:for|to|of)\b|\bpresence of\b|\bpositive,? (?:as|and so) (?:was|were)\b)"
    r"|(?P<negative_adj>\bnegative(?= (?:\w+[ -]){0,3}?(?:anti|antibod|ANA|ANCA|antinuclear|for\b|p62|MHC|HMG|SRP|myositis"
    r"|serolog|auto)))"
    r"|(?P<positive_adj>\b(?:sero)?positive(?= (?:\w+[ -]){0,2}?(?:anti|ANA|ANCA|antinuclear|HMG|SRP|myositis|auto)))"
    r"|(?P<normal_adj>\b(?:normal|unremarkable|not elevated|normal levels? of|normal values? of)(?= (?:\w+|\())"
    r"|\b(?:normal|unremarkable),? (?:as|and so) (?:was|were)\b)"
    r"|(?P<high_adj>\b(?:elevat\w+|rais\w+|increas(?:ed|es?)|high(?!-|ly|er| resolution| signal| dose)|rises? (?:in|of)"
    r"|extremely high|hyper)(?= (?:\w+|\())"
    r"|\b(?:elevated|raised|increased),? (?:as|and so) (?:was|were)\b)"
    r"|(?P<no>\b(?:no|nil|without|denie[sd]|deny|denying|lack(?:s|ed|ing)?(?: of)?|absence of|absent|no evidence of"
    r"|negative for|free of|free from|(?:neither|nor) (?:was|were|is|are|did|had|has)(?: there)?|neither|nor"
    r"|(?<!was )(?<!were )(?<!been )(?<!be )(?:ruled out|ruling out|excluded?)"
    r"|failed to (?:show|reveal|demonstrate|detect|identify|disclose)|devoid of|rather than|instead of|never(?: \w+)?"
    r"|negation of|none of|not (?:have|show|reveal|demonstrate|detect|disclose|identify|find|report"
    r"|complain of|experience|exhibit|display|notice|have any|suffer from|suggest|support|confirm|note|observe|take"
    r"|taken|receive|received|contain|associated with|accompanied by|having|been exposed to|exposed to|using|undergo|use"
    r"|any|present with|had|involve|reporting|on|consistent with|suggestive of|compatible with|indicative of|perform"
    r"|develop|found to have)|(?<!was )(?<!were )(?<!been )(?<!is )(?<!are )not (?:detected|observed|present|seen|found"
    r"|performed))\b)"
    r"|(?P<refusal>\b(?:refus(?:al of|ed|ing)|declin(?:ed|ing))(?! (?:a |any )?(?:second|repeat|further|another|new)))"
    r"|(?P<refused_more>\b(?:refus(?:al of|ed|ing)|declin(?:ed|ing))\b)"
    r"|(?P<bare_not>\b(?:not|never|neither|nor)(?: (?:been|yet|previously|clearly|truly|be|really))?\b)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?P<untested>\b(?:(?:{_BE}|has|have|had)\s+)*(?:not|never|neither)(?: yet)?(?: been)? (?:included|on the (?:strip"
    rf"|panel|blot)|tested|assessed|examined"
    rf"|available|performed|pursued|attempted|ordered|done|measured|evaluated|determined|investigated|checked|carried out"
    rf"|obtained|undertaken"
    rf"|possible|feasible|requested|studied|screened)(?! for\b)"
    rf"|\b(?:was|were) (?:unavailable|deferred|omitted|pending)|\bcould not be (?:tested|performed|assessed|done|obtained"
    rf"|measured|evaluated|carried out)|\b(?:untested|unavailable|pending)\b|\bcould not undergo\b)"
    rf"|(?P<doubt>\b(?:could|can) ?not (?:\w+ )?(?:be )?(?:\w+ly )?(?:excluded|ruled out)\b|\b(?:was"
    rf"|were) not (?:\w+ly )?(?:excluded"
    rf"|ruled out)\b|\b(?:{_BE}|remains){_ADV} (?:questionable|uncertain|doubtful|unclear|equivocal|debatable)\b|\binconclusive\b"
    rf"|\b(?:was|were) not (?:definitely |histologically |formally )?(?:confirmed|proven)\b)"
    rf"|(?P<unproven>\bnot (?:definitely |histologically |formally )?(?:confirmed|proven)\b)"
    rf"|(?P<suspected>\b(?:was|were|is|had been|has been|been){_ADV}(?: strongly| clinically| briefly)?"
    rf" (?:suspected|considered|contemplated|discussed|feared|unlikely|thought (?:to be )?(?:unlikely|possible)"
    rf"|(?:deemed|felt|judged) (?:to be )?unlikely)\b)"
    rf"|(?P<offered>\b(?:was|were|is|been){_ADV} (?:offered|proposed|planned|recommended|suggested|advised|scheduled)\b"
    rf"|\bcould be (?:performed|done|obtained|carried out)\b)"
    rf"|(?P<refused>\b(?:(?:was|were|but|he|she|patient|the patient) )*(?:refused|declined|contraindicated"
    rf"|rejected|not consented)\b)"
    r"|(?P<weak>\b(?:weak(?:ly)?|low[ -]?tit(?:er|re)|faintly|marginally)[ -]*(?:positiv\w+|reactiv\w+)|\b(?:equivocal"
    r"|borderline|doubtful|indeterminate|inconclusive)\b(?:[ -]positiv\w+)?)"
    rf"|(?P<unfound>\b(?:{_BE}{_ADV} )?(?:not|never)(?: be| been)?(?: clearly| significantly)? (?:seen|found|detected"
    rf"|detectable|observed|present|identified|noted|evident|reported|apparent|demonstrated|demonstrable|recogni[sz]ed|expressed|up-?regulated"
    rf"|elicited|visible|revealed|shown|disclosed|involved|affected|remarkable|detect|encountered|documented|impaired"
    rf"|elevated|increased|raised|positive|abnormal)\b"
    rf"|\bdid not (?:develop|occur|appear|ensue)(?=\s*(?:[,.;)]|$|during\b|until\b|after\b|in\b|at\b|over\b|despite\b))"
    rf"|\b(?:{_BE}{_ADV} )?(?:found|detected|seen|present|observed|positive) in none\b|\bnever (?:developed|occurred"
    rf"|appeared)\b|\bnot (?:an? )?(?:\w+ )?feature\b|(?<=: )(?:none|nil|never|no|absent)\b(?! \w)"
    rf"|\b(?:{_BE}{_ADV} )?(?:undetectable|undetected|absent|lacking|ruled out|excluded|denied|(?:could"
    rf"|can) be (?:excluded|ruled out))\b"
    rf"|\bno longer (?:detect\w+|present)\b|\b(?:could not|cannot) be (?:detected|found|identified|demonstrated|seen"
    rf"|confirmed)\b|\b{_BE}{_ADV} (?:spared|missing|nil)\b|\b(?:has|have|had|was|were)?\s*(?:never"
    rf"|not)(?: ever)?(?: been)? (?:taken|used|prescribed|given|administered|received|exposed|consumed|ingested)\b)"
    rf"|(?P<negative>\bsero-?negative\b|\bnegativ(?:e|ity)\b(?! (?:for|to|myositis|fib|pressure))|\bnon-?reactive\b"
    rf"|\(\s*[-−–]\s*\)|(?<=[a-z0-9])\s?\(−\)|\bnegative for all\b)"
    rf"|(?P<normal>\b(?:normal(?!i[sz]|ly)|unremarkable|unrevealing|un-?eventful|within (?:the )?(?:normal|reference) (?:limits?"
    rf"|ranges?)|in (?:the )?(?:normal|reference) (?:limits?|ranges?)|not contributory|non-?contributory|noncontributory"
    rf"|intact|(?:revealed|showed|disclosed|demonstrated|found|identified|detected|yielded|with|had) (?:no"
    rf"|nothing) (?:\w+ ){{0,3}}?(?:abnormalit\w+|evidence|signs?|malignan\w+|tumou?rs?|cancers?|mass\w*|neoplas\w+"
    rf"|patholog\w+|mutations?|variants?|lesions?|remarkable|occult|involvement|suspicious)"
    rf"|without (?:\w+ )?(?:abnormalit\w+|patholog\w+)|(?:did not|failed to) (?:reveal|show|identify|detect|disclose"
    rf"|demonstrate|suggest|find|uncover|indicate) (?:\w+ ){{0,4}}?(?:abnormalit\w+|evidence|signs?|malignan\w+|tumou?rs?"
    rf"|cancers?|mass\w*"
    rf"|neoplas\w+|patholog\w+|mutations?|variants?|lesions?|occult|involvement|anything)|not elevated|not increased"
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
    r"\b(?:presented|showed|shows|revealed|demonstrated|disclosed|developed|complained"
    r"|(?<!having )(?<!that he )(?<!that she )(?<!ever )had\b|has\b|admitted|treated|started|responded|initiated|improved"
    r"|persisted|progressed|worsened|remained"
    r"|exhibited|(?:was|were) (?:\w+ )?(?:positive|elevated|found|noted|present|detected|seen|observed|increased|raised"
    r"|high|weak|reduced|given|added|started)|(?<!that )(?<!there )(?:was|were|proved)\b|because|in view of|owing to"
    r"|on the basis of|fell|rose|declined from|due to|after|before|until|when|since|during|in whom"
    r"|resulting|followed by|along with|together with|in addition to|in the (?:setting|presence) of|although|but)\b"
    r"|,\s*(?:with|and with|showing|revealing|and (?:marked|severe|elevated|increased|positive))\b"
    r"|\band (?:marked|severe|progressive|elevated|increased|mild(?:ly)?|prominent|diffuse(?:ly)?|positive|a|an|the|his"
    r"|her|numerous|scattered|many|several|necrotic|necrosis|with|moderate)\b|\bwith (?:elevated|increased|positive"
    r"|marked|severe|diffuse|numerous|scattered|necro\w+)\b",
    re.IGNORECASE,
)
_BEFORE_VERDICTS = {
    "untested": NOT_TESTED,
    "supposed": SUPPOSED,
    "whether": SUPPOSED,
    "doubtful": INDETERMINATE,
    "weak": INDETERMINATE,
    "negative_for": EXCLUDED,
    "positive_for": PRESENT,
    "negative_adj": EXCLUDED,
    "positive_adj": PRESENT,
    "normal_adj": EXCLUDED,
    "high_adj": PRESENT,
    "no": EXCLUDED,
    "refusal": EXCLUDED,
    "refused_more": SUPPOSED,
    "bare_not": EXCLUDED,
}
_AFTER_VERDICTS = {
    "untested": NOT_TESTED,
    "doubt": INDETERMINATE,
    "unproven": INDETERMINATE,
    "suspected": SUPPOSED,
    "offered": SUPPOSED,
    "refused": EXCLUDED,
    "weak": INDETERMINATE,
    "unfound": EXCLUDED,
    "negative": EXCLUDED,
    "normal": EXCLUDED,
    "positive": PRESENT,
    "high": PRESENT,
    "found": PRESENT,
}


@lru_cache(maxsize=4096)
def cues(clause: str) -> tuple[tuple[Cue, ...], tuple[Cue, ...], tuple[int, ...]]:
    """The cues that stand before what they speak of, those that stand after, and where a denial ends."""
    masked = _NOT_MEANT.sub(lambda found: "·" * len(found[0]), clause)
    before = tuple(_found(_BEFORE, masked, _BEFORE_VERDICTS))
    after = tuple(_found(_AFTER, masked, _AFTER_VERDICTS))
    return before, after, tuple(stop.start() for stop in _STOP.finditer(masked))


_PREDICATE = re.compile(r"\b(?:was|were|is|are|be|been|being|remained)\s+(?:(?!not\b)\w+\s+){0,2}$", re.IGNORECASE)


def _found(pattern: re.Pattern[str], masked: str, verdicts: dict[str, str]) -> Iterator[Cue]:
    for m in pattern.finditer(masked):
        name = str(m.lastgroup)
        if (
            name in ("normal_adj", "high_adj")
            and " as " not in m[0]
            and _PREDICATE.search(masked, max(m.start() - 30, 0), m.start())
        ):
            continue  # "CK was elevated, LDH 820": said of what stands before it
        yield Cue(m.start(), m.end(), verdicts[name], name, m[0].strip(" ,"))
