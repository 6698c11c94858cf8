"""DeepFM (Guo et al. 2017, "DeepFM: A Factorization-Machine based Neural Network for CTR Prediction").

A factorisation machine and a network share one embedding for each value of each field. The machine adds a weight for each value
and the dot product of each pair of fields; the network reads all embeddings side by side. The score is the sum of both.
"""

import torch
from torch import nn


class DeepFM(nn.Module):
    """`sizes`: how many values each field has. `genres` (movies x genres) is one more field: the mean over a movie's genres."""

    def __init__(self, sizes, genres, embedding_size, mlp_hidden_size, num_mlp_layers, dropout_prob):
        super().__init__()
        self.register_buffer("starts", torch.tensor([0, *sizes[:-1]]).cumsum(0), persistent=False)
        self.register_buffer("genres", genres, persistent=False)
        values = sum(sizes)
        self.bias = nn.Parameter(torch.zeros(()))
        self.weights = nn.Embedding(values, 1)
        self.genre_weights = nn.Embedding(genres.shape[1], 1)
        self.embeddings = nn.Embedding(values, embedding_size)
        self.genre_embeddings = nn.Embedding(genres.shape[1], embedding_size)
        for table in (self.weights, self.genre_weights, self.embeddings, self.genre_embeddings):
            nn.init.normal_(table.weight, std=0.01)
        self.network = build_network((len(sizes) + 1) * embedding_size, mlp_hidden_size, num_mlp_layers, dropout_prob)

    def forward(self, fields):
        """(the score before the sigmoid, the embeddings: ratings x fields x embedding size)."""
        shares = self.genres[fields[:, 1]]
        values = fields + self.starts
        linear = self.weights(values).sum(dim=(1, 2)) + (shares @ self.genre_weights.weight).squeeze(1)
        embeddings = torch.cat([self.embeddings(values), (shares @ self.genre_embeddings.weight).unsqueeze(1)], dim=1)
        # The sum over all pairs of dot products, without going through the pairs (Rendle 2010).
        pairs = (embeddings.sum(dim=1).square() - embeddings.square().sum(dim=1)).sum(dim=1) / 2
        return self.bias + linear + pairs + self.network(embeddings.flatten(1)).squeeze(1), embeddings


def build_network(inputs, hidden_size, layers, dropout):
    parts = []
    for _ in range(layers):
        parts += [nn.Linear(inputs, hidden_size), nn.ReLU(), nn.Dropout(dropout)]
        inputs = hidden_size
    return nn.Sequential(*parts, nn.Linear(inputs, 1))
