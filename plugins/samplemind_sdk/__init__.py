"""The contract between SampleMind and its analyzers: three nouns, two verbs, and blocks of sound."""

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
from .block import BLOCK, PAST, RATE, Block, Cutter, Samples, Tape, blocks, feature
from .features import chroma, hops, magnitude, mel, mono, onset, times
from .file import File
from .hooks import hookimpl

__all__ = [
    "BLOCK",
    "PAST",
    "RATE",
    "Analyzer",
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
    "blocks",
    "chroma",
    "feature",
    "hookimpl",
    "hops",
    "magnitude",
    "mel",
    "mono",
    "onset",
    "parameter",
    "times",
]
