"""ENet (Paszke et al. 2016, "ENet: A Deep Neural Network Architecture for Real-Time Semantic Segmentation").

An encoder that works at an eighth of the size for most of its depth, and a small decoder. 0.36 million parameters. Trained in
one piece here; the paper trains the encoder first. `activation` is used throughout.
"""

from torch import nn

from bottlenecks import ACTIVATIONS, Beginning, Bottleneck, Downsampling, Upsampling

#: Bottlenecks of the second and third stage: a dilation, or "asymmetric".
WIDTHS = (1, 2, "asymmetric", 4, 1, 8, "asymmetric", 16)


class ENet(nn.Module):
    """Scores for each class and pixel; width and height of the images must be multiples of 8."""

    def __init__(self, classes, activation):
        super().__init__()
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, got {activation!r}")
        self.beginning = Beginning(activation)
        self.down_1 = Downsampling(16, 64, activation, dropout=0.01)
        self.stage_1 = nn.Sequential(*(Bottleneck(64, 1, activation, dropout=0.01) for _ in range(4)))
        self.down_2 = Downsampling(64, 128, activation, dropout=0.1)
        self.stages_2_and_3 = nn.Sequential(*(Bottleneck(128, width, activation, dropout=0.1) for width in WIDTHS * 2))
        self.up_4 = Upsampling(128, 64, activation, dropout=0.1)
        self.stage_4 = nn.Sequential(*(Bottleneck(64, 1, activation, dropout=0.1) for _ in range(2)))
        self.up_5 = Upsampling(64, 16, activation, dropout=0.1)
        self.stage_5 = Bottleneck(16, 1, activation, dropout=0.1)
        self.ending = nn.ConvTranspose2d(16, classes, 2, stride=2)

    def forward(self, images):
        x, places_1 = self.down_1(self.beginning(images))
        x, places_2 = self.down_2(self.stage_1(x))
        x = self.stage_4(self.up_4(self.stages_2_and_3(x), places_2))
        return self.ending(self.stage_5(self.up_5(x, places_1)))
