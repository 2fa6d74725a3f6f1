"""Figures for Prometheus: counted while things happen, or asked for when it looks, and shown on a page of their own."""

from samplemind_daemon.metrics.page import Page
from samplemind_daemon.metrics.standing import Figures, OfCrew, Sources, Standing

__all__ = ["Figures", "OfCrew", "Page", "Sources", "Standing"]
