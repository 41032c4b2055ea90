"""What all commands stand on: only the standard library, and nothing newer than Python 3.9, for a set-up runs before anything is
installed."""
