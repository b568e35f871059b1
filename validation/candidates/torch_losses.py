"""Every reference in PyTorch, gathered from the families in `in_torch`.

`refdgm check` takes this file by its path, whose folder it puts first on `sys.path`, or as a module of `refdgm`.
By its path it needs nothing of `refdgm`.
"""

# ruff: noqa: F403
if __package__:
    from .in_torch import *
else:
    from in_torch import *
