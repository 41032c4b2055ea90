"""Why a value cannot be passed."""


class ParameterError(Exception):
    """A parameter that cannot be passed; its message is one sentence for the person who typed it."""


class Misfit(ParameterError):
    """A value that its declared type does not take.

    where: the parameter, or `sizes[3]` for an element. value: as typed, in one line. declared: the type. way_out: what to give.
    """

    def __init__(self, where: str, value: str, declared: str, way_out: str):
        super().__init__(f"Parameter '{where}' is declared {declared}, and {value} does not fit: {way_out}.")
        self.where, self.value, self.declared, self.way_out = where, value, declared, way_out
