"""What of a run can be taken away as a file, by name; in the analyst's process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

from mlpdash.data.preparing import Prepared
from mlpdash.errors import RunError
from mlpdash.results.predicting import Predictor
from mlpdash.runs.store import Store
from mlpdash.text import _

Export = Callable[[Store, Prepared, Predictor], bytes]


def bundle(store: Store, prepared: Prepared, predictor: Predictor) -> bytes:
    """Return the .mlpdash bundle."""
    from mlpdash.runs.bundle import bundle_of_run

    return bundle_of_run(store)


def script(style: Literal["tensors", "module", "sequential"]) -> Export:
    """Return what makes a zip with a PyTorch script in one of the styles."""

    def made(store: Store, prepared: Prepared, predictor: Predictor) -> bytes:
        from mlpdash.results.export_script import script_zip

        history = store.read_history()
        epochs = int(history["epoch"][-1]) if len(history) else 0
        losses = history["loss_train"].tolist()
        return script_zip(
            prepared, store.experiment, style, epochs=epochs, events=store.events(), losses=losses
        )

    return made


def safetensors(store: Store, prepared: Prepared, predictor: Predictor) -> bytes:
    """Return the state_dict of the nn.Sequential as safetensors."""
    from mlpdash.results.export_weights import state_dict_safetensors

    return state_dict_safetensors(predictor, dropout=store.experiment.model.dropout > 0)


def checkpoint(store: Store, prepared: Prepared, predictor: Predictor) -> bytes:
    """Return the state_dict of the nn.Sequential as torch saves it."""
    from mlpdash.results.export_weights import state_dict_pt

    return state_dict_pt(predictor, dropout=store.experiment.model.dropout > 0)


def onnx(store: Store, prepared: Prepared, predictor: Predictor) -> bytes:
    """Return the ONNX model.

    Raises
    ------
    MlpDashError : the optional packages are not there
    """
    from mlpdash.results.export_weights import onnx_model

    return onnx_model(predictor)


EXPORTS: Final[Mapping[str, Export]] = {
    "bundle": bundle,
    "script-tensors": script("tensors"),
    "script-module": script("module"),
    "script-sequential": script("sequential"),
    "safetensors": safetensors,
    "pt": checkpoint,
    "onnx": onnx,
}


def exported(name: str, store: Store, prepared: Prepared, predictor: Predictor) -> bytes:
    """Return the file that is called `name` in EXPORTS.

    Raises
    ------
    RunError : there is no such file
    """
    if name not in EXPORTS:
        raise RunError(
            _('there is no file "{name}"; there are {names}.').format(
                name=name[:40], names=", ".join(EXPORTS)
            )
        )
    return EXPORTS[name](store, prepared, predictor)
