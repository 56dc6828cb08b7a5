import numpy as np

from unio.data.tasks.predictions import picture_prediction, sound_prediction, text_prediction
from unio.schema import Example, ModelOutput, TargetModality, Waveform


def example(image=None):
    return Example(task="caption", prompt="", target_modality=TargetModality.TEXT, image=image)


def test_texts_lose_their_outer_blanks():
    prediction = text_prediction(ModelOutput(text=" a ball ", scores={"a": -1.0}), example())
    assert (prediction.text, prediction.scores) == ("a ball", {"a": -1.0})
    assert text_prediction(ModelOutput(), example()).text == ""


def test_pictures_lose_the_padding_of_their_source(wide):
    square = np.zeros((16, 16, 3), np.uint8)
    square[4:12] = 200
    prediction = picture_prediction(ModelOutput(image=square), example(wide))
    assert prediction.image.shape == wide.shape
    assert (prediction.image == 200).all()
    assert picture_prediction(ModelOutput(image=square), example()).image is square


def test_sounds_pass():
    sound = Waveform(samples=np.zeros(4, np.float32), rate=16000)
    assert sound_prediction(ModelOutput(audio=sound), example()).audio is sound
