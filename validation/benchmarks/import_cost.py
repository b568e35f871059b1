"""What `import refdgm` costs beyond `import numpy`, and the first reference asked for beyond that, each time in a
fresh process, by CPU time."""

import json
import statistics
import subprocess
import sys

from .interleave import environment

HEAVY = ("scipy", "torch", "jax", "numba", "autograd", "flint")
CHILD = f"""
import json, sys, time
start = time.process_time()
import numpy
middle = time.process_time()
import refdgm
end = time.process_time()
refdgm.gumbel_softmax
first = time.process_time()
print(json.dumps([middle - start, end - middle, first - end, [name for name in {HEAVY!r} if name in sys.modules]]))
"""


def costs(repeats: int) -> dict:
    """Median seconds, the median of the ratios of one process, and heavy modules that came along."""
    runs = []
    for _ in range(repeats + 1):
        out = subprocess.run([sys.executable, "-c", CHILD], env=environment(False), stdout=subprocess.PIPE, text=True,
                             check=True)
        runs.append(json.loads(out.stdout))
    runs = runs[1:]  # the first one may write compiled files
    return {
        "numpy": statistics.median(run[0] for run in runs),
        "refdgm beyond numpy": statistics.median(run[1] for run in runs),
        "the first reference": statistics.median(run[2] for run in runs),
        "ratio": statistics.median(run[1] / run[0] for run in runs),
        "heavy": runs[-1][3],
    }
