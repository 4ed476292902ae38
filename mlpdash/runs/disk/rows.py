"""The rows that a run learned from: a run names their table, which may be tidied away."""

from __future__ import annotations

from mlpdash.data.prepared_once import prepared_of
from mlpdash.data.preparing.prepared import Prepared, preprocessor_from_json
from mlpdash.errors import DataError, MlpDashError, TableGoneError
from mlpdash.runs.disk.store import Store
from mlpdash.specs import DataSpec
from mlpdash.text import _, listed


def rows_of(store: Store, spec: DataSpec) -> Prepared:
    """Return the rows of a run, prepared as `spec` says.

    Raises
    ------
    DataError : the table is gone, which is said by its name, or cannot be read
    """
    try:
        prepared = prepared_of(spec)
    except TableGoneError:
        raise TableGoneError(table_gone(store)) from None
    check_inputs(store, prepared)
    return prepared


def check_inputs(store: Store, prepared: Prepared) -> None:
    """Refuse rows that the nets of a run cannot be given, since another version read the table.

    Raises
    ------
    DataError : inputs, classes or targets are not those that it was trained on
    """
    try:
        trained = preprocessor_from_json(store.read_preprocessor())
    except MlpDashError:  # it is not needed for anything else
        return
    if trained.meaning == prepared.preprocessor.meaning:
        return
    differ = set(trained.meaning) ^ set(prepared.preprocessor.meaning)
    columns = listed(sorted({column for column, *_rest in differ}))
    raise DataError(
        _(
            'run "{run}" was trained by a version that read {columns} of "{name}" differently. Its '
            "nets can still be exported; train again to judge it or to continue."
        ).format(run=store.id, columns=columns, name=trained.name)
    )


def table_gone(store: Store) -> str:
    """Say which table of a run is gone, and how to have it back."""
    return _(
        'the table "{name}" of run "{run}" is gone; upload the same file again on the Data page, '
        'or train on it with "mlpdash train".'
    ).format(name=table_name(store), run=store.id)


def table_name(store: Store) -> str:
    """Return the name of a run's table, which the run remembers.

    Raises
    ------
    RunError : the run is damaged
    """
    return preprocessor_from_json(store.read_preprocessor()).name
