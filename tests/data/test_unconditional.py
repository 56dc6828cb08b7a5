import numpy as np
import pytest
from synthetic import GEOMETRY, LetterTokenizer, SyntheticSource

from unio.data.batches import BatchMaker, Group
from unio.data.mixture import Mixture
from unio.data.shaping import Shaping
from unio.data.unconditional import unconditional
from unio.schema import Example, InputModality, TargetModality


def test_the_prompt_asks_for_nothing_and_names_its_media() -> None:
    picture = np.zeros((2, 2, 3), np.uint8)
    edit = Example(
        task="t", prompt="[Image] [S] make it red", target_modality=TargetModality.IMAGE, image=picture
    )
    assert unconditional(edit).prompt == "[Image] [S] An image of a random picture. <image_input>"
    assert unconditional(edit).image is picture
    hum = Example(task="t", prompt="[Audio] [S] hum", target_modality=TargetModality.AUDIO)
    assert unconditional(hum).prompt == "[Audio] [S] A video of a random audio."


@pytest.mark.parametrize(
    ("guided", "share", "changed"), [("paint", 1.0, 6), ("paint", 0.0, 0), ("hum", 1.0, 0)]
)
def test_guided_tasks_lose_a_share_of_their_prompts(guided: str, share: float, changed: int) -> None:
    maker = BatchMaker(
        source=SyntheticSource(),
        tokenizer=LetterTokenizer(),
        geometry=GEOMETRY,
        groups={TargetModality.IMAGE: Group(mixture=Mixture(weights={"paint": 1}), count=6)},
        seed=1,
        shaping=Shaping(unconditional=share, guided=frozenset([guided])),
    )
    starts = maker.make(0).batch.streams[InputModality.TEXT].values[:, :3].tolist()
    assert starts.count([3 + ord(letter) for letter in "[Im"]) == changed
