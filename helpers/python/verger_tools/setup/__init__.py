"""The set-up of notebooks/run: the helper JAR, a Python environment, the kernel, the embedded weights, all in `.verger/`."""
