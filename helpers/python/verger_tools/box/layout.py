"""Where things lie in a box's folder: what is kept, and what each start begins anew."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from verger_tools.base.project import ROOT
from verger_tools.box.machine import User

if TYPE_CHECKING:
    from verger_tools.box.parts import Parts

BUCKET = "verger"


class Layout:
    """The folders and files of a box.

    `run` is empty at each start and gone after it, as a cluster's HDFS is; `s3` stays.
    """

    def __init__(self, folder: Path, user: User, parts: "Parts"):
        self.folder = folder
        self.user = user
        self.spark_home = parts.spark_home
        self.spark_conf = parts.spark_home / "conf"
        self.hadoop_conf = folder / "hadoop-conf"
        self.commands = folder / "bin"
        self.kernel = folder / "opt" / "verger"
        self.home = folder / "home"
        self.s3 = folder / "s3"
        self.logs = folder / "logs"
        self.run = folder / "run"
        self.temporary = self.run / "tmp"
        self.gateway_pid = self.run / "gateway.pid"
        self.restart = self.commands / "restart-gateway"
        self.state = folder / "box.json"
        self.environment = folder / "environment"

    def make(self) -> None:
        """Empties what the last start left."""
        self.clean()
        shutil.rmtree(self.logs, ignore_errors=True)
        for folder in (self.run, self.temporary, self.home, self.logs, self.s3):
            self.user.own(folder)
        sample = self.s3 / BUCKET / "data-sample"
        if not sample.is_dir():
            shutil.copytree(ROOT / "data-sample", sample)
        self.user.own_all(self.s3)

    def clean(self) -> None:
        """Leaves what the next start can use, and the logs."""
        shutil.rmtree(self.run, ignore_errors=True)
        for file in (self.state, self.environment):
            file.unlink(missing_ok=True)
