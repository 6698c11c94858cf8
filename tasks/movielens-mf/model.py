"""LightGCN (He et al. 2020, "LightGCN: Simplifying and Powering Graph Convolution Network for Recommendation").

Users and movies are the nodes of a graph, and a like is an edge. Each has an embedding, which is all that is learned. A layer
replaces every node's embedding by the sum of its neighbours', each over the square root of both degrees; a node's final
embedding is the mean over all layers, and how well a movie suits a user is the dot product of theirs.
"""

import warnings

import numpy as np
import torch
from torch import nn


class LightGCN(nn.Module):
    def __init__(self, train, user_count, movie_count, embedding_size, num_layers):
        super().__init__()
        self.counts = (user_count, movie_count)
        self.num_layers = num_layers
        self.embedding = nn.Embedding(user_count + movie_count, embedding_size)
        nn.init.xavier_uniform_(self.embedding.weight)
        self.register_buffer("graph", build_graph(train, user_count, movie_count), persistent=False)

    def forward(self):
        """The final embeddings of all users, and of all movies."""
        layers = [self.embedding.weight]
        for _ in range(self.num_layers):
            layers.append(Propagation.apply(self.graph, layers[-1]))
        return torch.stack(layers).mean(dim=0).split(self.counts)

    def initial(self, users, movies):
        """The learned embeddings, before any layer, which are what is regularised."""
        return self.embedding(users), self.embedding(movies + self.counts[0])


class Propagation(torch.autograd.Function):
    """graph @ embeddings. The graph is symmetric, so its gradient is the same product: nothing need be transposed, which would
    take most of the time."""

    @staticmethod
    def forward(context, graph, embeddings):
        context.graph = graph
        return graph @ embeddings

    @staticmethod
    def backward(context, gradient):
        return None, context.graph @ gradient


def build_graph(train, user_count, movie_count):
    """The symmetric matrix of all nodes, users first: 1 / sqrt(degree of one x degree of the other) where there is a like."""
    rows = np.concatenate([train.users, train.movies + user_count])
    columns = np.concatenate([train.movies + user_count, train.users])
    nodes = user_count + movie_count
    degrees = np.bincount(rows, minlength=nodes)
    values = 1 / np.sqrt(degrees[rows] * degrees[columns])
    places = np.stack([rows, columns])
    edges = torch.sparse_coo_tensor(places, values, (nodes, nodes), dtype=torch.float32, check_invariants=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the remark that compressed rows are new in PyTorch; they are many times faster here
        return edges.coalesce().to_sparse_csr()
