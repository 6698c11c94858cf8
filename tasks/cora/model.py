"""A graph convolutional network: each layer mixes a node's features with its neighbours' (Kipf and Welling 2017,
"Semi-Supervised Classification with Graph Convolutional Networks")."""

from torch import nn
from torch.nn.functional import dropout, elu, relu, silu
from torch_geometric.nn import GCNConv

from sparse_rows import drop_entries

ACTIVATIONS = {"relu": relu, "elu": elu, "silu": silu}


class GCN(nn.Module):
    """`num_layers` convolutions, each after dropout; the last one gives the scores of the classes."""

    def __init__(self, features, hidden_size, classes, num_layers, activation, dropout):
        super().__init__()
        check_choice("activation", activation, ACTIVATIONS)
        sizes = [features, *[hidden_size] * (num_layers - 1), classes]
        # The graph never changes, so that its normalisation is worked out once.
        self.layers = nn.ModuleList(GCNConv(size_in, size_out, cached=True) for size_in, size_out in zip(sizes, sizes[1:]))
        self.activation = ACTIVATIONS[activation]
        self.dropout = dropout

    def forward(self, features, adjacency):
        """Features and adjacency are sparse rows (CSR); the scores are dense."""
        first, *others = self.layers
        x = first(drop_entries(features, self.dropout, self.training), adjacency)
        for layer in others:
            x = layer(dropout(self.activation(x), self.dropout, self.training), adjacency)
        return x


def check_choice(name, value, choices):
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {value!r}")
