import numpy as np

from unio.data.withholding import withhold_codes
from unio.model import NANO_GEOMETRY
from unio.schema import Features, TargetFeatures, TargetModality

TEXT = np.array([5, 1])
PICTURE = Features(
    task="depth",
    text=TEXT,
    target=TargetFeatures(modality=TargetModality.IMAGE, media=np.zeros((96, 96, 3), np.float32)),
)


def _marks(features: Features, *, share: float, seed: int) -> np.ndarray | None:
    rng = np.random.default_rng(seed)
    target = withhold_codes(features, geometry=NANO_GEOMETRY, rng=rng, share=share).target
    assert target is not None
    return target.withheld


def test_parts_of_every_size_are_withheld():
    rates = []
    for seed in range(60):
        marks = _marks(PICTURE, share=1.0, seed=seed)
        assert marks is not None
        assert marks.shape == (144,)
        rates.append(marks.mean())
    assert min(rates) < 0.1
    assert max(rates) > 0.9
    assert 0.35 < np.mean(rates) < 0.65


def test_the_share_is_that_of_the_pictures():
    marks = [_marks(PICTURE, share=0.3, seed=seed) for seed in range(200)]
    assert 0.2 < np.mean([one is not None for one in marks]) < 0.4
    assert _marks(PICTURE, share=0.0, seed=1) is None


def test_texts_are_told_whole():
    text = Features(
        task="vqa", text=TEXT, target=TargetFeatures(modality=TargetModality.TEXT, ids=np.array([7, 1]))
    )
    assert _marks(text, share=1.0, seed=0) is None
