"""The rows that a run learned from: a run names their table, which may be tidied away."""

from __future__ import annotations

from mlpdash.data.prepared_once import prepared_of
from mlpdash.data.preparing.prepared import Prepared, preprocessor_from_json
from mlpdash.errors import TableGoneError
from mlpdash.runs.disk.store import Store
from mlpdash.specs import DataSpec
from mlpdash.text import _


def rows_of(store: Store, spec: DataSpec) -> Prepared:
    """Return the rows of a run, prepared as `spec` says.

    Raises
    ------
    DataError : the table is gone, which is said by its name, or cannot be read
    """
    try:
        return prepared_of(spec)
    except TableGoneError:
        raise TableGoneError(table_gone(store)) from None


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
