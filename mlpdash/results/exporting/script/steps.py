"""The pieces of an exported PyTorch script that take its steps; nothing here is run."""

from __future__ import annotations

from typing import Final

PENALTIES: Final = {"l1": "L1 * p.abs().sum()", "l2": "WEIGHT_DECAY / 2 * p.square().sum()"}

PENALTY: Final = {
    "tensors": '''
def penalty(layers):
    """Return what {names} to the loss; the biases are spared."""
    return sum({terms} for p, *_others in layers)
''',
    "module": '''
def penalty(net):
    """Return what {names} to the loss; the biases are spared."""
    return sum({terms} for p in net.parameters() if p.dim() == 2)
''',
}
PENALTY["sequential"] = PENALTY["module"]

OPTIMIZER: Final = '''
def optimizer_for(net):
    """Return what updates the net; L2 pulls at the weights and spares the rest."""
    weights = [p for p in net.parameters() if p.dim() == 2]
    others = [p for p in net.parameters() if p.dim() == 1]
    groups = [{{"params": weights{decay}}}, {{"params": others}}]
    return {call}
'''

UPDATE: Final = '''
@torch.no_grad()
def update(layers, state, lr, weight_decay):
    """{what}"""
{first}    for p in [p for layer in layers for p in layer]:
{lines}
        p.grad = None
'''

SHARE: Final = '''
def share(epoch):
    """Return what the learning rate is multiplied with in an epoch, counted from 0."""
    return {factors}
'''

SCHEDULES: Final = {
    "step": "STEP_FACTOR ** (epoch // STEP_EPOCHS)",
    "cosine": "(1 + math.cos(math.pi * epoch / PLANNED_EPOCHS)) / 2",
    "warmup": "min(1, (epoch + 1) / (WARMUP + 1))",
}

CHANGE: Final = '''
def change(step, now):
    """Do what was changed on the running net before the step after this one."""
    now.update({name: value for at, name, value in CHANGES if at == step})
'''

SETTLE: Final = '''
def settle(optimizer, now):
    """Let the optimiser go by what holds now."""
    for group in optimizer.param_groups:
        group["lr"] = now["lr"] * now["share"] * now["left"]
{decay}'''

DECAY: Final = '    optimizer.param_groups[0]["weight_decay"] = now["weight_decay"]\n'

WATCH: Final = '''
def is_judged(epoch):
    """Tell whether the net is judged after this epoch, as the run judged it."""
    early = epoch < JUDGED_EVERY and epoch & (epoch - 1) == 0  # 1, 2, 4, 8, ...
    return epoch == PLANNED_EPOCHS or epoch % JUDGED_EVERY == 0 or early


@torch.no_grad()
def judge(net, epoch, loss, seen, now):
    """Keep the best weights; halve the learning rate when they stop getting better."""
    x, y = rows("validation")
    if len(x):{mode}
        loss = {loss}{back}
    if loss < seen["loss"]:
        best = [p.clone() for p in {parameters}]
        seen.update(loss=loss, epoch=epoch, lowered=epoch, best=best)
    elif PLATEAU and epoch - seen["lowered"] >= PLATEAU and not is_over(epoch, seen):
        seen["lowered"] = epoch
        now["left"] /= 2


def is_over(epoch, seen):
    """Tell whether the net has not got better for too long."""
    return PATIENCE is not None and epoch - seen["epoch"] >= PATIENCE
'''

BEST: Final = """
    if PATIENCE:
        with torch.no_grad():
            for p, best in zip({parameters}, seen["best"]):
                p.copy_(best)"""

TRAIN: Final = '''
def train(net):
    """Train, and return each epoch's mean loss, taken on each batch before its update."""
    x, y = rows("train")
    {setup}
    shuffling = stream(1)
    losses = []
    for epoch in range(1, EPOCHS + 1):
        {begin}total = 0.0
        for chosen in {batches}:
            loss = loss_of({outputs}, {goal})
            {step}
            total += loss.item() * len(chosen)
        losses.append(total / {count}){judged}
        if epoch == EPOCHS or epoch % max(1, EPOCHS // 20) == 0:
            print(f"epoch {{epoch}}: training loss {{losses[-1]:.6f}}"){best}
    return losses
'''

MAIN: Final = '''
def compare(losses):
    """Say how far these losses are from those of the run."""
    with open(HERE / "losses.csv", newline="") as file:
        theirs = [float(row["loss"]) for row in csv.DictReader(file)]
    if theirs:
        most = max(abs(a - b) for a, b in zip(losses, theirs))
        print(f"the run's training loss differs by {{most:.1e}} at most")


def main():
    net = untrained()
    losses = train(net)
    with torch.no_grad():{eval}
        for part in ("train", "validation", "test"):
            x, y = rows(part)
            if len(x):
                print(part, evaluate({outputs}, y))
    compare(losses)
    return losses


if __name__ == "__main__":
    main()
'''
