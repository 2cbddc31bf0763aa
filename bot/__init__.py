"""The Rasa side of the hotline: runs on Python 3.10, apart from everything else."""
