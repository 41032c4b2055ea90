"""Starts a kernel through a gateway, runs and interrupts a Spark job and shuts it down; prints what it saw as JSON.

Run by the Python of the gateway's environment.
"""

import asyncio
import json
import sys
from pathlib import Path
from types import SimpleNamespace

from tornado.httpclient import AsyncHTTPClient

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from verger_tools.kernel.try_kernel import Failure, Gateway  # noqa: E402

LONG_JOB = 'spark.range(0, 1000000000000L, 1, 8).selectExpr("max(hash(id * 3, id * 7, id))").collectAsList()'


async def main(url, kernel):
    gateway, said = Gateway(url), {}
    started = await gateway.start(kernel, SimpleNamespace(user="nobody", timeout=180))
    kernel_id = started["id"]
    await gateway.evaluate(kernel_id, "1 + 1")
    said["count"] = await gateway.evaluate(
        kernel_id, "var spark = org.apache.spark.sql.SparkSession.builder().getOrCreate(); spark.range(100).count()")
    job = asyncio.create_task(gateway.evaluate(kernel_id, LONG_JOB))
    await asyncio.sleep(4)
    await AsyncHTTPClient().fetch(gateway.request(f"/api/kernels/{kernel_id}/interrupt", method="POST", body=""))
    try:
        await job
    except Failure as failure:
        said["interrupted"] = str(failure)
    await asyncio.sleep(1)
    said["jobs after it"] = await gateway.evaluate(kernel_id, "spark.sparkContext().statusTracker().getActiveJobIds().length")
    await gateway.delete(kernel_id)
    print(json.dumps(said))


asyncio.run(main(*sys.argv[1:]))
