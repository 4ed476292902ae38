"""What of a run can be taken away as a file, by name; in the analyst's process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

from mlpdash.errors import DataError, MlpDashError, RunError
from mlpdash.runs.analyst.opening import Opened, opened
from mlpdash.runs.analyst.script_of_run import refusal_of_script, script_of_run
from mlpdash.runs.disk.cells import experiment_of_cell
from mlpdash.runs.disk.store import Store
from mlpdash.runs.disk.trained_nets import predictor_of_run
from mlpdash.specs import Experiment
from mlpdash.text import _

Export = Callable[[Opened], bytes]


def bundle(run: Opened) -> bytes:
    """Return the .mlpdash bundle."""
    from mlpdash.runs.bundles.bundle import Bundle, write_bundle

    return write_bundle(Bundle("run", run.predictor, experiment=_experiment(run)))


def script(style: Literal["tensors", "module", "sequential"]) -> Export:
    """Return what makes a zip with a PyTorch script in one of the styles."""

    def made(run: Opened) -> bytes:
        return script_of_run(run.store, style, run.step, cell=run.cell, prepared=run.prepared)

    return made


def safetensors(run: Opened) -> bytes:
    """Return the state_dict of the nn.Sequential as safetensors."""
    from mlpdash.results.exporting.weights import state_dict_safetensors

    return state_dict_safetensors(run.predictor, dropout=_has_dropout(run))


def checkpoint(run: Opened) -> bytes:
    """Return the state_dict of the nn.Sequential as torch saves it."""
    from mlpdash.results.exporting.weights import state_dict_pt

    return state_dict_pt(run.predictor, dropout=_has_dropout(run))


def onnx(run: Opened) -> bytes:
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


def refusals(run: Opened) -> dict[str, str]:
    """Return for each file that cannot be had of this run the sentence that says why."""
    found = {}
    why_no_script = refusal_of_script(run.store, run.step, run.cell, run.prepared)
    if why_no_script:
        found = {name: why_no_script for name in EXPORTS if name.startswith("script-")}
    try:
        onnx(run)
    except MlpDashError as mistake:
        found["onnx"] = str(mistake)
    return found


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
    return _experiment(run).model.dropout > 0


def _experiment(run: Opened) -> Experiment:
    """Return what the nets that were taken out of the run were made of."""
    return experiment_of_cell(run.experiment, run.cell)


def bundle_of_run(store: Store, *, step: int | None = None, cell: int | None = None) -> bytes:
    """Return the bundle of a run, by default as its last snapshot has it, of a grid the best cell.

    Where the run's table is gone, the bundle says nothing of how far predictions can be off.

    Raises
    ------
    RunError : there is no snapshot yet, or the run is damaged
    DataError : the table is gone, and it would have to tell the best cell
    """
    from mlpdash.runs.bundles.bundle import Bundle, write_bundle

    try:
        run = opened(store, step, cell)
        predictor, cell = run.predictor, run.cell
    except DataError:
        if store.experiment.train.sweep and cell is None:
            raise
        predictor = predictor_of_run(store, step=step, cell=cell)
    experiment = store.current() if step is None else store.as_of(step)
    return write_bundle(Bundle("run", predictor, experiment=experiment_of_cell(experiment, cell)))
