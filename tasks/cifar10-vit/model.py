"""A small Vision Transformer (Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words") for 32 x 32 images.

The image is cut into square patches; each becomes a vector, to which the place it has is added. Encoder layers let the
patches look at each other; the mean of what comes out is classified (the paper's other choice beside a class token).
"""

import torch
from torch import nn

IMAGE_SIZE = 32


def build_network(config, classes):
    return VisionTransformer(config["patch_size"], config["dimensions"], config["depth"], config["heads"], classes)


class VisionTransformer(nn.Module):
    """`dimensions` is the length of a patch's vector, a multiple of `heads`; `depth` counts the encoder layers."""

    def __init__(self, patch_size, dimensions, depth, heads, classes):
        super().__init__()
        if IMAGE_SIZE % patch_size:
            raise ValueError(f"patch_size must divide {IMAGE_SIZE}, got {patch_size}")
        patches = (IMAGE_SIZE // patch_size) ** 2
        self.embed = nn.Conv2d(3, dimensions, kernel_size=patch_size, stride=patch_size)
        self.positions = nn.Parameter(torch.empty(1, patches, dimensions))
        nn.init.trunc_normal_(self.positions, std=0.02)
        layer = nn.TransformerEncoderLayer(
            dimensions, heads, 4 * dimensions, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, depth, norm=nn.LayerNorm(dimensions), enable_nested_tensor=False)
        self.classifier = nn.Linear(dimensions, classes)

    def forward(self, images):
        patches = self.embed(images).flatten(2).transpose(1, 2)
        return self.classifier(self.encoder(patches + self.positions).mean(dim=1))
