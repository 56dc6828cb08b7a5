from unio.vocab.pieces import append_user_pieces, encode_piece, encode_varint


def test_integers_take_seven_bits_a_byte():
    assert encode_varint(0) == b"\x00"
    assert encode_varint(127) == b"\x7f"
    assert encode_varint(300) == b"\xac\x02"


def test_piece_is_one_list_entry():
    # Field 1 of the model, 10 bytes: text (1) of 1 byte, score (2) of 4 bytes, type (3).
    assert encode_piece("a", score=1.0, kind=4) == b"\x0a\x0a\x0a\x01a\x15\x00\x00\x80\x3f\x18\x04"


def test_pieces_are_appended_with_word_marks():
    extended = append_user_pieces(b"model", ["[Text] [S]"])
    assert extended.startswith(b"model\x0a")
    assert "\u2581[Text]\u2581[S]".encode() in extended
