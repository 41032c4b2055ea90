"""Prints the sum of 0 to 39, added up in tasks that take their time."""

import time

from pyspark.sql import SparkSession


def slowly(number):
    time.sleep(0.7)
    return number


spark = SparkSession.builder.getOrCreate()
print("sum:", spark.sparkContext.parallelize(range(40), 40).map(slowly).sum())
spark.stop()
