"""`python -m tests.benchmarks` does what `python tests/benchmarks/run.py` does."""

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
runpy.run_path(str(Path(__file__).parent / "run.py"), run_name="__main__")
