"""Hearing and painting, without a window, a microphone or torch."""

from engine.system.telemetry import switch_off

switch_off()
