"""The one error that ends a command with a sentence."""


class Failure(Exception):
    """Something that the user can put right; the message says how."""
