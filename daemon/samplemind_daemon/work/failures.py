"""Why a task of the crew was not done."""


class TaskFailed(Exception):
    """The file could not be heard, and would not be at another try.

    `reason` is stable, for programs; `message` is a sentence for people; `details` is what the
    worker last wrote to stderr, for the log; `analyzer` is the one that was at work, where that matters.
    """

    analyzer = ""

    def __init__(self, reason: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.reason, self.message, self.details = reason, message, details


class WorkerDied(TaskFailed):
    """The worker ended before the task did; another try may succeed."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__("WORKER_DIED", message, details)


class OutOfMemory(WorkerDied):
    """The system ended the worker because memory was short; another try may succeed."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message, details)
        self.reason = "OUT_OF_MEMORY"


class WorkerStuck(TaskFailed):
    """The worker took too long, or gave no sign of life for too long, and was killed."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__("WORKER_STUCK", message, details)


class TooMuchMemory(TaskFailed):
    """The worker took more memory than it may, and was killed."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__("TOO_MUCH_MEMORY", message, details)


class CrewStopped(Exception):
    """The crew takes no more tasks."""


class CannotStart(TaskFailed):
    """No worker comes up."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__("NO_WORKER", message, details)
