"""What a run is, and the folder in which runs are kept."""
