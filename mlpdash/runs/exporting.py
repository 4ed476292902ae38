"""What of a run can be taken away as a file, by name; in the analyst's process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

from mlpdash.errors import RunError
from mlpdash.runs.analyst import Opened
from mlpdash.text import _

Export = Callable[[Opened], bytes]


def bundle(run: Opened) -> bytes:
    """Return the .mlpdash bundle."""
    from mlpdash.runs.bundle import Bundle, write_bundle

    return write_bundle(Bundle("run", run.predictor, experiment=run.store.current()))


def script(style: Literal["tensors", "module", "sequential"]) -> Export:
    """Return what makes a zip with a PyTorch script in one of the styles."""

    def made(run: Opened) -> bytes:
        from mlpdash.runs.leaving import script_of_run

        return script_of_run(run.store, style, run.step)

    return made


def safetensors(run: Opened) -> bytes:
    """Return the state_dict of the nn.Sequential as safetensors."""
    from mlpdash.results.export_weights import state_dict_safetensors

    return state_dict_safetensors(run.predictor, dropout=_has_dropout(run))


def checkpoint(run: Opened) -> bytes:
    """Return the state_dict of the nn.Sequential as torch saves it."""
    from mlpdash.results.export_weights import state_dict_pt

    return state_dict_pt(run.predictor, dropout=_has_dropout(run))


def onnx(run: Opened) -> bytes:
    """Return a zip of the ONNX model and what its inputs and outputs are.

    Raises
    ------
    MlpDashError : the optional packages are not there
    """
    from mlpdash.results.export_onnx import onnx_zip

    return onnx_zip(run.predictor)


EXPORTS: Final[Mapping[str, Export]] = {
    "bundle": bundle,
    "script-tensors": script("tensors"),
    "script-module": script("module"),
    "script-sequential": script("sequential"),
    "safetensors": safetensors,
    "pt": checkpoint,
    "onnx": onnx,
}


def exported(name: str, run: Opened) -> bytes:
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
    return EXPORTS[name](run)


def _has_dropout(run: Opened) -> bool:
    return run.store.experiment.model.dropout > 0
