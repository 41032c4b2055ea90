"""Prints the YARN containers that ran tasks, and writes and reads a table on S3. Argument: a name for the table."""

import os
import sys
import time

from pyspark.sql import SparkSession


def container(_):
    time.sleep(0.5)  # so that one executor cannot take all
    return os.environ["CONTAINER_ID"]


spark = SparkSession.builder.getOrCreate()
containers = spark.sparkContext.parallelize(range(6), 6).map(container).distinct().collect()
print("containers:", " ".join(sorted(containers)))
table = f"verger/{sys.argv[1]}"
spark.range(1000).repartition(2).write.mode("overwrite").parquet(f"s3a://{table}")
print("rows:", spark.read.parquet(f"s3://{table}").count())
spark.stop()
