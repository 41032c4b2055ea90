"""The archive for a cluster: helper JAR, what it needs there, kernel, runner, wheels, weights, notebooks, sample, notices.

The same inputs give the same bytes, so VERSION, which ends in a digest of the content, is the same for the same content and
another one for any other.
"""
