"""unio: one model that reads, sees, hears, writes, draws, sounds and acts."""

__version__ = "0.1.0"
