"""Scores and verdicts in words."""

import math

import pytest

from mlpdash.results.judging.verdict import gain, interval, margins, number, percent, short, verdict


def score(value, low=math.nan, high=math.nan):
    return {"value": value, "low": low, "high": high}


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.12345, "0.123"), (54.654, "54.7"), (120.0, "120"), (12345.6, "12,346"), (-3.0, "-3.00")],
)
def test_three_digits_are_enough(value, text):
    assert short(value) == text


def test_shares_and_what_is_not_defined():
    assert percent(0.9666) == "96.7\u00a0%"  # number and sign on one line
    assert percent(1.0) == "100\u00a0%"
    assert percent(0.9999) == "100.0\u00a0%"  # not quite all
    assert number("accuracy", 0.5) == "50.0\u00a0%"
    assert number("r2", -0.00001) == "0.000"
    assert number("roc_auc", math.nan) == "–"
    assert interval("rmse", score(1.0)) == "–"
    assert interval("rmse", score(1.0, 0.5, 1.5)) == "0.500 to 1.50"


def net(value=0.9):
    return {"rows": 30, "scores": {"accuracy": score(value, 0.8, 0.97)}}


def baseline(name, value, difference, low, high):
    return {
        "name": name,
        "scores": {"accuracy": value},
        "difference": score(difference, low, high),
    }


@pytest.mark.parametrize(
    ("difference", "sentence"),
    [
        ((0.3, 0.1, 0.5), "That beats all baselines by more than luck; the best of them, "
                          "logistic regression, reaches 60.0 %."),
        ((0.3, -0.1, 0.5), "The best of the baselines, logistic regression, reaches 60.0 %; "
                           "the difference may be luck."),
        ((0.0, -0.1, 0.1), "The best of the baselines, logistic regression, does as well."),
        ((-0.1, -0.2, 0.1), "The best of the baselines, logistic regression, is a little better "
                            "with 60.0 %; that may be luck."),
        ((-0.3, -0.4, -0.1), "The best of the baselines, logistic regression, is better by more "
                             "than luck: 60.0 %."),
    ],
)  # fmt: skip
def test_the_verdict_compares_with_the_best_baseline(difference, sentence):
    found = [
        baseline("simplest", 0.3, 0.6, 0.5, 0.7),
        baseline("linear", 0.6, *difference),
    ]
    said = verdict("classification", "test", net(), found, unit="", is_whole=True)
    assert said.replace("\u00a0", " ") == (
        "On 30 test rows that it never saw, the net is right for 90.0 % "
        f"(95 % interval 80.0 % to 97.0 %). {sentence}"
    )


def test_several_nets_are_judged_by_their_mean():
    said = verdict("classification", "test", net(), [], unit="", is_whole=True, nets=4)
    assert "the mean of 4 nets is right for" in said


def test_all_baselines_are_waited_for():
    found = [baseline("simplest", 0.3, 0.6, 0.5, 0.7)]
    said = verdict("classification", "test", net(), found, unit="", is_whole=False)
    assert said.endswith("97.0\u00a0%).")


def test_a_verdict_on_other_rows_says_so():
    said = verdict("classification", "validation", net(), [], unit="", is_whole=True)
    assert said.startswith("There are no test rows")
    scores = {"rmse": score(3.591), "r2": score(0.8961)}
    said = verdict(
        "regression", "train", {"rows": 9, "scores": scores}, [], unit="m", is_whole=True
    )
    assert said.replace("\u00a0", " ") == (
        "There are no validation or test rows, so this is about the 9 training rows and flatters "
        "the net: on them the net is off by 3.59 m, as a root mean square, and explains 89.6 % of "
        "the variance."
    )


def test_margins_say_what_they_rest_on_and_whether_it_holds():
    found = {"level": 0.9, "part": "validation", "rows": 73, "covered": 0.8904}
    assert margins(found, "regression", "test").replace("\u00a0", " ") == (
        "Intervals that hold the true value for 90 % of the rows, as far as 73 validation rows "
        "tell (split-conformal); on the test rows they hold it for 89.0 %."
    )
    said = margins({**found, "covered": None}, "classification", "validation")
    assert said.startswith("Sets of classes that hold the true one")
    assert said.endswith("(split-conformal).")


def test_a_net_that_is_worse_than_the_mean_explains_nothing():
    scores = {"rmse": score(3.0), "r2": score(-0.5)}
    said = verdict("regression", "test", {"rows": 9, "scores": scores}, [], unit="", is_whole=True)
    assert said.endswith("explains nothing of the variance.")


def test_a_gain_is_in_points_or_units():
    assert gain("classification", score(0.067, -0.1, 0.2)) == "+6.7 points, may be luck"
    assert gain("classification", score(-0.3, -0.4, -0.2)) == "−30.0 points, net worse"
    assert gain("regression", score(4.62, 1.0, 9.0)) == "+4.62, net better"
    assert gain("regression", score(0.0, 0.0, 0.0)) == "the same"
