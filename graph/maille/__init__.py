"""French press articles become a knowledge graph with the sentence behind every claim."""

__version__ = "0.1.0"
