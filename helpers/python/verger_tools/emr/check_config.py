"""Checks a request against the EMR API without AWS."""

from collections.abc import Sequence

from . import bundles, cli, config

_SAMPLE = {"BUCKET": "bucket", "PREFIX": "verger", "NAME": "verger", "SUBNET": "subnet-0123456789abcdef0",
           "SERVICE_ROLE": "VergerEmrService", "NODE_ROLE": "VergerEmrNodes", "SECURITY_CONFIGURATION": "verger-at-rest",
           "PLATFORM": "linux-x86_64", "BUNDLE_SHA256": bundles.UNKNOWN}


def check(arguments: Sequence[str]) -> int:
    parser = cli.parser("check-config", "Checks names, types, enums and placeholders of a RunJobFlow request, without AWS.")
    parser.add_argument("file", nargs="?", default=config.FILE, help="default: emr-config.json of the project")
    file = parser.parse_args(arguments).file
    request = config.load(file)
    config.check(config.fill(request, _SAMPLE))
    config.require_cluster(request, file)
    print(f"{file} is a request that EMR's API takes")
    return 0


if __name__ == "__main__":
    cli.main(check)
