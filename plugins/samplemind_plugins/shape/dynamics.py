"""How a sound moves in level, and how it lies between its channels."""

import math
from collections.abc import Iterator
from typing import Any

from samplemind_sdk import (
    RATE,
    Analyzer,
    Block,
    CannotDescribe,
    Finding,
    Input,
    Output,
    Status,
    Tape,
    mono,
)

from .attack import attack
from .levels import QUIETEST, Levels

SILENCE = 60  # dB below the loudest 2.5 ms
EFFECTIVE = 0.4  # of the envelope's maximum
ONE_SHOT = 10.0  # seconds; what is longer has no one attack
LARGEST = 1e18  # times full scale; beyond, the squares of samples are no numbers to reckon with


class Dynamics(Analyzer):
    """Length and channels, level, peak to mean, offset, silence at both ends, attack, and stereo width.

    All but the attack is measured at the sound's own rate and in all its channels. The effective
    duration and the attack follow G. Peeters, A large set of audio features for sound description, IRCAM
    2004; PLR follows E. Skovenborg, Measures of microdynamics, 137th AES Convention, 2014. These are
    measurements and no guesses, so they have no confidence.
    """

    name, version = "dynamics", 3
    kind: Any = Input("kind.label", optional=True)
    loudness: Any = Input("loudness.integrated", optional=True)
    true_peak: Any = Input("loudness.true_peak", optional=True)
    duration = Output(unit="s", low=0, help="Of the whole sound, as it was decoded")
    channels = Output(kind=int, low=1, help="As they were decoded")
    rms = Output(unit="dBFS", help="Mean power of all channels; a sine of full scale has -3.01")
    crest_factor = Output(unit="dB", low=0, help="The greatest sample over the root of the mean power")
    plr = Output(unit="dB", help="Peak to loudness: the true peak over the integrated loudness")
    dc_offset = Output(
        low=-LARGEST, high=LARGEST, help="Mean of the channel that is off most; 1 is full scale"
    )
    start_silence = Output(unit="s", low=0, help="Until the level comes within 60 dB of the loudest 2.5 ms")
    end_silence = Output(unit="s", low=0, help="Since the level was within 60 dB of the loudest 2.5 ms")
    effective_duration = Output(unit="s", low=0, help="How long the envelope is above 40 % of its maximum")
    attack_time = Output(unit="s", low=0, help="Of a one-shot: from 20 to 90 % of its greatest swing")
    stereo_width = Output(
        low=0, high=1, help="Share of the side in the energy: 0 mono, 0.5 unlike, 1 opposite"
    )
    correlation = Output(low=-1, high=1, help="Of left and right: 1 alike, 0 unlike, -1 opposite")

    def begin(self) -> None:
        self._levels: Levels | None = None
        self._tape, self._seconds, self._rate, self._broken = Tape(ONE_SHOT), 0.0, RATE, False

    def update(self, block: Block) -> None:
        if self._levels is None:
            self._rate = block.source_rate
            self._levels = Levels(self._rate, len(block.source))
        least, most = block.source.min(initial=0.0), block.source.max(initial=0.0)
        self._broken = self._broken or not -LARGEST < least <= most < LARGEST
        if self._broken:
            return
        self._levels.add(block.source)
        self._seconds += block.length / RATE
        self._tape.add(mono(block))

    def describe(self) -> Iterator[Finding]:
        levels = self._levels
        if self._broken:
            raise CannotDescribe("a sample is not a number, or far beyond any level", Status.UNMEASURABLE)
        if levels is None or not levels.samples:
            raise CannotDescribe("there is no sound in it")
        yield self.duration(round(levels.samples / self._rate, 4))
        yield self.channels(len(levels.totals()[1]))
        if levels.peak < 10 ** (QUIETEST / 20):
            yield from self._nothing_more()
            return
        yield from self._level(levels)
        yield self._peak_to_loudness()
        yield from self._times(levels)
        yield self._attack()
        yield from self._stereo(levels)

    def _nothing_more(self) -> Iterator[Finding]:
        """What silence has none of."""
        for name, output in self.outputs.items():
            if name not in ("duration", "channels"):
                yield output.withheld("silence")

    def _level(self, levels: Levels) -> Iterator[Finding]:
        sums, squares, _ = levels.totals()
        power = float(squares.sum()) / (len(squares) * levels.samples)
        crest = 20 * math.log10(levels.peak) - 10 * math.log10(power)
        offsets = sums / levels.samples
        yield self.rms(round(10 * math.log10(power), 2))
        yield self.crest_factor(round(max(0.0, crest), 2))
        yield self.dc_offset(round(float(offsets[abs(offsets).argmax()]), 6) + 0.0)  # no -0.0

    def _peak_to_loudness(self) -> Finding:
        if self.loudness is None or self.true_peak is None:
            return self.plr.withheld("its loudness or its true peak is not known")
        return self.plr(round(self.true_peak.value - self.loudness.value, 2))

    def _times(self, levels: Levels) -> Iterator[Finding]:
        span, step = levels.span(SILENCE), levels.step / self._rate
        if span is None:
            for output in (self.start_silence, self.end_silence, self.effective_duration):
                yield output.withheld("shorter than 2.5 ms")
            return
        end = levels.samples / self._rate - (span[1] + 1) * step
        yield self.start_silence(round(span[0] * step, 4))
        yield self.end_silence(round(max(0.0, end if end > step else 0.0), 4))
        yield self.effective_duration(round(levels.steps_above(EFFECTIVE) * step, 4))

    def _attack(self) -> Finding:
        if self._seconds > ONE_SHOT:
            return self.attack_time.withheld(f"longer than {ONE_SHOT:g} s, so there is no one attack")
        if self.kind is not None and self.kind.value != "one-shot":
            what = self.kind.value if self.kind.value in ("speech", "silence") else f"a {self.kind.value}"
            return self.attack_time.withheld(f"{what} has no one attack")
        signal = self._tape.signal
        if not signal.any():
            return self.attack_time.withheld("the channels cancel each other", Status.UNMEASURABLE)
        return self.attack_time(round(attack(signal), 5))

    def _stereo(self, levels: Levels) -> Iterator[Finding]:
        _, squares, cross = levels.totals()
        if len(squares) != 2:
            what = "one channel" if len(squares) == 1 else f"{len(squares)} channels"
            for output in (self.stereo_width, self.correlation):
                yield output.withheld(f"it has {what}, and this is said of two")
            return
        energy = float(squares.sum())
        yield self.stereo_width(round(min(1.0, max(0.0, (energy - 2 * cross) / (2 * energy))), 4))
        if not squares.all():
            yield self.correlation.withheld("one channel is silent", Status.UNMEASURABLE)
            return
        alike = cross / math.sqrt(float(squares.prod()))
        yield self.correlation(round(min(1.0, max(-1.0, alike)), 4))
