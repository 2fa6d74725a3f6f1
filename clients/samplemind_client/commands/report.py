"""What is printed of a sound: fields for programs, lines for people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from samplemind_client.commands.only import chosen
from samplemind_client.commands.output import printable, shown
from samplemind_client.commands.rows import rows

if TYPE_CHECKING:
    from samplemind_client.values.analysis import Analysis, Descriptor, Job
    from samplemind_client.values.sound import Problem, Sound


@dataclass(frozen=True)
class Report:
    """What came of one file: an analysis, or the problem."""

    file: str
    analysis: "Analysis | None" = None
    problem: "Problem | None" = None
    only: tuple[str, ...] = ()  # names of descriptors or analyzers; all if empty

    def fields(self) -> dict[str, Any]:
        """The same for every analysed file, whatever analysed it."""
        seconds = seconds_of(self.analysis.sound) if self.analysis else None
        return {
            "file": printable(self.file),
            "status": "failed" if self.problem else "completed",
            "seconds": seconds,
            "error": problem_fields(self.problem),
            "descriptors": {one.name: descriptor_fields(one) for one in self._found()},
        }

    def text(self) -> str:
        """The file's name, and the descriptors in lines."""
        if self.problem or self.analysis is None:
            return f"{shown(self.file)}\n  failed: {self.problem and sentence(self.problem)}"
        return "\n".join([shown(self.file) + length(self.analysis.sound), *rows(self._found())])

    def _found(self) -> "list[Descriptor]":
        return chosen(self.analysis.descriptors.values() if self.analysis else (), self.only)


def sound_fields(sound: "Sound", found: "Iterable[Descriptor]" = ()) -> dict[str, Any]:
    """A sound that the daemon keeps: as an analysed file, and what else is known of it."""
    media = sound.media
    return {
        "file": sound.name,
        "status": sound.state,
        "seconds": seconds_of(sound),
        "error": problem_fields(sound.problem),
        "descriptors": {one.name: descriptor_fields(one) for one in found},
        "id": sound.id,
        "status_at": moment(sound.state_at),
        "created_at": moment(sound.created_at),
        "missing_at": moment(sound.missing_at),
        "folder_id": sound.folder_id or None,
        "path": sound.path or None,
        "size": sound.size,
        "sha256": sound.sha256,
        "media": {
            "container": media.container, "codec": media.codec, "rate": media.rate, "channels": media.channels,
            "bits": media.bits, "tags": dict(media.tags), "warnings": media.warnings,
        } if media else None,
    }  # fmt: skip


def descriptor_fields(one: "Descriptor") -> dict[str, Any]:
    """A finding."""
    return {
        "value": one.value,
        "unit": one.unit or None,
        "confidence": one.confidence,
        "status": one.status,
        "candidates": [{"value": each.value, "confidence": each.confidence} for each in one.candidates],
        "reason": one.reason or None,
        "made_by": one.made_by,
        "version": one.version,
    }


def job_fields(sound: "Sound", job: "Job") -> dict[str, Any]:
    """The work on a sound."""
    return {
        "file": sound.name,
        "status": job.state,
        "error": problem_fields(job.problem),
        "id": sound.id,
        "job_id": job.id,
        "lane": job.lane,
        "attempts": job.attempts,
    }


def job_text(sound: "Sound", job: "Job") -> str:
    """The work on a sound, for people."""
    return f"{shown(sound.name)}  {job.state}" + (f": {sentence(job.problem)}" if job.problem else "")


def problem_fields(problem: "Problem | None") -> dict[str, str] | None:
    """Why something could not be done, or None."""
    return {"reason": problem.reason, "message": problem.message} if problem else None


def moment(at: datetime | None) -> str | None:
    """A moment for programs, in UTC."""
    return at.isoformat() if at else None


def seconds_of(sound: "Sound") -> float | None:
    """How long a sound is, once that is known."""
    return sound.media.seconds if sound.media else None


def length(sound: "Sound") -> str:
    """How long a sound is, to be put after its name."""
    return f"  {sound.media.seconds:.2f} s" if sound.media else ""


def sentence(problem: "Problem") -> str:
    """A problem for people."""
    return f"{shown(problem.message)} ({problem.reason})"
