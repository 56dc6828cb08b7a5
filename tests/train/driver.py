"""Runs tiny trainings in child processes on request, and kills them where it is told to.

Imports once and forks for every request, so that twenty runs cost no twenty imports. It reads one JSON
object a line:

    out, steps, size=1, save_every=1, kind=adamw    what to train, in how many processes
    packing=<form>    packed batches
    gone="data"       the last process finds no data after two batches; "held-out": none to evaluate with
    evaluate=<n>      held-out losses every so many steps; interrupt=True: asked to stop in the middle of them
    limit=<bytes>     no file may grow beyond that: a disk that is full; limited=<rank>: of that process alone
    kill_after=<n>    SIGKILL once n more checkpoints are there, ``delay`` seconds later

and answers with the children's exit statuses. What they print goes to ``out/rank-<r>.txt``.
"""

import json
import os
import resource
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import torch
from tiny import VanishingMaker, patchy_maker, tiny_evaluation, tiny_learner, tiny_packer, tiny_trainer

import unio.train.trainer
from unio.model import UnifiedIO, random_model, save_model
from unio.model.fill import fill_parameters
from unio.train.checkpoint import checkpoint_folders
from unio.train.processes import Processes, joined_processes
from unio.train.recompute import recompute_layers
from unio.train.sharding import ParallelConfig, full_tensors, shard_model

CPU = torch.device("cpu")


def train(request: dict[str, Any], rank: int) -> None:
    """One process's part of a run."""
    from tiny import tiny_config

    processes = Processes(rank=rank, size=request.get("size", 1), local_rank=rank)
    out = Path(request["out"])
    gone = request.get("gone") if rank == processes.size - 1 else None
    with joined_processes(processes, device=CPU):
        model = random_model(tiny_config(), seed=5)
        recompute_layers(model, request.get("recompute", "none"))
        if processes.size > 1:
            parallel = ParallelConfig(replicas=request.get("replicas", 1))
            shard_model(model, parallel, processes=processes, device=CPU)
        learner = tiny_learner(
            processes=processes,
            model=model,
            kind=request.get("kind", "adamw"),
            rate=request.get("rate", 1e-3),
        )
        evaluation = None
        if "evaluate" in request:
            evaluation = tiny_evaluation(
                learner,
                out,
                every=request["evaluate"],
                processes=processes,
                is_interrupted=request.get("interrupt", False),
                is_gone=gone == "held-out",
            )
        maker = tiny_packer(request["packing"]) if "packing" in request else patchy_maker()
        tiny_trainer(
            learner,
            out,
            maker=VanishingMaker(maker, lasts=4) if gone == "data" else maker,
            processes=processes,
            evaluation=evaluation,
            steps=request["steps"],
            save_every_steps=request.get("save_every", 1),
        ).run()
        if request.get("export"):
            tensors = full_tensors(model, processes=processes)
            if processes.is_first:
                whole = UnifiedIO(tiny_config())
                fill_parameters(whole, tensors)
                save_model(whole, out / "model")


def start(request: dict[str, Any], rank: int, port: int) -> int:
    """Fork one process; its number."""
    number = os.fork()
    if number:
        return number
    status = 1
    try:
        log = os.open(Path(request["out"]) / f"rank-{rank}.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
        if "limit" in request and request.get("limited", rank) == rank:
            resource.setrlimit(resource.RLIMIT_FSIZE, (request["limit"], request["limit"]))
        train(request, rank)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def answer(request: dict[str, Any]) -> list[int]:
    """Run it; the children's exit statuses, -9 for killed."""
    out = Path(request["out"])
    out.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    before = newest(out)
    children = [start(request, rank, port) for rank in range(request.get("size", 1))]
    if "kill_after" in request:
        while newest(out) < before + request["kill_after"] and not has_ended(children[0]):
            time.sleep(0.002)
        time.sleep(request["delay"])
        for child in children:
            os.kill(child, signal.SIGKILL)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def has_ended(child: int) -> bool:
    """Whether a child has exited; it stays there to be waited for."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def newest(out: Path) -> int:
    """The step of the newest complete checkpoint, 0 if there is none."""
    folders = checkpoint_folders(out / "checkpoints")
    return int(folders[-1].name.removeprefix("step-")) if folders else 0


if __name__ == "__main__":
    torch.set_num_threads(1)
    # Drawing takes longer than the rest of a tiny step, and is not what is looked at here.
    unio.train.trainer.draw_curves = lambda log, path: None
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
