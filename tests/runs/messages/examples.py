"""One message of each kind on each route, as it could be sent."""

from typing import Final

from mlpdash.runs.messages import (
    browser_to_server,
    server_to_browser,
    server_to_worker,
    worker_to_server,
)
from mlpdash.specs import Experiment

FRAME: Final = worker_to_server.Frame(
    to=1,
    view=3,
    state="running",
    message="",
    epoch=2,
    step=50,
    steps_per_second=24_000.5,
    elapsed=0.25,
    left=None,
    device="CPU",
    device_note="",
    overhead=0.04,
    frame_rate=None,
    resolution=100,
    field=True,
    values={"loss_train": 0.5, "metric_validation": None},
    population=worker_to_server.Population(nets=4, dead=1, gone=(2,), best=0),
    grid=worker_to_server.Grid(x=worker_to_server.Axis(name="lr", values=(0.1, 0.3)), y=None),
    curve=worker_to_server.Piece(generation=1, start=0, count=2),
    curve_validation=worker_to_server.Piece(generation=1, start=0, count=2),
    arrays=(("field", "i1", (100, 100), 0), ("x", "f4", (2,), 10_000)),
)
LR_FOUND: Final = worker_to_server.LrFound(
    lr=(0.1, 1.0), loss=(0.5, None), suggestion=0.1, message=""
)
STATUS: Final = worker_to_server.WorkerStatus(
    attempt=1, state="paused", message="", epoch=1, step=25
)

SENT: Final = {
    browser_to_server: (
        browser_to_server.Hello(secret="s"),
        browser_to_server.Next(view=browser_to_server.View(x="a", token=1), force=True),
        browser_to_server.WantBaselines(wanted=True),
        browser_to_server.Train(),
        browser_to_server.Step(),
        browser_to_server.Pause(),
        browser_to_server.Stop(),
        browser_to_server.Set(changes={"lr": 0.1, "batch_size": None}),
        browser_to_server.Edit(weight=(0, 1, 0), value=0.5),
        browser_to_server.FindLr(),
        browser_to_server.SetPace(pace="60"),
    ),
    server_to_worker: (
        server_to_worker.Open(
            experiment=Experiment().changed(lr=0.2), folder=None, attempt=0, pace="full", others=0
        ),
        server_to_worker.Train(folder="/runs/a", attempt=1),
        server_to_worker.Step(folder="/runs/a", attempt=2),
        server_to_worker.Extend(folder="/runs/a", attempt=3),
        server_to_worker.Pause(),
        server_to_worker.Stop(),
        server_to_worker.Set(changes={"lr": 0.1}),
        server_to_worker.Edit(field="bias", place=(0, 1), value=0.5),
        server_to_worker.FindLr(),
        server_to_worker.SetPace(pace="10"),
        server_to_worker.Others(count=2),
        server_to_worker.DrawFrame(
            to=1, view=browser_to_server.View(), have=browser_to_server.Have(), force=False
        ),
        server_to_worker.Forget(to=1),
        server_to_worker.Exit(),
    ),
    worker_to_server: (
        worker_to_server.Hello(token="t", run="r", pid=1),
        STATUS,
        worker_to_server.Bye(attempt=1, state="paused"),
        worker_to_server.Devices(devices=(worker_to_server.Device(name="cpu", label="CPU"),)),
        LR_FOUND,
        FRAME,
    ),
    server_to_browser: (
        server_to_browser.Status(
            state="queued", message="", epoch=0, step=0, queue=1, pace="full", control=True
        ),
        server_to_browser.Refused(message="Only the browser that made this run can control it."),
        server_to_browser.Baselines(
            found=(server_to_browser.Baseline(title="Linear", loss=0.5, metric=0.9),),
            over=True,
            message="",
        ),
        FRAME,
        LR_FOUND,
    ),
}
