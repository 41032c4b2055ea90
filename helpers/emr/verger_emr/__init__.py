"""A cluster on EMR from the command line: what is common to the scripts beside this package."""
