"""A peer's side of the talk: one JSON line when it is ready, one for each turn it is asked for."""

import json
import os
import sys
import time


def threads():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def packages(*names):
    """Imports packages; where one is missing, says so and ends."""
    found = []
    for name in names:
        try:
            found.append(__import__(name, fromlist=["_"]))
        except (ImportError, RuntimeError) as error:
            # torchvision, which timm needs, fails with a RuntimeError beside a torch of another build.
            say({"missing": getattr(error, "name", None) or f"{name} that works ({error})"})
            sys.exit(0)
    return found


def say(answer):
    print(json.dumps(answer), flush=True)


def serve(about, tasks):
    """Does the task that each line of the input names, until the input ends."""
    say({"about": about})
    for line in sys.stdin:
        start = time.perf_counter()
        tasks[line.strip()]()
        say({"seconds": time.perf_counter() - start})
