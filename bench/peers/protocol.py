"""A peer's side of the talk: one JSON line when it is ready, one for each turn it is asked for."""

import json
import os
import sys
import time


def threads():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def packages(*names):
    """Imports packages; where one is missing, says so and ends."""
    try:
        return [__import__(name, fromlist=["_"]) for name in names]
    except ImportError as error:
        say({"missing": error.name})
        sys.exit(0)


def say(answer):
    print(json.dumps(answer), flush=True)


def serve(about, tasks):
    """Does the task that each line of the input names, until the input ends."""
    say({"about": about})
    for line in sys.stdin:
        start = time.perf_counter()
        tasks[line.strip()]()
        say({"seconds": time.perf_counter() - start})
