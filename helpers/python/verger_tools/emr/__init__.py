"""A cluster on EMR from the command line: what the commands of helpers/emr do."""
