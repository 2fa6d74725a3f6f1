"""Two analyzers that keep every promise of the contract: one listens, one lives on what another found."""

from samplemind_sdk import Analyzer, CannotDescribe, Input, Label, Output, Status, mono, parameter


class Peak(Analyzer):
    """How high it goes."""

    name = "peak"
    gain = parameter(1.0, unit="x", low=0, high=10)
    times = parameter(1, low=1, high=3)
    upside_down = parameter(False)
    law = parameter("linear", choices=("linear", "square"))
    level = Output(low=0, high=10)
    word = Output(kind=str, choices=("low", "high"))
    steps = Output(kind=int, many=True, low=0, high=100)
    shapes = Output(kind=Label, many=True, choices=("round", "sharp"))

    def begin(self):
        self.highest = 0.0

    def update(self, block):
        self.highest = max(self.highest, self.gain * float(abs(mono(block)).max()))

    def describe(self):
        yield self.level(self.highest)


class Half(Analyzer):
    """Half of another."""

    name = "half"
    whole = Input("peak.level")
    other = Input("tempo.bpm", optional=True)
    level = Output()

    def describe(self):
        if self.whole is None:
            raise CannotDescribe("there is no whole", Status.UNMEASURABLE)
        yield self.level(self.whole.value / (3 if self.other else 2))
