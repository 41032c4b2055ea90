"""Runs a notebook headless on a kernel of a Jupyter Enterprise Gateway: the papermill engine `java_gateway`."""

from .engine import GatewayEngine
from .errors import GatewayError

__all__ = ["GatewayEngine", "GatewayError"]
