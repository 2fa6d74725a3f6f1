"""Figures for Prometheus: counted while things happen, or asked for when it looks, and shown on a page of their own."""

from samplemind_daemon.metrics.page import Page
from samplemind_daemon.metrics.standing import Sources

__all__ = ["Page", "Sources"]
