"""Writes the kernelspecs of an installed bundle: where a gateway's environment has its kernels, and into the bundle's own.

Run by the Python of the environment whose kernels they become. Prints the folder.

    write_kernelspecs.py --home /opt/verger/current --spark-home … --hadoop-conf … --java-home … [--headless]
"""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

PROXIES = "enterprise_gateway.services.processproxies."
REMOTE = [word for name in ("kernel-id", "response-address", "public-key", "port-range")
          for word in (f"--RemoteProcessProxy.{name}", f"{{{name.replace('-', '_')}}}")]
# YARN takes a driver for lost that has no Spark after ten minutes.
REMOTE += ["--RemoteProcessProxy.spark-context-initialization-mode", "lazy"]


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("home", "spark-home", "hadoop-conf", "java-home"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--headless", action="store_true", help="one kernel without a gateway: the bundle's own environment")
    options = parser.parse_args(arguments)
    folder = kernels()
    for name, spec in specs(options).items():
        write(folder / name, spec)
    print(folder)


def kernels() -> Path:
    """Where this environment's kernels are: beside those it has already, else where its Jupyter looks."""
    prefix = Path(sys.prefix).resolve()
    try:
        from jupyter_client.kernelspec import KernelSpecManager

        for found in KernelSpecManager().find_kernel_specs().values():
            if prefix in Path(found).resolve().parents and Path(found).parent.name == "kernels":
                return Path(found).parent
    except ImportError:
        pass
    from jupyter_core.paths import ENV_JUPYTER_PATH

    return Path(ENV_JUPYTER_PATH[0]) / "kernels"


def specs(options: argparse.Namespace) -> dict[str, dict[str, Any]]:
    home = options.home
    environment = {
        "VERGER_HOME": home,
        "VERGER_LIB": f"{home}/lib",
        "VERGER_WEIGHTS": f"{home}/weights",
        "VERGER_JAVA_HOME": options.java_home,
        "SPARK_HOME": options.spark_home,
        "HADOOP_CONF_DIR": options.hadoop_conf,
    }
    launch = f"{home}/kernel/launch"
    if options.headless:
        return {"verger": spec("Java on Spark (Verger)", ["bash", launch, "{connection_file}"], environment)}
    # Of the gateway, in seconds; its own 30 are over before a busy YARN has a container.
    environment["KERNEL_LAUNCH_TIMEOUT"] = "180"
    return {
        "verger": spec("Java on Spark (Verger)", [sys.executable, f"{home}/kernel/kernel_process.py", "{connection_file}"],
                       environment, "processproxy.LocalProcessProxy"),
        "verger-cluster": spec("Java on YARN (Verger)", ["bash", launch, *REMOTE],
                               {**environment, "VERGER_DEPLOY_MODE": "cluster"}, "yarn.YarnClusterProcessProxy"),
    }


def spec(title: str, argv: list[str], environment: dict[str, str], proxy: Optional[str] = None) -> dict[str, Any]:
    made = {"argv": argv, "display_name": title, "language": "java", "interrupt_mode": "message", "env": environment}
    if proxy:
        made["metadata"] = {"process_proxy": {"class_name": PROXIES + proxy}}
    return made


def write(folder: Path, made: dict[str, Any]) -> None:
    """Replaces a kernelspec as a whole: the gateway may be reading it."""
    new = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    (new / "kernel.json").write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    for path, mode in ((new, 0o755), (new / "kernel.json", 0o644)):
        path.chmod(mode)
    shutil.rmtree(folder, ignore_errors=True)
    os.rename(new, folder)


if __name__ == "__main__":
    main(sys.argv[1:])
