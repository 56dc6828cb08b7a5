"""COCO's annotation files: captions, instances, keypoints and panoptic maps; LVIS is a dialect of them."""

from unio.data.sources.coco.captions import CocoCaptions
from unio.data.sources.coco.instances import CocoInstances
from unio.data.sources.coco.keypoints import CocoKeypoints
from unio.data.sources.coco.panoptic import CocoPanoptic

__all__ = ["CocoCaptions", "CocoInstances", "CocoKeypoints", "CocoPanoptic"]
