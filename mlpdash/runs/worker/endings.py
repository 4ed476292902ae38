"""Why a run ended, in words."""

from __future__ import annotations

from mlpdash.runs.worker.session import Session
from mlpdash.text import _
from mlpdash.training.members import live_fields


def early_stop_message(session: Session) -> str:
    """Say that training stopped early, and why; empty where it did not."""
    learner = session.learner
    if not learner.all_stopped:
        return ""
    held_out = _(
        "Stopped early after epoch {epoch:,}: the validation loss had not improved for "
        "{patience:,} epochs. The best weights are back."
    )
    not_held_out = _(
        "Stopped early after epoch {epoch:,}: the training loss had not improved for "
        "{patience:,} epochs. The best weights are back."
    )
    of_folds = _(
        "Stopped early after epoch {epoch:,}: no net's loss on its fold had improved for "
        "{patience:,} epochs. The best weights are back; the mean validation loss is {loss:.3g}."
    )
    text = held_out if len(learner.validation) else not_held_out
    if session.prepared.split.folds is not None:
        text = of_folds
    return text.format(
        epoch=learner.epoch,
        patience=session.experiment.train.patience,
        loss=session.curves.last.loss_validation,
    )


def divergence_message(session: Session) -> str:
    """Say at which epoch the loss stopped being finite, and which setting to change."""
    learner = session.learner
    text = _(
        "The loss stopped being finite in epoch {epoch:,}; the weights from the end of epoch "
        "{kept:,} are kept. "
    )
    if len(learner.members) > 1:
        text = _(
            "All {n:,} nets diverged, the last in epoch {epoch:,}; the weights from the end of "
            "epoch {kept:,} are kept. "
        )
    rates = [learner.lr]
    cure = _("Lower the learning rate (it is {low:g}), then press Train, or Reset.")
    if "lr" not in live_fields(session.experiment):
        rates = [member.lr for member in learner.members]
        cure = _("Reset with lower learning rates (they are {low:g} to {high:g}).")
    return (text + cure).format(
        n=len(learner.members),
        epoch=learner.epoch + 1,
        kept=learner.epoch,
        low=min(rates),
        high=max(rates),
    )
