"""The flags there are, and what each switches. All are on until somebody sets them."""

REGISTRATION = "registration"
INSTANT_UPLOADS = "instant-uploads"
INTERACTIVE_ANALYSIS = "interactive-analysis"
PARTIAL_RESULTS = "partial-results"

PURPOSES = {
    REGISTRATION: "Making an account, where the daemon's settings allow it; a share is one of e-mail addresses.",
    "uploads": "Opening an upload.",
    INSTANT_UPLOADS: "Not sending bytes again that the user has sent before.",
    "downloads": "Getting the bytes of a sound.",
    "watch-folders": "Watching another folder.",
    "folder-scans": "Sweeping a watched folder at once.",
    "live-events": "Following events as they happen; who follows them is let go when it is switched off.",
    "event-history": "Listing past events.",
    INTERACTIVE_ANALYSIS: "Analysing a sound ahead of all batches; without it, it waits its turn.",
    "batch-analysis": "Analysing many sounds with one call.",
    PARTIAL_RESULTS: "Telling each finding when it is there, not only all at the end.",
    "reanalysis": "Analysing a sound again.",
    "api-keys": "Making API keys.",
    "plugin-settings": "Switching plugins on and off and setting their parameters.",
    "genre": "Showing genre.* of sounds.",
    "mood": "Showing mood.* of sounds.",
    "instruments": "Showing instruments.* of sounds.",
    "description": "Showing description.* of sounds.",
    "similarity": "Showing similarity.* of sounds.",
    "pictures": "Showing waveform.* and spectrum.* of sounds.",
}
DESCRIPTORS = {  # the descriptors that a flag shows, by the first part of their names
    "genre": ("genre",), "mood": ("mood",), "instruments": ("instruments",), "description": ("description",),
    "similarity": ("similarity",), "pictures": ("waveform", "spectrum"),
}  # fmt: skip
