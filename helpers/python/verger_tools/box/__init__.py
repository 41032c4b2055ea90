"""A cluster like EMR's on one machine: HDFS, YARN, S3, Spark and an Enterprise Gateway with the kernel."""
