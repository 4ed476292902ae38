"""Names of months and weekdays in five languages, in full and short."""

from __future__ import annotations

from typing import Final

MONTHS: Final = (  # English, German, French, Spanish, Italian
    "january jan januar jänner jaenner janvier janv enero ene gennaio gen",
    "february feb februar feber février fevrier févr fevr fév fev febrero febbraio febb",
    "march mar märz maerz mär mrz mars marzo marz",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag magg",
    "june jun juni juin junio giugno giu",
    "july jul juli juil juillet julio luglio lug",
    "august aug août aout agosto ago",
    "september sep sept septembre septiembre setiembre set settembre sett",
    "october oct oktober okt octobre octubre ottobre ott",
    "november nov novembre noviembre",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre",
)
_WEEKDAYS: Final = (
    "monday mon montag mo lundi lun lunes lunedì lunedi "
    "tuesday tue tues dienstag di mardi mar martes martedì martedi "
    "wednesday wed mittwoch mi mercredi mer miércoles miercoles mié mie mercoledì mercoledi "
    "thursday thu thur thurs donnerstag do jeudi jeu jueves jue giovedì giovedi gio "
    "friday fri freitag fr vendredi ven viernes vie venerdì venerdi "
    "saturday sat samstag sonnabend sa samedi sam sábado sabado sáb sab sabato "
    "sunday sun sonntag so dimanche dim domingo dom domenica"
)
WEEKDAYS: Final = frozenset(_WEEKDAYS.split())
_NUMBERS: Final = {name: n for n, names in enumerate(MONTHS, 1) for name in names.split()}


def month_of(name: str) -> int:
    """Return the number of a month, 0 where there is none of that name."""
    return _NUMBERS.get(name.rstrip(".").casefold(), 0)


def is_weekday(name: str) -> bool:
    """Tell whether `name` is that of a weekday."""
    return name.rstrip(".").casefold() in WEEKDAYS
