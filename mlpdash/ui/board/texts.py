"""Every text that the board's JavaScript shows: one JSON, `{key: text}`.

They are Python literals in `_()`, since that is where xgettext finds what is to be translated. The
JavaScript names them as `text.key`; a part in braces is filled in there.
"""

from __future__ import annotations

from functools import cache

from mlpdash.text import _


@cache
def texts() -> dict[str, str]:
    """Return every string that the board shows."""
    return {
        "board": _("Live training"),
        "transport": _("Transport"),
        "train": _("Train"),
        "pause": _("Pause"),
        "step": _("Step"),
        "stop": _("Stop"),
        "reset": _("Reset"),
        "new_seed": _("New seed"),
        "train_help": _("Start or resume (Space). When finished: train for as many epochs again"),
        "pause_help": _("Pause; nothing is lost (Space)"),
        "step_help": _("Train one epoch (right arrow)"),
        "stop_help": _("End this run; what it learned is kept"),
        "reset_help": _("Back to the same initial weights, with the choices made since (R)"),
        "new_seed_help": _("Start over from other initial weights"),
        "pace": _("Pace"),
        "pace_10": _("10 epochs/s"),
        "pace_60": _("60 epochs/s"),
        "pace_full": _("Full speed"),
        "epoch": _("Epoch"),
        "steps": _("Steps"),
        "rate": _("Steps/s"),
        "elapsed": _("Elapsed"),
        "left": _("Time left"),
        "nets": _("Nets"),
        "nets_diverged": _("{n}, {dead} diverged"),
        "device": _("Device"),
        "days": _("{n} days"),
        "frames_per_second": _("{n} frames/s"),
        "range": _("{low}–{high}"),
        "net": _("Net"),
        "all_nets": _("all"),
        "net_best": _("{net}, best"),
        "net_gone": _("{net}, diverged"),
        "one_net": _("net {net}"),
        "best_net": _("best: net {net}"),
        "pick_net": _("a net that you pick"),
        "median_nets": _("median of {n} nets"),
        "mean_nets": _("mean of {n} nets"),
        "nets_left": _("{left} of {n}"),
        "none_left": _("all {n} nets diverged"),
        "network_of": _("Net {net} of {n}, from inputs to outputs"),
        "network_example": _("Net {net} of {n} as an example, from inputs to outputs"),
        "weights_of": _("{title}, net {net} of {n}"),
        "weights_example": _("{title}, net {net} of {n} as an example"),
        "cell_median": _("median of {n} nets in each cell"),
        "show_grid": _("Grid"),
        "show_grid_help": _("Show the grid of settings"),
        "stage": _("What the large card shows"),
        "show_boundary": _("Boundary"),
        "show_boundary_help": _("Show the prediction at every point"),
        "show_network": _("Net"),
        "show_network_help": _("Show the net: what each neuron sees, and the weights between"),
        "network": _("The net from inputs to outputs"),
        "of_neurons": _("{shown} of {width}"),
        "bias": _("bias"),
        "neuron": _("neuron {n}"),
        "more_weights": _("and {n} more"),
        "network_hint": _(
            "Blue is positive, orange negative. Press a neuron or a line to see and set its "
            "numbers."
        ),
        "network_edits_all": _("Edits apply to all nets."),
        "edit_needs_step": _("Press Step or Train first; then this number can be set."),
        "show_rows": _("Rows"),
        "show_rows_help": _("Show rows as pictures, with their predictions"),
        "rows_held_out": _("Validation rows, with their predictions"),
        "rows_training": _("Training rows, with their predictions"),
        "row_class": _("row {row}: actual {actual}, predicted {said} ({share})"),
        "row_value": _("row {row}: actual {actual}, predicted {said}"),
        "rows_right": _("{right} of these {n} are correct"),
        "rows_wrong": _("framed: wrong"),
        "show_weights": _("Weights"),
        "show_weights_help": _("Show the weights of the first layer as pictures"),
        "weights": _("The first layer's weights"),
        "weights_some": _("The first layer's weights, the first {shown} of {n} neurons"),
        "weights_unit": _("{unit}: weights from {low} to {high}"),
        "weights_hint": _("Blue pixels push a neuron up, orange ones down."),
        "show_finder": _("Learning rate"),
        "show_finder_help": _("Find a learning rate for this net"),
        "finder": _("Loss over a sweep of the learning rate"),
        "find_lr": _("Find learning rate"),
        "find_lr_again": _("Sweep again"),
        "finder_hint": _(
            "A copy of the net takes 100 steps, each with a larger learning rate; the run is left "
            "alone."
        ),
        "finding": _("Sweeping 100 batches on a copy of the net."),
        "finder_found": _(
            "From the net as it is now, the sweep lowers the loss from {start} to {least}, fastest "
            "at the suggested rate."
        ),
        "finder_little": _(
            "From the net as it is now, the sweep lowers the loss only from {start} to {least}: "
            "the suggestion says little. The finder is of most use before training."
        ),
        "no_lr": _("The loss never drops by more than 1 %. Train for a while, or reset."),
        "use_lr": _("Use {lr}"),
        "lr_now": _("now"),
        "lr_suggested": _("suggested"),
        "finder_x": _("learning rate"),
        "finder_point": _("learning rate {lr}: loss {loss}"),
        "baselines": _("Baselines"),
        "baselines_help": _("Show what simpler methods reach on the same rows"),
        "draw_class": _("Class of the next point"),
        "draw_class_help": _(
            "A click on the figure adds a point of class {name}, a drag adds several or moves one"
        ),
        "new_class": _("+ class"),
        "new_class_help": _("A click on the figure adds a point of a new class"),
        "erase": _("Erase"),
        "erase_help": _("A click or a drag removes points; so does Shift with a click, or Delete"),
        "clear": _("Clear"),
        "clear_help": _("Remove all points"),
        "draw_paused": _("Press Pause or Stop first; then the points can be changed."),
        "draw_most": _("There are {n} points, the most that can be drawn. Erase some first."),
        "draw_more": _("Draw two points of each of two classes, at least."),
        "grid_hint": _("A click adopts a cell's settings."),
        "best": _("best"),
        "no_number": _("diverged"),
        "log": _("log"),
        "log_help": _("Logarithmic axis"),
        "whole": _("Reset zoom"),
        "whole_help": _("Show the whole figure again"),
        "hint": _("Space trains and pauses, the right arrow steps, R resets."),
        "hint_touch": _("Press Train and watch the boundary bend."),
        "watching": _("You are watching. Reset makes a copy of your own."),
        "reset_train": _("Reset and train"),
        "reset_train_help": _("Start a new run with the choices in the sidebar (Space)"),
        "continue_old": _("Continue with the old net"),
        "continue_old_help": _("Train the net on the board further; your choices stay"),
        "reconnecting": _("The connection is lost. Reconnecting; training continues meanwhile."),
        "queued": _("Waiting for a free worker, number {n} in the queue."),
        "queued_next": _("Waiting for a free worker."),
        "finished": _("Finished. Train continues for as many epochs again."),
        "paused": _("Paused."),
        "stopped": _("Stopped. Train continues from here."),
        "failed": _("The run was interrupted. Train resumes it from its last snapshot."),
        "diverged": _(
            "The loss is no longer a finite number. Lower the learning rate, then Reset."
        ),
        "broken": _("The figures could not be drawn. Reload the page."),
    }
