"""What tests of several parts look into."""

from verger_tools.base.project import PYTHON
from verger_tools.base.release import RELEASE

# The artefacts of EMR's Spark distribution.
_FILE = PYTHON / "tests" / "verger_tools" / "bundle" / f"spark-{RELEASE.spark}-jars.txt"
SPARK_JARS = {line for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")}
