"""Counting by arithmetic against torch on the meta device."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from mlpdash.errors import DeviceError
from mlpdash.training.net.size import check_fits, gigabytes, layer_sizes, size_of


@pytest.mark.parametrize("hidden", [(), (4, 2), (8_192, 8_192, 16)])
def test_parameters_are_those_of_a_sequential_on_the_meta_device(hidden):
    sizes = layer_sizes(2, hidden, 3)
    with torch.device("meta"):
        net = nn.Sequential(*(nn.Linear(m, n) for m, n in pairwise(sizes)))
    counted = size_of(sizes, "adam", 10)
    assert counted.parameters == sum(p.numel() for p in net.parameters())
    # weights, gradient, two moments at the least
    assert counted.bytes >= 4 * 4 * counted.parameters


def test_a_net_that_does_not_fit_is_refused_with_both_figures():
    size = size_of((2, 8_192, 8_192, 2), "adam", 10)
    with pytest.raises(DeviceError, match=r"67,158,018 parameters and needs 1\.8\d GB.*1 GB free"):
        check_fits(size, 10**9, "the CPU")


@pytest.mark.parametrize(
    ("count", "text"), [(640, "640 B"), (24_300, "24.3 kB"), (17e9, "17 GB"), (3e13, "30 TB")]
)
def test_bytes_are_written_for_people(count, text):
    assert gigabytes(int(count)) == text
