"""LeRobot v3: episodes of robots as Parquet tables and MP4 videos."""

from unio.data.sources.lerobot.dataset import PUSH_NAMES, LeRobot

__all__ = ["PUSH_NAMES", "LeRobot"]
