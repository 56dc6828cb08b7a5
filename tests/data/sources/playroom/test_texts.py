from unio.data.sources.playroom import playroom_texts


def test_texts_hold_words_and_no_added_pieces():
    texts = list(playroom_texts(2))
    assert len(texts) > 40
    assert texts == list(playroom_texts(2))
    assert not [text for text in texts if "<" in text or "[Text]" in text or not text.strip()]
    words = {word for text in texts for word in text.split()}
    assert "ball" in " ".join(words)
