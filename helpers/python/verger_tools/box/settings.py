"""Writes the configuration of Hadoop and Spark: what EMR sets as far as the jobs see it, and what one machine needs."""

import os
import shlex
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from verger_tools.box.layout import Layout

HOST = "127.0.0.1"
EXECUTORS = 2
# On EMR the role of the machine gives credentials; here they are in the environment of gateway and nodes.
INHERITED = "JAVA_HOME,HADOOP_CONF_DIR,SPARK_LOCAL_IP,AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY"
NO_FILE_IN_TMP = "-XX:-UsePerfData"
COMMITTER_FACTORY = "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory"
CLOUD = "org.apache.spark.internal.io.cloud"


def write(layout: Layout, ports: dict[str, int]) -> None:
    """Writes Hadoop's folder and Spark's `spark-defaults.conf`."""
    layout.hadoop_conf.mkdir(exist_ok=True)
    _write_xml(layout.hadoop_conf / "core-site.xml", _core(layout, ports))
    _write_xml(layout.hadoop_conf / "hdfs-site.xml", _hdfs(layout, ports))
    _write_xml(layout.hadoop_conf / "yarn-site.xml", _yarn(layout, ports))
    _write_xml(layout.hadoop_conf / "capacity-scheduler.xml", _scheduler())
    width = max(len(key) for key in _spark(layout)) + 2
    lines = [f"{key:<{width}}{value}\n" for key, value in _spark(layout).items()]
    (layout.spark_conf / "spark-defaults.conf").write_text("".join(lines), encoding="utf-8")
    (layout.spark_conf / "spark-env.sh").write_text(_spark_environment(layout), encoding="utf-8")


def _write_xml(file: Path, properties: dict[str, Any]) -> None:
    lines = [f"  <property><name>{name}</name><value>{escape(str(value))}</value></property>\n"
             for name, value in properties.items()]
    file.write_text(f"<configuration>\n{''.join(lines)}</configuration>\n", encoding="utf-8")


def _core(layout: Layout, ports: dict[str, int]) -> dict[str, Any]:
    return {
        "fs.defaultFS": f"hdfs://{HOST}:{ports['hdfs']}",
        "hadoop.tmp.dir": layout.run / "hadoop",
        "hadoop.http.staticuser.user": layout.user.name,
        # s3:// is S3A, as on EMR from 7.10 on.
        "fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "fs.AbstractFileSystem.s3.impl": "org.apache.hadoop.fs.s3a.S3A",
        "fs.s3a.endpoint": f"http://{HOST}:{ports['s3']}",
        "fs.s3a.endpoint.region": "us-east-1",
        "fs.s3a.path.style.access": "true",
        "fs.s3a.buffer.dir": layout.temporary / "s3a",
        "fs.s3a.committer.name": "magic",
        "fs.s3a.committer.magic.enabled": "true",
        "mapreduce.outputcommitter.factory.scheme.s3a": COMMITTER_FACTORY,
        "mapreduce.outputcommitter.factory.scheme.s3": COMMITTER_FACTORY,
    }


def _hdfs(layout: Layout, ports: dict[str, int]) -> dict[str, Any]:
    return {
        "dfs.replication": 1,
        "dfs.namenode.name.dir": f"file://{layout.run}/hdfs/name",
        "dfs.datanode.data.dir": f"file://{layout.run}/hdfs/data",
        "dfs.namenode.http-address": f"{HOST}:{ports['hdfs-ui']}",
        "dfs.datanode.address": f"{HOST}:0",
        "dfs.datanode.http.address": f"{HOST}:0",
        "dfs.datanode.ipc.address": f"{HOST}:0",
        "dfs.namenode.safemode.extension": 0,
        # A loopback address need not have a name.
        "dfs.namenode.datanode.registration.ip-hostname-check": "false",
    }


