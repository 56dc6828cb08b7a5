"""WebDataset shards: tar files in which the members of one name belong together."""

from unio.data.sources.webdataset.shards import WebDataset

__all__ = ["WebDataset"]
