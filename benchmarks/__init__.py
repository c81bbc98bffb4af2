"""Measured comparisons: always pairs in one run, never an absolute time alone (docs/benchmarks.md)."""
