"""Speed of the references, as ratios to other libraries measured side by side: `python -m validation.benchmarks`."""
