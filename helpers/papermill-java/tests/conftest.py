import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

# Kernels that live for seconds: the optimizing compiler costs more than it gives.
os.environ.setdefault("JJAVA_JVM_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
