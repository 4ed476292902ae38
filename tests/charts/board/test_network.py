"""The picture of the net: what is named, and how much of a wide layer is shown."""

from mlpdash.charts.board.network import MOST_LAYERS, MOST_NEURONS, network_picture


def test_a_small_net_is_shown_whole_and_named_from_inputs_to_outputs() -> None:
    picture = network_picture(["x1", "x2"], [3, 2], ["no", "yes"])
    assert picture is not None
    assert [layer.width for layer in picture.layers] == [2, 3, 2, 2]
    assert picture.layers[0].names == ("x1", "x2")
    assert picture.layers[2].names == ("neuron 1 of layer 2", "neuron 2 of layer 2")
    assert picture.layers[3].names == ("no", "yes")


def test_of_a_wide_layer_the_first_neurons_are_shown() -> None:
    inputs = [f"pixel {n}" for n in range(784)]
    picture = network_picture(inputs, [256], [str(n) for n in range(10)])
    assert picture is not None
    assert [len(layer.names) for layer in picture.layers] == [MOST_NEURONS, MOST_NEURONS, 10]
    assert [layer.width for layer in picture.layers] == [784, 256, 10]
    assert picture.layers[0].names[-1] == f"pixel {MOST_NEURONS - 1}"


def test_a_net_of_very_many_layers_has_no_picture() -> None:
    assert network_picture(["x"], [2] * MOST_LAYERS, ["y"]) is not None
    assert network_picture(["x"], [2] * (MOST_LAYERS + 1), ["y"]) is None


def test_a_linear_model_is_inputs_and_outputs() -> None:
    picture = network_picture(["x1", "x2"], [], ["y"], biases=False)
    assert picture is not None
    assert len(picture.layers) == 2
    assert not picture.biases


def test_nets_of_several_widths_are_drawn_on_the_widest_and_each_has_its_own() -> None:
    picture = network_picture(["x"], [4], ["y"], widths=[[2], [4]])
    assert picture is not None
    assert picture.widths == ((2,), (4,))
    assert network_picture(["x"], [4], ["y"]).widths == ()  # type: ignore[union-attr]
