"""The spread of several nets' numbers."""

import math

import numpy as np
import pytest

from mlpdash.data.load import starting_point
from mlpdash.runs.worker.population_scores import PopulationScores, band
from mlpdash.runs.worker.session import Session
from mlpdash.training.loop.evaluate import Scores


def test_band_is_by_nearest_rank_over_what_is_finite():
    values = np.array([*range(11), math.nan, math.inf], float)
    assert band(values) == (1.0, 9.0)
    assert all(map(math.isnan, band(np.array([math.nan]))))


def test_one_net_can_be_looked_at_alone():
    population = PopulationScores(3)
    population.set_losses(np.array([0.3, 0.1, 0.2]))
    train = Scores(np.zeros(3), np.array([0.7, 0.8, 0.9]), np.full(3, math.nan))
    held_out = Scores(np.array([1.0, 2, 3]), np.array([0.5, 0.6, 0.7]), np.full(3, math.nan))
    population.set_scores(train, held_out)
    found = population.of_member(1)
    assert (found["loss_train"], found["loss_validation"]) == (0.1, 2.0)
    assert (found["metric_train"], found["metric_validation"]) == (0.8, 0.6)
    assert population.of_member(3) == {}


def scored(losses, held_out):
    """Several nets with losses and, where there are held-out rows, validation losses."""
    population = PopulationScores(len(losses))
    population.set_losses(np.array(losses))
    train = Scores(np.array(losses), np.array(losses) + 1, np.full(len(losses), math.nan))
    missing = np.full(len(losses), math.nan)
    loss = np.array(held_out) if held_out else missing
    population.set_scores(train, Scores(loss, loss + 2, missing))
    return population


@pytest.mark.parametrize(
    ("losses", "held_out", "best"),
    [
        ([0.1, 0.2, 0.3], [0.9, 0.8, 0.7], 2),
        ([0.1, 0.2, 0.3], None, 0),
        ([0.1, math.nan, 0.3], [math.nan, math.inf, 0.7], 2),
        ([math.nan, math.nan], None, None),
    ],
)
def test_the_best_net_has_the_lowest_loss_on_rows_it_does_not_learn_from(losses, held_out, best):
    assert scored(losses, held_out).best == best


def test_of_folds_none_is_the_best_and_the_one_that_is_picked_has_its_curve():
    session = Session(starting_point("iris").changed(epochs=2))
    while session.advance() is not None:
        pass
    population = session.curves.population
    assert population.best is None
    empty, none = population.net_curves.since(population.best, 0, 3)
    assert (empty.start, empty.count, len(none["net_x"])) == (0, 0, 0)
    _, own = population.net_curves.since(4, empty.generation, empty.count)
    assert own["net_x"].tolist() == [0, 1, 2]


def test_every_number_has_a_spread():
    found = scored([0.1, 0.2, 0.3], [0.9, 0.8, 0.7]).spread()
    for name, ends in {
        "loss_train": (0.1, 0.3),
        "loss_validation": (0.7, 0.9),
        "metric_train": (1.1, 1.3),
        "metric_validation": (2.7, 2.9),
    }.items():
        assert (found[f"{name}_low"], found[f"{name}_high"]) == pytest.approx(ends), name


def test_a_session_of_several_nets_shows_median_band_and_each_net_alone():
    session = Session(starting_point("circle").changed(nets=5, epochs=3))
    losses, held_out = [], []
    while (progress := session.advance()) is not None:
        if progress.losses is not None:
            losses.append(progress.losses)
            held_out.append(progress.validation.loss)
    _, curve = session.curves.losses.since(-1, -1)
    table = np.array(losses)  # (epochs, nets)
    assert curve["loss_train"][1:] == pytest.approx(np.median(table, axis=1))
    assert session.curves.population.best == np.argmin(held_out[-1])
    for net in range(5):
        _, own = session.curves.population.net_curves.since(net, -1, -1)
        assert own["net_x"].tolist() == [0, 1, 2, 3]
        assert own["net_loss_train"][1:] == pytest.approx(table[:, net])
        assert own["net_loss_validation"][1:] == pytest.approx(np.array(held_out)[:, net])
    assert curve["loss_low"][1:] == pytest.approx(np.sort(table, axis=1)[:, 0])
    assert curve["loss_high"][1:] == pytest.approx(np.sort(table, axis=1)[:, 4])
    _, scored = session.curves.scores.since(-1, -1)
    assert (scored["metric_low"] <= scored["metric_validation"]).all()
    assert (scored["metric_validation"] <= scored["metric_high"]).all()


def test_cells_have_the_median_of_their_nets():
    session = Session(starting_point("circle").changed(nets=3, epochs=1, sweep="lr=0.01,0.1,1"))
    while session.advance() is not None:
        pass
    population = session.curves.population
    medians = np.median(population.metrics.reshape(3, 3), axis=1)
    assert population.cell_metrics(session.grid).tolist() == [pytest.approx(medians)]


def test_the_cell_of_a_picked_net_has_that_nets_number():
    session = Session(starting_point("circle").changed(nets=3, epochs=2, sweep="lr=0.01,0.1,1"))
    while session.advance() is not None:
        pass
    population = session.curves.population
    middle, picked = (population.cell_metrics(session.grid, member) for member in (None, 4))
    assert picked[0, 1] == pytest.approx(population.metrics[4])
    assert picked[0, [0, 2]].tolist() == middle[0, [0, 2]].tolist()
