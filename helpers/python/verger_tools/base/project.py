"""Where the project's parts lie."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
HELPERS = ROOT / "helpers"
PYTHON = HELPERS / "python"
REQUIREMENTS = PYTHON / "requirements"
OWN = ROOT / ".verger"  # all that the set-ups make
