"""Which nets an experiment trains."""

import pytest

from mlpdash.errors import SpecError
from mlpdash.specs import Experiment
from mlpdash.training.members import Axis, members_of, sweep_of, widest

BASE = Experiment().changed(seed=7)


def test_one_net_is_the_experiment_itself():
    (one,) = members_of(BASE)
    assert (one.seed, one.hidden, one.lr) == (7, (4, 2), 0.03)


def test_nets_differ_in_their_seeds():
    assert [m.seed for m in members_of(BASE.changed(nets=3))] == [7, 8, 9]


def test_a_grid_goes_along_its_first_setting_fastest():
    experiment = BASE.changed(nets=2, sweep="lr=0.01,0.1; width=3,5")
    assert sweep_of(experiment) == (Axis("lr", (0.01, 0.1)), Axis("width", (3.0, 5.0)))
    found = [(m.lr, m.hidden, m.seed) for m in members_of(experiment)]
    assert found[:5] == [
        (0.01, (3, 3), 7),
        (0.01, (3, 3), 8),
        (0.1, (3, 3), 7),
        (0.1, (3, 3), 8),
        (0.01, (5, 5), 7),
    ]
    assert len(found) == 8
    assert widest(members_of(experiment)) == (5, 5)


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        ("colour=1", 'got "colour=1"'),
        ("lr", 'got "lr"'),
        ("lr=fast", 'got "lr=fast"'),
        ("lr=0.1; lr=0.2", "two different settings"),
        ("lr=0.1; l1=0; dropout=0", "one or two"),
        ("lr=0.1,20", "Learning rate (lr) must be"),
        ("dropout=1", "Dropout (dropout) must be"),
        ("width=0", "Hidden layers (hidden) must be"),
    ],
)
def test_a_bad_grid_is_refused_in_a_sentence(sweep, said):
    with pytest.raises(SpecError) as refused:
        members_of(BASE.changed(sweep=sweep))
    assert said in str(refused.value)


def test_too_many_nets_are_counted():
    with pytest.raises(SpecError, match="6 cells of 50 nets, 300 in all, but at most 256"):
        members_of(BASE.changed(nets=50, sweep="lr=0.1,0.2,0.3; l1=0,1"))
