"""Units of measurement: which there are, and how they convert into each other.

A table of our own: pint takes 4 MB, a second or two to start and 2 ms a cell, and knows neither
"kmpl" nor "9h 45m".
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

from mlpdash.data.cells.month_names import is_weekday, month_of

COUNT: Final = "count"  # the family of thousands and millions, which have no unit
LONGEST: Final = 24  # characters of a unit

_TABLE: Final = """
count 1e3 k K thousand Tsd. tsd. Tsd
count 1e5 lakh lakhs lac Lac Lakh
count 1e6 M mn Mn mln Mln mio Mio Mio. mio. million millions Million Millionen
count 1e7 crore crores Cr cr Crore
count 1e9 B bn Bn billion billions Billion mrd Mrd Mrd. mrd. Milliarden
count 1e12 T tn trillion trillions Trillion Bio.
length 1 m metre metres meter meters
length 1e3 km kms kilometre kilometres kilometer kilometers
length 1e-1 dm
length 1e-2 cm cms centimetre centimetres centimeter centimeters
length 1e-3 mm millimetre millimetres millimeter millimeters
length 1e-6 µm μm um micron microns micrometer micrometers
length 1e-9 nm nanometer nanometers
length 0.0254 in inch inches " ″ ” ''
length 0.3048 ft foot feet ' ′ ’
length 0.9144 yd yds yard yards
length 1609.344 mi mile miles
length 1852 nmi
mass 1 kg kgs kilogram kilograms kilo kilos
mass 1e-3 g gm gms gr gram grams gramme grammes
mass 1e-6 mg milligram milligrams
mass 1e-9 µg μg ug mcg microgram micrograms
mass 1e-12 ng
mass 1e3 t tonne tonnes
mass 0.45359237 lb lbs pound pounds
mass 0.028349523125 oz ounce ounces
mass 6.35029318 st stone stones
time 1 s sec secs second seconds " ″ sek Sek. Sekunden
time 1e-3 ms msec millisecond milliseconds
time 1e-6 µs μs us
time 1e-9 ns
time 60 min mins minute minutes m ' ′ ’ Min. Minuten
time 3600 h hr hrs hour hours Std. Std Stunde Stunden
time 86400 d day days Tag Tage
time 604800 wk wks week weeks w Woche Wochen
time 2629800 mo mos mth mths month months Monat Monate
time 31557600 y yr yrs year years Jahr Jahre
angle 1 ° deg degree degrees
angle 0.016666666666666666 ' ′ ’
angle 0.0002777777777777778 " ″ ” ''
area 1 m2 m² m^2 sqm sq.m sq.m. sqmt sqmtr qm
area 1e6 km2 km² km^2 sqkm
area 1e-4 cm2 cm² cm^2
area 1e-6 mm2 mm² mm^2
area 1e4 ha hectare hectares
area 0.09290304 ft2 ft² ft^2 sqft sq.ft sq.ft. sf
area 0.83612736 yd2 yd² sqyd
area 4046.8564224 ac acre acres
area 2589988.110336 mi2 mi² sqmi
area 0.00064516 in2 in²
volume 1 l L liter liters litre litres ltr ltrs Ltr
volume 1e-1 dl dL
volume 1e-2 cl cL
volume 1e-3 ml mL milliliter milliliters millilitre millilitres cc cm3 cm³ cm^3 ccm
volume 1e-6 µl µL μl μL ul uL mm3 mm³
volume 1e3 m3 m³ m^3 cbm
volume 100 hl hL
volume 3.785411784 gal gallon gallons
volume 0.946352946 qt quart quarts
volume 0.473176473 pint pints
volume 0.2365882365 cup cups
volume 0.01478676478125 tbsp tablespoon tablespoons
volume 0.00492892159375 tsp teaspoon teaspoons
volume 28.316846592 ft3 ft³ cuft
volume 0.0295735295625 floz
length/time 0.44704 mph
length/time 0.2777777777777778 kmh kph kmph kmhr
length/time 0.5144444444444445 kn kt kts knot knots
length/volume 1e3 kmpl kpl
length/volume 425.1437074976 mpg
power 1 W watt watts
power 1e-3 mW
power 1e3 kW kilowatt kilowatts
power 1e6 MW
power 1e9 GW
power 745.6998715822702 hp HP bhp BHP horsepower
power 735.49875 PS ps
energy 1 J joule joules
energy 1e3 kJ
energy 1e6 MJ
energy 3600 Wh
energy 3.6e6 kWh
energy 3.6e9 MWh
energy 3.6e12 GWh
energy 4.184 cal
energy 4184 kcal Cal kcals
energy 1.602176634e-19 eV
energy 1.602176634e-16 keV
energy 1.602176634e-13 MeV
energy 1.602176634e-10 GeV
pressure 1 Pa
pressure 1e2 hPa mbar millibar
pressure 1e3 kPa
pressure 1e6 MPa
pressure 1e9 GPa
pressure 1e5 bar bars
pressure 101325 atm
pressure 6894.757293168361 psi PSI
pressure 133.32236842105263 mmHg torr Torr
voltage 1 V volt volts
voltage 1e-3 mV
voltage 1e3 kV
current 1 A amp amps ampere
current 1e-3 mA
current 1e-6 µA μA uA
charge 1 mAh
charge 1e3 Ah
resistance 1 Ω ohm ohms
resistance 1e3 kΩ
frequency 1 Hz hertz
frequency 1e3 kHz
frequency 1e6 MHz
frequency 1e9 GHz
force 1 N
force 1e3 kN
torque 1 Nm
amount 1 mol
amount 1e-3 mmol
amount 1e-6 µmol μmol umol
amount 1e-9 nmol
data 1 B byte bytes Byte Bytes
data 1e3 kB KB kb Kb
data 1e6 MB Mb
data 1e9 GB Gb
data 1e12 TB Tb
data 1e15 PB
data 1024 KiB
data 1048576 MiB
data 1073741824 GiB
data 1099511627776 TiB
data/time 125 kbps kbit/s Kbps
data/time 1.25e5 Mbps mbps Mbit/s
data/time 1.25e8 Gbps gbps Gbit/s
pixels 1 px pixel pixels
pixels 1e6 MP megapixel megapixels
"""
_DEGREES: Final = {  # of temperature: how many kelvin one is, and how many 0 is
    **dict.fromkeys(("°C", "℃", "C", "degC", "Celsius", "celsius"), (1.0, 273.15)),
    **dict.fromkeys(("°F", "℉", "F", "degF", "Fahrenheit", "fahrenheit"), (5 / 9, 459.67 * 5 / 9)),
    **dict.fromkeys(("K", "°K", "kelvin", "Kelvin"), (1.0, 0.0)),
}
_LENGTHS: Final = {  # names of lengths, and what they are called in square and cubic units
    name: short
    for short, names in {
        "m": "m meter meters metre metres",
        "ft": "ft feet foot",
        "in": "in inch inches",
        "yd": "yd yds yard yards",
        "km": "km kilometer kilometers kilometre kilometres",
        "mi": "mi mile miles",
        "cm": "cm",
        "mm": "mm",
    }.items()
    for name in names.split()
}
_SQUARE: Final = re.compile(r"(?:sq\.?|square)\s?(\w+)\.?", re.IGNORECASE)
_CUBIC: Final = re.compile(r"(?:cu\.?|cubic)\s?(\w+)\.?", re.IGNORECASE)
_PER: Final = re.compile(r"\s?/\s?|\s(?:per|pro)\s")
_TIMES: Final = re.compile(r"(\d+)\s?(.+)")  # 100 km, below a fraction line
_DROPPED: Final = re.compile(r"\s(?:old|ago)$")
_SPACES: Final = re.compile(r"[ .]")
_WORD: Final = re.compile(r"[^\W\d_]+\.?")
_WORDS: Final = re.compile(r"[a-zà-ÿ]+ [a-zà-ÿ]+")
_NEVER: Final = frozenset(
    ["nd", "rd", "th", "am", "pm", "a.m.", "p.m.", "ad", "bc", "bce", "ce", "o'clock", "uhr"]
)
_STREETS: Final = frozenset(
    ["street", "st.", "road", "rd.", "avenue", "ave", "ave.", "lane", "drive", "way"]
)


@dataclass(frozen=True)
class Meaning:
    """What a unit can stand for: `factor * value + zero` in the base unit of its family."""

    family: str
    factor: float
    zero: float = 0.0


@functools.lru_cache(maxsize=4_096)
def meanings(unit: str) -> tuple[Meaning, ...]:
    """Return what a unit can stand for, nothing where it is not known.

    >>> [one.family for one in meanings("m")], meanings("km/h")[0].factor
    (['length', 'time'], 0.2777777777777778)
    """
    found = _known().get(unit) or _folded().get(unit.casefold())
    if found:
        return found
    if _DROPPED.search(unit):
        return meanings(_DROPPED.sub("", unit))
    for pattern, power in ((_SQUARE, "2"), (_CUBIC, "3")):
        if (of := pattern.fullmatch(unit)) and (length := _LENGTHS.get(of[1].casefold())):
            return _known().get(length + power, ())
    if " " in unit and (found := _folded().get(_SPACES.sub("", unit.casefold()))):  # mm Hg, fl. oz
        return found
    parts = _PER.split(unit)
    return _ratio(*parts) if len(parts) == 2 else ()


def convert(value: float, unit: str, wanted: str) -> float | None:
    """Return a value in another unit, None where the two are not of one family.

    >>> convert(2, "km", "m"), convert(2, "kg", "m"), round(convert(50, "°F", "°C"))
    (2000.0, None, 10)
    """
    if unit == wanted or is_same(unit, wanted):
        return value
    both = ((a, b) for a in meanings(unit) for b in meanings(wanted) if a.family == b.family)
    found = next(both, None)
    if found is None:
        return None
    old, new = found
    return value * (old.factor / new.factor) + (old.zero - new.zero) / new.factor


def is_same(unit: str, other: str) -> bool:
    """Tell whether two units are one word, but for a plural and capital letters.

    >>> is_same("room", "Rooms"), is_same("mW", "MW")
    (True, False)
    """
    if unit == other:
        return True
    if meanings(unit) or meanings(other):
        return False
    return unit.casefold().removesuffix("s") == other.casefold().removesuffix("s")


def may_be_unit(unit: str) -> bool:
    """Tell whether what is written behind a number can be a unit, known or not."""
    if len(unit) > LONGEST or unit.casefold() in _NEVER or unit.casefold() in _STREETS:
        return False
    if unit in ("mi", "mo"):  # miles and months, though also short for weekdays: Mi, Mo
        return True
    if month_of(unit) or is_weekday(unit):
        return False
    if meanings(unit):
        return True
    parts = _PER.split(unit)
    if len(parts) > 1:
        return len(parts) <= 3 and all(map(_is_part, parts))
    return bool(_WORD.fullmatch(unit) or _WORDS.fullmatch(unit))


def _is_part(part: str) -> bool:
    counted = _TIMES.fullmatch(part)
    name = counted[2] if counted else part
    return bool(meanings(name) or re.fullmatch(r"[^\W\d_]{1,12}|[$€£¥]", name))


def _ratio(above: str, below: str) -> tuple[Meaning, ...]:
    """Return what a unit per another stands for, where both are known."""
    counted = _TIMES.fullmatch(below)
    over = meanings(counted[2] if counted else below)
    times = float(counted[1]) if counted else 1.0
    pairs = ((a, b) for a in meanings(above) for b in over if "/" not in a.family + b.family)
    made = (
        Meaning(f"{a.family}/{b.family}", a.factor / (b.factor * times))
        for a, b in pairs
        if COUNT not in (a.family, b.family) and not a.zero and not b.zero
    )
    return tuple(made)


@functools.cache
def names_of(family: str) -> frozenset[str]:
    """Return the names of all units of a family."""
    each = _known().items()
    return frozenset(name for name, found in each if any(one.family == family for one in found))


def factor_in(unit: str, family: str) -> float:
    """Return how many base units of a family a unit is.

    Raises
    ------
    StopIteration : it is none of them
    """
    return next(one.factor for one in meanings(unit) if one.family == family)


@functools.cache
def _known() -> dict[str, tuple[Meaning, ...]]:
    found: dict[str, tuple[Meaning, ...]] = {}
    for line in _TABLE.strip().splitlines():
        family, stated, *names = line.split()
        for name in names:
            found[name] = (*found.get(name, ()), Meaning(family, float(stated)))
    for name, (factor, zero) in _DEGREES.items():
        found[name] = (*found.get(name, ()), Meaning("temperature", factor, zero))
    return found


@functools.cache
def _folded() -> dict[str, tuple[Meaning, ...]]:
    """Return what units of two letters or more mean in other cases, where it is the same in all."""
    found: dict[str, tuple[Meaning, ...]] = {}
    clashing: set[str] = set()
    for name, meaning in _known().items():
        plain = name.casefold()
        if len(plain) < 2 or found.setdefault(plain, meaning) != meaning:
            clashing.add(plain)
    return {name: meaning for name, meaning in found.items() if name not in clashing}
