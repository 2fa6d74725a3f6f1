"""The contract between SampleMind and its analyzers: three nouns, two verbs, and blocks of sound."""

from .adding import added, stretches
from .analyzer import (
    Analyzer,
    CannotDescribe,
    Estimate,
    Finding,
    Input,
    Label,
    Output,
    Parameter,
    Status,
    parameter,
)
from .bank import Bank, product
from .block import BLOCK, PAST, RATE, Block, Cutter, Samples, Tape, blocks, feature
from .features import chroma, hops, magnitude, mel, mel_power, mono, onset, power, times
from .file import File
from .hooks import hookimpl

__all__ = [
    "BLOCK",
    "PAST",
    "RATE",
    "Analyzer",
    "Bank",
    "Block",
    "CannotDescribe",
    "Cutter",
    "Estimate",
    "File",
    "Finding",
    "Input",
    "Label",
    "Output",
    "Parameter",
    "Samples",
    "Status",
    "Tape",
    "added",
    "blocks",
    "chroma",
    "feature",
    "hookimpl",
    "hops",
    "magnitude",
    "mel",
    "mel_power",
    "mono",
    "onset",
    "parameter",
    "power",
    "product",
    "stretches",
    "times",
]
