"""How likely a column is the target by its name alone: the scores of words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Final

from mlpdash.data.cells.entity_names import names_entities
from mlpdash.data.cells.row_names import name_of_first, words_of

NUMBERED: Final = re.compile(r"(.*?\D)[ _.-]?\d+([.,]\d+)?")  # x12, week_3, t1.5
CODE: Final = re.compile(r".+code?")
LOGARITHM: Final = re.compile(r"(?:l|ln|log)(\D{4,})")  # lwage
SHORTEST_PLURAL: Final = 3
IN_OTHER_WORDS: Final = 10  # less in favour where the word is not all of the name; half against
PLAIN_NAME: Final = 0
SURE: Final = 60  # from which on a name says that it is the target
MAYBE: Final = 5  # y behind x, a place or what depends on it

SCORES: Final = {  # of a name, or of its first or its last word
    100: "endog depvar target label outcome response dependent actual ziel zielwert cible objetivo",
    81: "event default defaulted churn churned exited attrition fraud fraudulent spam denied deny "
    "relapse recidivism readmitted purchased subscribed deposit converted clicked admitted hired "
    "canceled cancelled satisfied toxic anomaly malignant defective dropout ausfall kündigung",
    80: "survived survival survive died death dead deceased mortality diagnosis conversion "
    "satisfaction sentiment approved intrusion defect failure failed species cultivar tomorrow "
    "stroke malignancy potability überlebt diagnose",
    62: "y output",
    60: "class klasse classe clase",
    50: "quality qualität rings status medal winner won result verdict decision sold approve "
    "infected participation broken damage severity price preis prix precio saleprice medv mpg "
    "salary salaries gehalt salaire salario wage earnings sales umsatz revenue profit charges "
    "rent miete yield ertrag demand strength consumption verbrauch attack admission purchase "
    "vote",
    41: "kind art",
    40: "disease tip",
    30: "gpa cost wins delay deaths crime crimes approval choice success risk expenditure "
    "expenditures expense expenses spending score rating balance chd depression censor censored "
    "cens observed fail infection birthweight birthwt bweight bwght "
    "murders homicides arrests",
    25: "grade value wert sal",
    15: "count freq frequency amount betrag production fare delta",
    8: "weight duration post posttest after",
    5: "rate rte type category variety",
    3: "income total number",
    0: "days weeks months years hours minutes",
    -5: "time",
    -10: "length",
    -11: "pre pretest before age children kids stage exog exper experience tenure",
    -25: "x sex gender female male race ethnicity ethnic ethn black white nonwhite hispanic hisp "
    "asian nationality religion married marital urban rural smsa south north east west region "
    "country state city county district province town location site education educ treat "
    "treatment trt rx arm control placebo dose group block plot replicate rep batch fold stratum "
    "split train center geschlecht alter land stadt ort baseline source",
    -40: "predicted prediction predictions pred forecast fitted residual residuals resid trend "
    "order sequence seq weights rank wave round period t index born birth dob version "
    "jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri",
    -50: "year jahr month monat week woche day tag hour stunde minute date datum weekday quarter "
    "quartal season yr mnth hr holiday decade constant",
    -60: "latitude longitude lat lon lng long easting northing coordinate coordinates coord xcoord "
    "ycoord code zip zipcode postcode plz phone fips cusip puma tract msa sic "
    "naics name title description comment notes "
    "url address",
}
GROUP: Final = -11  # of persons or years that a name bounds: num18_64, kidslt6
COVARIATE: Final = -11  # of a family or household
EARLIER: Final = -11  # earn74 beside earn78
BOUNDED: Final = re.compile(r".*\D\d{1,2}[_-]\d\d|.*(lt|le|gt|ge|under|over)_?\d{1,2}")
OF_HOUSEHOLD: Final = re.compile(r"(fam|hh|yrs|fath|moth)[_ .]?[a-z]{3,}|[fmhw](educ|occ)|[fm]age")
STATISTIC: Final = re.compile(r"(?:avg|mean|med|tot|cum|max)([a-z]{3,})")  # avgsal
JOINED: Final = {"gpa": 20, "rte": 3, "rate": 3}  # at the end of a word: colgpa, dthrte
YEAR: Final = re.compile(r"(.*[^\W\d][\W_]?)((?:19|20)\d\d)|(.*[^\W\d]{2}_?)([5-9]\d)")
MEASURED: Final = {81: -81, 80: -40}  # less for what happens or not, if it has many numbers
WORDS: Final = {word: score for score, words in reversed(SCORES.items()) for word in words.split()}
AMOUNTS: Final = frozenset(  # which have more than two values
    ["weight", "birthweight", "birthwt", "bweight", "bwght", "price", "salary", "income", "wage"]
)
NAMES_ROWS: Final = -80
COORDINATE: Final = -60
AMONG_OTHERS: Final = -8  # one of at least three called alike, x1, x2, x3
DERIVED: Final = -30  # lwage beside wage, age_sq beside age
BEFORE: Final = (  # what stands in front of another column's name
    *("l", "ln", "log", "log_", "ln_", "sqrt_", "sq", "lag", "lag_", "prev_", "std_", "z_"),
    *("d", "c", "g", "cl"),  # difference, change and growth
)
BEHIND: Final = (
    *("sq", "sqr", "2", "3", "_sq", "_squared", "^2", "_log", "_lag", "_lag1", "_1", "_2", "_3"),
    *("_std", "_z", "_norm", "_scaled"),
)
LONGEST: Final = max(map(len, (*BEFORE, *BEHIND)))


@lru_cache(maxsize=32_768)  # asked several times for each of thousands of columns
def score_of_name(name: str) -> int:
    """Return how a name speaks for a column as the target, or below 0 against it.

    >>> score_of_name("SalePrice"), score_of_name("customer_id"), score_of_name("width")
    (50, -80, 0)
    """
    plain = name.strip().casefold()
    if plain in WORDS:
        return WORDS[plain]
    if names_entities(name) or name == name_of_first():
        return NAMES_ROWS
    if (before := WORDS.get(stem_of(plain), PLAIN_NAME)) < 0:
        return before  # age75
    if BOUNDED.fullmatch(plain):
        return GROUP
    words = words_of(name)
    found = [score for word in (*words[:1], *words[-1:]) if (score := _of_word(word))]
    if not found:
        return COVARIATE if OF_HOUSEHOLD.fullmatch(plain) else PLAIN_NAME
    against, favour = min(found), max(found)
    return against // 2 if against < 0 else max(PLAIN_NAME, favour - IN_OTHER_WORDS)


def _of_word(word: str) -> int:
    if len(word) < 2:  # of several, y says nothing
        return 0
    if CODE.fullmatch(word):
        return WORDS["code"]
    part = LOGARITHM.fullmatch(word) or STATISTIC.fullmatch(word)
    base = WORDS.get(part[1], 0) if part else 0
    joined = IN_OTHER_WORDS + max((s for end, s in JOINED.items() if _ends(word, end)), default=-99)
    plural = WORDS.get(word.removesuffix("s"), 0) if len(word) > SHORTEST_PLURAL else 0
    return WORDS.get(word, plural or max(0, base, joined))


def _ends(word: str, end: str) -> bool:
    """Tell whether a word, perhaps with a year behind it, ends so and is longer."""
    plain = word.rstrip("0123456789")
    return len(plain) > len(end) and plain.endswith(end)


def without_year(name: str) -> str:
    """Return a name without the year at its end."""
    found = YEAR.fullmatch(name.strip().casefold())
    return (found[1] or found[3]) if found else name


def by_years(candidates: Sequence[str]) -> tuple[set[str], set[str]]:
    """Return the names with a year that are like others with a later one, and the latest of those.

    >>> by_years(["earn74", "earn78", "age"])
    ({'earn74'}, {'earn78'})
    """
    years: dict[str, list[tuple[int, str]]] = {}
    for name in candidates:
        if found := YEAR.fullmatch(name.strip().casefold()):
            stem, year = (part for part in found.groups() if part)
            years.setdefault(stem, []).append((int(year), name))
    ordered = [[name for _year, name in sorted(found)] for found in years.values()]
    earlier = {name for found in ordered for name in found[:-1]}
    return earlier, {found[-1] for found in ordered if len(found) > 1}


@lru_cache(maxsize=32_768)
def stem_of(name: str) -> str:
    """Return what a name with a number at its end begins with, or an empty string."""
    found = NUMBERED.fullmatch(name.strip().casefold())
    return found[1] if found else ""


def is_derived(name: str, others: AbstractSet[str]) -> bool:
    """Tell whether a name is that of another column and a sign of what was made of it.

    Parameters
    ----------
    others : names in lower case
    """
    plain = name.strip().casefold()
    for n in range(1, min(LONGEST, len(plain) - 2) + 1):
        if plain[:n] in BEFORE and plain[n:] in others:
            return True
        if plain[-n:] in BEHIND and plain[:-n] in others:
            return True
    return False


def score_of_coordinate(name: str, order: Sequence[str], *, alone: bool) -> int | None:
    """Return the score of x, y and z if they are a place, None where the name is something else.

    Behind x, y is a place if there is a z, and may be one if there are other columns; in front of
    x it is what depends on x.

    Parameters
    ----------
    order : the names of all columns of numbers, in lower case
    alone : whether there are no columns besides x, y and z
    """
    plain = name.strip().casefold()
    if plain not in ("x", "y", "z") or not {"x", "y"} <= {*order}:
        return None
    if plain == "x":
        return COORDINATE
    if plain == "z":
        return PLAIN_NAME if alone else COORDINATE
    if "z" in order:
        return COORDINATE
    return MAYBE if order.index("x") < order.index("y") and not alone else None
