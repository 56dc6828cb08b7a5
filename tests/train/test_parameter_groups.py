from torch import nn

from unio.train.parameter_groups import layer_depths, matrix_names, parameter_groups


def test_depth_is_counted_from_the_top_of_each_stack() -> None:
    names = ["embed.weight", "encoder.layers.0.up", "encoder.layers.1.up", "encoder.norm.scale"]
    names += ["vit.patches.weight", "vit.blocks.0.up", "vit.norm.scale", "norm.scale"]
    assert layer_depths(names) == {
        "embed.weight": 0,
        "encoder.layers.0.up": 1,
        "encoder.layers.1.up": 0,
        "encoder.norm.scale": 0,
        "vit.patches.weight": 1,
        "vit.blocks.0.up": 0,
        "vit.norm.scale": 0,
        "norm.scale": 0,
    }


def test_groups_tell_matrices_from_the_rest() -> None:
    module = nn.Sequential(nn.Linear(2, 3), nn.Conv1d(1, 2, 3, bias=False), nn.Embedding(4, 2))
    assert matrix_names(module) == {"0.weight"}
    groups = parameter_groups(module)
    assert [(group.names, group.is_decayed, group.is_matrix) for group in groups] == [
        (("0.weight",), True, True),
        (("1.weight",), True, False),
        (("0.bias", "2.weight"), False, False),
    ]
