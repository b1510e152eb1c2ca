"""Settings, queue and live curves."""
