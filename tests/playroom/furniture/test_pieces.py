import numpy as np
import pytest
from playroom.furniture.boxes import box_mesh, box_model

from unio.playroom.furniture import Mesh, Model, Piece


def test_a_piece_is_its_model_scaled_turned_and_set_down():
    piece = Piece(model=box_model(), scale=0.5, position=(0.1, 0.2, 0.225), angle=np.pi / 2)
    assert piece.half_extents == pytest.approx((0.1, 0.125, 0.225))
    corners = piece.corners()
    np.testing.assert_allclose(corners.min(axis=0), [0.1 - 0.125, 0.2 - 0.1, 0], atol=1e-12)
    np.testing.assert_allclose(corners.max(axis=0), [0.1 + 0.125, 0.2 + 0.1, 0.45], atol=1e-12)
    np.testing.assert_allclose(piece.rotation_matrix[:, 0], [0, 1, 0], atol=1e-12)


def test_what_is_round_is_told_from_what_has_sides():
    assert not box_model(size=(1, 1, 1)).is_round
    around = np.arange(24) * np.pi / 12
    rim = np.stack([np.cos(around), np.sin(around), np.zeros(24)], axis=1)
    mesh = Mesh(
        vertices=np.concatenate([rim, [[0, 0, 0.5]]]).astype(np.float32),
        faces=np.stack([np.arange(24), (np.arange(24) + 1) % 24, np.full(24, 24)], axis=1).astype(np.int32),
        parts=np.zeros(24, np.uint8),
        colours=np.zeros((1, 3), np.uint8),
    )
    assert Model(name="hat", category="misc", size=(2, 2, 0.5), load=lambda: mesh).is_round


def test_a_mesh_is_loaded_once_and_only_when_looked_at():
    loaded: list[int] = []

    def load() -> Mesh:
        loaded.append(1)
        return box_mesh((1, 1, 1))

    model = Model(name="box", category="misc", size=(1, 1, 1), load=load)
    assert not loaded
    assert model.mesh is model.mesh
    assert loaded == [1]
