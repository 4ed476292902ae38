"""Why a run ended is said with a way out that there is."""

import pytest

from mlpdash.data.load import starting_point
from mlpdash.runs.worker.endings import divergence_message
from mlpdash.runs.worker.session import Session


def test_a_grid_of_rates_that_are_all_too_high_says_what_to_do_about_it():
    diverging = {"optimizer": "momentum", "activation": "relu", "hidden": (8, 8)}
    session = Session(starting_point("plane").changed(sweep="lr=9,10", **diverging))
    while not session.advance().diverged:
        pass
    assert "Reset with lower learning rates (they are 9 to 10)" in divergence_message(session)


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"lr": 10, "nets": 3}, "Lower the learning rate (it is 10), then press Train, or Reset."),
        ({"sweep": "lr=9,10"}, "Reset with lower learning rates (they are 9 to 10)."),
    ],
)
def test_where_all_nets_diverge_the_sentence_names_a_way_out_that_there_is(choices, said):
    plane = starting_point("plane").changed(hidden=(64, 64), activation="relu", **choices)
    session = Session(plane)
    while (progress := session.advance()) is not None and not progress.diverged:
        pass
    message = divergence_message(session)
    assert message.startswith(f"All {len(session.learner.members)} nets diverged")
    assert message.endswith(said)
