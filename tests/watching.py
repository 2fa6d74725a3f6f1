"""What the pages of a real browser do that they should not."""

from typing import Any
from urllib.parse import urlsplit

INSIDE = ("data", "blob")  # made by the page itself


class Watch:
    """Sees where the requests of pages go, and what the browser complains of."""

    def __init__(self, *webs: str) -> None:
        self.webs = list(webs)
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def over(self, context: Any) -> None:
        """Watch all pages of a browser's context."""
        context.on("request", lambda request: self._went(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._went(socket.url)))
        context.on("console", self._said)
        context.on("weberror", lambda thrown: self.complaints.append(f"thrown: {thrown.error}"))
        context.on("dialog", self._asked)

    def forgive(self, word: str) -> list[str]:
        """The complaints that hold a word, which are none from now on."""
        found = [one for one in self.complaints if word in one]
        self.complaints = [one for one in self.complaints if word not in one]
        return found

    def _went(self, url: str) -> None:
        self.requests.append(url)
        whole = urlsplit(url)
        hosts = {urlsplit(web).netloc for web in self.webs}
        if whole.scheme not in INSIDE and whole.netloc not in hosts:
            self.complaints.append(f"went to {url}")

    def _said(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.complaints.append(f"refused: {message.text}")

    def _asked(self, dialog: Any) -> None:
        if dialog.type != "beforeunload":
            self.complaints.append(f"dialog: {dialog.message}")
        dialog.accept()
