import torch

from unio.model import UnifiedIO, preset
from unio.model.target_embedder import TargetEmbedder, fed_ids, shift_right
from unio.nn import grid_rotary, line_rotary
from unio.schema import TargetModality

CPU = torch.device("cpu")


def test_shift_puts_the_begin_token_first():
    assert shift_right(torch.tensor([[7, 8, 9, 1], [5, 1, 0, 0]])).tolist() == [[0, 7, 8, 9], [0, 5, 1, 0]]


def test_embeds_token_plus_modality(model: UnifiedIO):
    table = model.token_embedders["audio"]
    embedder = model.target_embedders["audio"]
    found = embedder(torch.tensor([[0, 3]]), token_embedder=table)
    torch.testing.assert_close(found[0, 1], table.weight[3] + embedder.modality)


def test_text_lies_on_a_line_and_pictures_on_their_grid(model: UnifiedIO):
    places = torch.arange(5)[None]
    text, image = (model.target_embedders[name].rotary(5, device=CPU) for name in ("text", "image"))
    assert torch.equal(text, line_rotary(places, head_dim=12))
    assert torch.equal(image, grid_rotary(places, columns=4, head_dim=12))


def test_released_audio_tokens_read_a_transposed_table():
    # Trap 2 of spec section 13: tokens run (32, 16), the table is (16, 32), read by running position.
    config = preset("large")
    columns = config.target_rope_columns(TargetModality.AUDIO)
    table = TargetEmbedder(8, head_dim=8, columns=columns).rotary(512, device=CPU)[0]
    token = 5 * 16 + 3  # time 5, mel 3
    row, column = token // 32, token % 32
    angles = torch.tensor([row, row * 0.01, column, column * 0.01])
    torch.testing.assert_close(table[token], torch.stack([angles.cos(), angles.sin()]))


def test_new_models_read_time_and_mel():
    config = preset("nano")
    table = TargetEmbedder(8, head_dim=8, columns=config.target_rope_columns(TargetModality.AUDIO))
    angles = torch.tensor([5.0, 0.05, 3.0, 0.03])  # time 5, mel 3 of the (16, 8) grid
    found = table.rotary(128, device=CPU)[0, 5 * 8 + 3]
    torch.testing.assert_close(found, torch.stack([angles.cos(), angles.sin()]))


def test_withheld_codes_are_not_fed_but_the_others_are():
    ids = torch.tensor([[7, 8, 9, 5]])
    withheld = torch.tensor([[False, True, True, False]])
    assert shift_right(fed_ids(ids, withheld)).tolist() == [[0, 7, 1, 1]]
    assert fed_ids(ids, None) is ids
