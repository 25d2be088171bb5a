"""Models too large for straight-line code: loops over their sparse structure."""

from oestra.solve.large.lanes import LargeKernel, large_kernel

__all__ = ["LargeKernel", "large_kernel"]
