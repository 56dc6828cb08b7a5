import torch

from unio.codecs.training.kmeans import kmeans


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_finds_clusters_that_lie_apart():
    vectors = torch.tensor([[0.0, 0.0], [0.0, 2.0], [10.0, 0.0], [10.0, 2.0]])

    centres = kmeans(vectors, 2, iterations=5, generator=seeded())

    assert sorted(centres.tolist()) in ([[0.0, 1.0], [10.0, 1.0]], [[5.0, 0.0], [5.0, 2.0]])


def test_same_seed_same_centres():
    vectors = torch.randn(30, 3, generator=seeded(5))

    first = kmeans(vectors, 4, iterations=3, generator=seeded())
    again = kmeans(vectors, 4, iterations=3, generator=seeded())

    assert first.tolist() == again.tolist()


def test_fewer_vectors_than_centres_are_repeated():
    vectors = torch.tensor([[1.0], [2.0]])

    centres = kmeans(vectors, 5, iterations=2, generator=seeded())

    assert centres.shape == (5, 1)
    assert set(centres.flatten().tolist()) == {1.0, 2.0}
