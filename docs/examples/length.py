from samplemind_sdk import RATE, Analyzer, Output, hookimpl


class Length(Analyzer):
    """How long the sound is."""

    name = "length"
    seconds = Output(unit="s", low=0)
    heard = 0  # samples

    def update(self, block):
        self.heard += block.length

    def describe(self):
        yield self.seconds(self.heard / RATE)


@hookimpl
def analyzers():
    return [Length]
