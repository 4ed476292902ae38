"""What of a run can be taken away as a file, by name; in the analyst's process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

from mlpdash.errors import DataError, MlpDashError, RunError
from mlpdash.runs.analyst.opening import Nets, NetsAlone
from mlpdash.runs.analyst.script_of_run import refusal_of_script, script_of_run
from mlpdash.runs.disk.cells import experiment_of_cell
from mlpdash.specs import Experiment
from mlpdash.text import _

Export = Callable[[Nets], bytes]


def bundle(run: Nets) -> bytes:
    """Return the .mlpdash bundle."""
    from mlpdash.runs.bundles.bundle import Bundle, write_bundle

    return write_bundle(Bundle("run", run.predictor, experiment=_experiment(run)))


def script(style: Literal["tensors", "module", "sequential"]) -> Export:
    """Return what makes a zip with a PyTorch script in one of the styles."""

    def made(run: Nets) -> bytes:
        if isinstance(run, NetsAlone):
            raise DataError(run.why)
        return script_of_run(run.store, style, run.step, cell=run.cell, prepared=run.prepared)

    return made


def safetensors(run: Nets) -> bytes:
    """Return the state_dict of the nn.Sequential as safetensors."""
    from mlpdash.results.exporting.weights import state_dict_safetensors

    return state_dict_safetensors(run.predictor, dropout=_has_dropout(run))


def checkpoint(run: Nets) -> bytes:
    """Return the state_dict of the nn.Sequential as torch saves it."""
    from mlpdash.results.exporting.weights import state_dict_pt

    return state_dict_pt(run.predictor, dropout=_has_dropout(run))


def onnx(run: Nets) -> bytes:
    """Return a zip of the ONNX model and what its inputs and outputs are.

    Raises
    ------
    MlpDashError : the optional packages are not there
    """
    from mlpdash.results.exporting.onnx import onnx_zip

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


ONE_NET: Final = ("safetensors", "pt")  # files that hold the weights of a single net


def refusals(run: Nets) -> dict[str, str]:
    """Return for each file that cannot be had of this run the sentence that says why."""
    found = {}
    if why_no_script := _why_no_script(run):
        found = {name: why_no_script for name in EXPORTS if name.startswith("script-")}
    try:
        onnx(run)
    except MlpDashError as mistake:
        found["onnx"] = str(mistake)
    return found


def _why_no_script(run: Nets) -> str:
    if isinstance(run, NetsAlone):
        return run.why
    return refusal_of_script(run.store, run.step, run.cell, run.prepared)


def nets_lacking(name: str, run: Nets) -> str:
    """Say that the file `name` holds one net where the run has several, or nothing."""
    nets = run.predictor.net.members
    if name not in ONE_NET or nets < 2:
        return ""
    return _(
        "the file holds the weights of the first of {n:,} nets; the bundle and the ONNX file hold "
        "all."
    ).format(n=nets)


def lacking(name: str, run: Nets) -> str:
    """Say what the file `name` lacks since the run's rows cannot be had, or nothing."""
    if name != "bundle" or not isinstance(run, NetsAlone):
        return ""
    return _("the bundle has no prediction intervals: {why}").format(why=run.why)


def exported(name: str, run: Nets) -> bytes:
    """Return the file that is called `name` in EXPORTS.

    Raises
    ------
    RunError : there is no such file
    DataError : the file needs the run's rows, which cannot be had
    """
    if name not in EXPORTS:
        raise RunError(
            _('there is no file "{name}"; there are {names}.').format(
                name=name[:40], names=", ".join(EXPORTS)
            )
        )
    return EXPORTS[name](run)


def _has_dropout(run: Nets) -> bool:
    return _experiment(run).model.dropout > 0


def _experiment(run: Nets) -> Experiment:
    """Return what the nets that were taken out of the run were made of."""
    return experiment_of_cell(run.experiment, run.cell)