def _yarn(layout: Layout, ports: dict[str, int]) -> dict[str, Any]:
    return {
        "yarn.resourcemanager.hostname": HOST,
        "yarn.resourcemanager.address": f"{HOST}:{ports['yarn-clients']}",
        "yarn.resourcemanager.scheduler.address": f"{HOST}:{ports['yarn-scheduler']}",
        "yarn.resourcemanager.resource-tracker.address": f"{HOST}:{ports['yarn-nodes']}",
        "yarn.resourcemanager.admin.address": f"{HOST}:{ports['yarn-admin']}",
        "yarn.resourcemanager.webapp.address": f"{HOST}:{ports['yarn']}",
        "yarn.node-labels.fs-store.root-dir": f"file://{layout.run}/node-labels",
        "yarn.node-attribute.fs-store.root-dir": f"file://{layout.run}/node-attributes",
        "yarn.resourcemanager.connect.retry-interval.ms": 500,  # the nodes start at the same time as it
        "yarn.resourcemanager.nodemanagers.heartbeat-interval-ms": 250,
        "yarn.nodemanager.hostname": HOST,
        "yarn.nodemanager.address": f"{HOST}:0",
        "yarn.nodemanager.localizer.address": f"{HOST}:0",
        "yarn.nodemanager.webapp.address": f"{HOST}:0",
        "yarn.nodemanager.resource.memory-mb": 4096,
        "yarn.nodemanager.resource.cpu-vcores": 4,
        "yarn.scheduler.minimum-allocation-mb": 128,
        "yarn.scheduler.maximum-allocation-mb": 4096,
        # What counts is this machine's memory, and its disk may be fuller than a cluster's.
        "yarn.nodemanager.vmem-check-enabled": "false",
        "yarn.nodemanager.pmem-check-enabled": "false",
        "yarn.nodemanager.disk-health-checker.enable": "false",
        "yarn.nodemanager.delete.debug-delay-sec": 0,
        "yarn.nodemanager.sleep-delay-before-sigkill.ms": 250,
        "yarn.nodemanager.env-whitelist": INHERITED,
        # A copy of launch_container.sh beside the logs would show the credentials.
        "yarn.nodemanager.log-container-debug-info.enabled": "false",
    }


def _scheduler() -> dict[str, Any]:
    return {
        "yarn.scheduler.capacity.root.queues": "default",
        "yarn.scheduler.capacity.root.default.capacity": 100,
        "yarn.scheduler.capacity.maximum-am-resource-percent": 0.8,  # drivers of cluster mode are AMs
    }


def _spark(layout: Layout) -> dict[str, Any]:
    # Drivers and executors of minutes share one machine: the optimizing compiler would take its processors from them.
    java_options = f"{NO_FILE_IN_TMP} -Duser.home={layout.home} -XX:TieredStopAtLevel=1"
    return {
        "spark.master": "yarn",
        "spark.driver.memory": "2g",
        "spark.executor.instances": EXECUTORS,
        "spark.executor.cores": 1,
        # ONNX Runtime's memory is outside of the heap.
        "spark.executor.memory": "512m",
        "spark.executor.memoryOverhead": "512m",
        "spark.yarn.maxAppAttempts": 1,
        "spark.authenticate": "true",  # drivers and executors answer who knows the application's secret, which Spark makes
        "spark.yarn.jars": f"local:{layout.spark_home}/jars/*",
        "spark.driver.defaultJavaOptions": java_options,
        "spark.executor.defaultJavaOptions": java_options,
        "spark.yarn.am.extraJavaOptions": NO_FILE_IN_TMP,
        "spark.local.dir": layout.temporary,
        "spark.sql.warehouse.dir": "/user/spark/warehouse",
        "spark.sql.sources.commitProtocolClass": f"{CLOUD}.PathOutputCommitProtocol",
        "spark.sql.parquet.output.committer.class": f"{CLOUD}.BindingParquetOutputCommitter",
    }


def _spark_environment(layout: Layout) -> str:
    """Drivers on this machine, spark-submit's own JVM included, leave no file in /tmp."""
    return f"""export SPARK_SUBMIT_OPTS="${{SPARK_SUBMIT_OPTS:-}} -Djava.io.tmpdir={layout.temporary} {NO_FILE_IN_TMP}"
export SPARK_LAUNCHER_OPTS="{NO_FILE_IN_TMP}"
"""


def write_commands(layout: Layout, environment: dict[str, str]) -> None:
    """Writes what EMR has as commands, and the environment for a shell of one's own."""
    layout.commands.mkdir(exist_ok=True)
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in environment.items()
                      if name.startswith(("JAVA_", "SPARK_", "HADOOP_", "YARN_", "AWS_")))
    layout.environment.touch(mode=0o600)
    layout.environment.write_text(exports, encoding="utf-8")
    layout.user.own_all(layout.environment)
    _write_command(layout.commands / "hadoop", f""". {shlex.quote(str(layout.environment))}
case ${{1:-}} in
  fs | dfs) shift ;;
  *) echo "This hadoop knows nothing but 'hadoop fs': got ${{1:-nothing}}" >&2; exit 2 ;;
esac
exec "$JAVA_HOME/bin/java" {NO_FILE_IN_TMP} -cp "$HADOOP_CONF_DIR:$SPARK_HOME/jars/*" org.apache.hadoop.fs.FsShell "$@"
""")
    _write_command(layout.restart, f"""# As systemctl restart jupyter_enterprise_gateway on EMR: returns when the new one runs.
old=$(cat {shlex.quote(str(layout.gateway_pid))})
kill -USR1 {os.getpid()}
while [ "$(cat {shlex.quote(str(layout.gateway_pid))})" = "$old" ]; do sleep 0.1; done
""")


def _write_command(file: Path, text: str) -> None:
    file.touch(mode=0o755)
    file.write_text(f"#!/bin/sh\n{text}", encoding="utf-8")
