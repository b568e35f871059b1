"""One candidate in a process of its own: reads commands from standard input, times by CPU time, writes answers.

    {"prepare": dtype}             builds the program, runs it twice; answers its fingerprint and seconds a call
    {"time": what, "count": n}     runs `what` ("value" or "gradient") n times; answers seconds a call
"""

import json
import resource
import sys
import time

from .agreement import fingerprint
from .candidates import build
from .workloads import SIZES, draw


def seconds_a_call(f, count: int) -> float:
    start = time.process_time()
    for _ in range(count):
        f()
    return (time.process_time() - start) / count


def main() -> None:
    candidate, workload, size_name = sys.argv[1:4]
    size = SIZES[workload][size_name]
    programs = {}
    for line in sys.stdin:
        command = json.loads(line)
        if "prepare" in command:
            programs.clear()
            value, gradient = build(candidate, workload, draw(workload, size, command["prepare"]), size)
            programs = {"value": value, "gradient": gradient}
            answer = {"fingerprint": fingerprint(gradient())}
            for what, f in programs.items():
                if f is not None:
                    f()
                    answer[what] = seconds_a_call(f, 1)
        else:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
            seconds = seconds_a_call(programs[command["time"]], command["count"])
            faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
            answer = {"seconds": seconds, "faults": faults / command["count"]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
