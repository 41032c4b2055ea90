"""What runs beside the kernel, and what puts it where a gateway looks; each file by itself, in the Python of the gateway."""
