import math

import torch

from unio.codecs.sincos_positions import sincos_positions


def test_literal_values_column_first():
    sine, cosine = math.sin(1), math.cos(1)

    table = sincos_positions((2, 3), dim=4)

    expected = [
        [0.0, 1.0, 0.0, 1.0],
        [sine, cosine, 0.0, 1.0],
        [math.sin(2), math.cos(2), 0.0, 1.0],
        [0.0, 1.0, sine, cosine],
        [sine, cosine, sine, cosine],
        [math.sin(2), math.cos(2), sine, cosine],
    ]
    torch.testing.assert_close(table, torch.tensor(expected))


def test_sines_come_before_cosines_and_frequencies_fall():
    table = sincos_positions((1, 4), dim=8)

    expected = [math.sin(3), math.sin(0.03), math.cos(3), math.cos(0.03), 0.0, 0.0, 1.0, 1.0]
    torch.testing.assert_close(table[3], torch.tensor(expected))
