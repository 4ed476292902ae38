"""Make temperature.csv: one made-up year of daily temperatures, in degrees Fahrenheit.

The seasonal average is a cosine with its peak in late July. The departure of a day from it carries
over to the next two days, and each day adds normal noise of variance NOISE_VARIANCE: the best that
any prediction from this table can reach, on days it has not seen, is that mean squared error.

    python sample_data/make_temperature.py
"""

import csv
import datetime
from pathlib import Path

import numpy as np

NOISE_DEVIATION = 3.0  # degrees Fahrenheit
NOISE_VARIANCE = NOISE_DEVIATION**2
CARRY = (0.5, 0.15)  # share of yesterday's departure, and of that of the day before
MEAN, SWING, PEAK_DAY = 58.0, 15.0, 207  # degrees, degrees, day of the year
YEAR, DAYS, WARM_UP = 2025, 365, 60
SEED = 20250101
HEADER = ("date", "year", "month", "day", "week", "temp_1", "temp_2", "average", "actual")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def seasonal(days: np.ndarray) -> np.ndarray:
    """Return the seasonal average of days counted from 1 January."""
    return MEAN + SWING * np.cos(2 * np.pi * (days + 1 - PEAK_DAY) / 365)


def temperatures() -> tuple[np.ndarray, np.ndarray]:
    """Return the seasonal average and the temperature of the days -WARM_UP to DAYS - 1."""
    average = seasonal(np.arange(-WARM_UP, DAYS))
    noise = np.random.Generator(np.random.PCG64(SEED)).normal(0, NOISE_DEVIATION, len(average))
    departure = np.zeros_like(average)
    for t in range(2, len(average)):
        departure[t] = CARRY[0] * departure[t - 1] + CARRY[1] * departure[t - 2] + noise[t]
    return average, average + departure


def rows() -> list[list[str]]:
    """Return the lines of the file, without its header."""
    average, actual = temperatures()
    lines = []
    for day in range(DAYS):
        date = datetime.date(YEAR, 1, 1) + datetime.timedelta(days=day)
        t = day + WARM_UP
        numbers = (actual[t - 1], actual[t - 2], average[t], actual[t])
        lines.append(
            [date.isoformat(), str(date.year), str(date.month), str(date.day)]
            + [WEEKDAYS[date.weekday()]]
            + [f"{number:.1f}" for number in numbers]
        )
    return lines


if __name__ == "__main__":
    target = Path(__file__).with_name("temperature.csv")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows())
