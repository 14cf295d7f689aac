"""Type codes of meetings, by fellowship: the same letters mean different things in different ones.

In AA ``POA`` is proof of attendance, in Al-Anon it is parents of alcoholics; ``Y`` is young people here
and Alateen there. So a code means something only together with its fellowship, and a fellowship whose
table is not known has only the few codes that every list uses alike. Facts: the Meeting Guide
specification's list of types, and what the fellowships' own lists use beyond it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType


def _table(text: str) -> Mapping[str, str]:
    pairs = (entry.split("=", 1) for entry in text.replace("\n", "|").split("|") if entry.strip())
    return MappingProxyType({code.strip(): name.strip() for code, name in pairs})


OPEN, CLOSED, ONLINE, CLOSED_PLACE = "O", "C", "ONL", "TC"
STEP_FREE = frozenset({"X", "WA"})
SHOWN_BY_SIGNS = STEP_FREE | {OPEN, CLOSED, ONLINE, CLOSED_PLACE, "EN"}
"""Types that a page shows by a sign of their own, or, in English, need not show."""

_COMMON = _table(
    """
    O=Open|C=Closed|ONL=Online|TC=Place closed for now|X=Step-free|M=Men|W=Women|LGBTQ=LGBTQ|SP=Speaker
    LIT=Literature|MED=Meditation|OUT=Outdoors|POC=People of color|EN=English|S=Spanish
    """
)

_AA = _table(
    """
    11=11th Step meditation|12x12=12 Steps and 12 Traditions|A=Secular|ABSI=As Bill Sees It
    AL=With Alateen|AL-AN=With Al-Anon|B=Big Book|BA=Babysitting|BE=Newcomers|BI=Bisexual
    BRK=Breakfast|C=Closed|CAN=Candlelight|CF=Child-friendly|D=Discussion|DB=Digital basket
    DD=Dual diagnosis|DR=Daily Reflections|FF=Fragrance free|G=Gay|GR=Grapevine|H=Birthday
    L=Lesbian|LGBTQ=LGBTQ|LIT=Literature|LS=Living Sober|M=Men|MED=Meditation
    N=Native American|NB=Non-binary|NDG=Indigenous|O=Open|ONL=Online|OUT=Outdoors
    P=Professionals|POA=Proof of attendance|POC=People of color|SEN=Seniors|SM=Smoking allowed
    SP=Speaker|ST=Step study|T=Transgender|TC=Place closed for now|TR=Tradition study|W=Women
    X=Step-free|XB=Step-free bathroom|XT=Cross talk allowed|Y=Young people
    AF=Afrikaans|AM=Amharic|AR=Arabic|ASL=American Sign Language|BG=Bulgarian|DA=Danish|DE=German
    EL=Greek|EN=English|FA=Persian|FI=Finnish|FR=French|HE=Hebrew|HI=Hindi|HR=Croatian|HU=Hungarian
    IS=Icelandic|ITA=Italian|JA=Japanese|KA=Georgian|KOR=Korean|LT=Lithuanian|ML=Malayalam|MT=Maltese
    NE=Nepali|NL=Dutch|NO=Norwegian|POL=Polish|POR=Portuguese|PUN=Punjabi|RUS=Russian|S=Spanish
    SK=Slovak|SL=Slovenian|SV=Swedish|TH=Thai|TL=Tagalog|TUR=Turkish|UK=Ukrainian
    """
)

_AL_ANON = _table(
    """
    A=Secular|AA=With AA|AC=Adult children|AL=With Alateen|BA=Babysitting|BE=Beginners
    C=Families and friends only|EN=English|FF=Fragrance free|G=Gay|L=Lesbian|LGBTQIA=LGBTQIA+|M=Men
    O=Open|ONL=Online|POA=Parents|POC=People of color|S=Spanish|SM=Smoking allowed|SP=Speaker
    ST=Step study|T=Transgender|TC=Place closed for now|W=Women|X=Step-free|Y=Alateen|YA=Young adults
    """
)

_NA = _table(
    """
    BEG=Newcomers|BT=Basic Text|C=Closed|CAN=Candlelight|CPT=12 Concepts|CW=Children welcome
    DISC=Discussion|GL=Gay and lesbian|IP=Pamphlet study|IW=It Works study|JFT=Just for Today
    LC=Living Clean|LIT=Literature|M=Men|MED=Meditation|NS=No smoking|O=Open|ONL=Online
    QA=Questions and answers|RA=Restricted access|SMOK=Smoking allowed|SPK=Speaker|STEP=Step study
    SWG=Step working guide|TC=Place closed for now|TOP=Topic|TRAD=Tradition study|VAR=Format varies
    W=Women|X=Step-free|Y=Young people
    """
)

_RECOVERY_DHARMA = _table(
    """
    8F=Eightfold Path|BB=Book study|BE=Beginners|C=Closed|CC=Child care|DA=Danish|DE=German
    DF=Dog-friendly|EN=English|ES=Spanish|FI=Finnish|FR=French|IS=Inquiry study|IW=Inquiry writing
    LGBTQ=LGBTQ|M=Men|MI=Mindfulness|NL=Dutch|O=Open|ONL=Online|PR=Process addictions|SV=Swedish
    TC=Place closed for now|TH=Thai|W=Women|WA=Step-free
    """
)

TYPE_NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"AA": _AA, "AL-ANON": _AL_ANON, "NA": _NA, "HA": _NA, "RD": _RECOVERY_DHARMA}
)


def type_name(fellowship: str, code: str) -> str | None:
    """What a code means in that fellowship, in English; None where it means nothing there."""
    return TYPE_NAMES.get(fellowship, _COMMON).get(code)


def sorted_out(fellowship: str, codes: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes that the fellowship knows and those it does not, each once and in the order given; empty
    ones dropped.
    """
    given = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    known = tuple(code for code in given if type_name(fellowship, code))
    return known, tuple(code for code in given if code not in known)
