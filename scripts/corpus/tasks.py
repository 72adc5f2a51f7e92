"""Small training tasks on bundled or synthetic data: inputs, targets, a model, batch size and length. CPU, seconds each."""
import numpy as np
import torch
from sklearn import datasets

REGRESSION = {'diabetes', 'waves'}
SEQUENCE = {'charlm', 'gru_charlm'}
HELD_OUT = {'iris', 'gru_charlm', 'blobs_steps'}


def standard(train, val):
    mean, sd = train.mean(0), train.std(0) + 1e-6
    return (train - mean) / sd, (val - mean) / sd


def split(x, y, n_train, n_val, rng):
    order = rng.permutation(len(x))
    a, b = order[:n_train], order[n_train:n_train + n_val]
    return x[a], y[a], x[b], y[b]


def markov(rng, order, vocab, concentration, length):
    table = rng.dirichlet(np.full(vocab, concentration), size=vocab ** order)
    text = list(rng.integers(0, vocab, order))
    for _ in range(length):
        state = 0
        for symbol in text[-order:]:
            state = state * vocab + symbol
        text.append(rng.choice(vocab, p=table[state]))
    return np.array(text)


def windows(text, size):
    x = np.stack([text[i:i + size] for i in range(len(text) - size)])
    return x, text[size:]


def blobs(rng, n, d, k):
    w1, w2 = rng.normal(size=(d, 24)) / np.sqrt(d), rng.normal(size=(24, k)) / np.sqrt(24)
    x = rng.normal(size=(n, d))
    logits = 6 * np.tanh(x @ w1 * 1.5) @ w2 + rng.gumbel(size=(n, k))
    return x, logits.argmax(1)


def spirals(rng, n, k):
    y = rng.integers(0, k, n)
    t = rng.uniform(0.3, 2.2, n)
    angle = 3 * t + 2 * np.pi * y / k
    x = np.stack([t * np.cos(angle), t * np.sin(angle)], 1) + rng.normal(size=(n, 2)) * 0.12
    return x, y


def bag_of_words(rng, n, words, k):
    topics = rng.dirichlet(np.full(words, 0.08), size=k)
    y = rng.integers(0, k, n)
    x = np.stack([rng.multinomial(25, 0.8 * topics[c] + 0.2 / words) for c in y]).astype(float)
    return np.sqrt(x), y


def load(task, rng):
    """(x train, y train, x val, y val, classes or None)."""
    if task in ('digits_mlp', 'digits_cnn', 'digits_bn'):
        data = datasets.load_digits()
        x, y, xv, yv = split(data.data / 16.0, data.target, 1200, 597, rng)
        return x, y, xv, yv, 10
    if task in ('cancer', 'wine', 'iris'):
        data = {'cancer': datasets.load_breast_cancer, 'wine': datasets.load_wine, 'iris': datasets.load_iris}[task]()
        n = {'cancer': (400, 169), 'wine': (118, 60), 'iris': (100, 50)}[task]
        x, y, xv, yv = split(data.data, data.target, *n, rng)
        x, xv = standard(x, xv)
        return x, y, xv, yv, int(data.target.max()) + 1
    if task == 'diabetes':
        data = datasets.load_diabetes()
        x, y, xv, yv = split(data.data, (data.target - data.target.mean()) / data.target.std(), 310, 132, rng)
        x, xv = standard(x, xv)
        return x, y, xv, yv, None
    if task == 'waves':
        x = rng.uniform(-2, 2, (900, 4))
        y = np.sin(2 * x[:, 0]) + 0.5 * x[:, 1] * x[:, 2] + 0.3 * rng.normal(size=900)
        x, y, xv, yv = split(x, (y - y.mean()) / y.std(), 600, 300, rng)
        return x, y, xv, yv, None
    if task in ('blobs', 'blobs_steps'):
        k, d = (6, 16) if task == 'blobs' else (4, 12)
        x, y = blobs(rng, 6000, d, k)
        return (*split(x, y, 4800, 1200, rng), k)
    if task == 'spirals':
        x, y = spirals(rng, 1300, 3)
        return (*split(x, y, 900, 400, rng), 3)
    if task == 'words':
        x, y = bag_of_words(rng, 2000, 200, 5)
        return (*split(x, y, 1500, 500, rng), 5)
    order, vocab, size = (2, 20, 4) if task == 'charlm' else (2, 12, 8)
    text = markov(rng, order, vocab, 0.12 if task == 'charlm' else 0.2, 11500)
    x, y = windows(text[:9000], size)
    xv, yv = windows(text[9000:], size)
    return x, y, xv, yv, vocab


class Net(torch.nn.Module):
    """An MLP, small CNN, window or recurrent language model; dropout after hidden layers, exposes its last hidden layer."""

    def __init__(self, task, inputs, outputs, dropout, double_softmax):
        super().__init__()
        nn = torch.nn
        self.task, self.double = task, double_softmax
        self.drop = nn.Dropout(dropout)
        if task == 'digits_cnn':
            self.c1, self.c2 = nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 24, 3, padding=1)
            self.body = nn.ModuleList([nn.Linear(24 * 4, 64)])
            width = 64
        elif task == 'charlm':
            self.embed = nn.Embedding(outputs, 16)
            self.body = nn.ModuleList([nn.Linear(16 * inputs, 96)])
            width = 96
        elif task == 'gru_charlm':
            self.embed, self.gru = nn.Embedding(outputs, 16), nn.GRU(16, 48, batch_first=True)
            self.body = nn.ModuleList([])
            width = 48
        else:
            width = 24 if task in ('wine', 'iris') else 64
            self.body = nn.ModuleList([nn.Linear(inputs, width), nn.Linear(width, width)])
        self.norm = nn.BatchNorm1d(width) if task == 'digits_bn' else None
        self.head = nn.Linear(width, outputs)

    def forward(self, x):
        if self.task == 'digits_cnn':
            x = torch.relu(self.c1(x.view(-1, 1, 8, 8)))
            x = torch.nn.functional.max_pool2d(x, 2)
            x = torch.relu(self.c2(x))
            x = torch.nn.functional.max_pool2d(x, 2).flatten(1)
        elif self.task == 'charlm':
            x = self.embed(x).flatten(1)
        elif self.task == 'gru_charlm':
            x = self.drop(self.gru(self.embed(x))[0][:, -1])
        for layer in self.body:
            x = torch.relu(layer(x))
            if self.norm is not None and layer is self.body[0]:
                x = self.norm(x)
            x = self.drop(x)
        return self.head(x)


LENGTH = {'digits_mlp': (32, 40), 'digits_cnn': (32, 40), 'digits_bn': (32, 40), 'cancer': (32, 80), 'wine': (32, 80), 'iris': (16, 60),
          'diabetes': (32, 80), 'waves': (32, 50), 'blobs': (64, 40), 'blobs_steps': (64, 20), 'spirals': (32, 50), 'words': (32, 40),
          'charlm': (64, 20), 'gru_charlm': (64, 14)}
OVERFIT_SIZE = {'digits_mlp': 150, 'digits_cnn': 150, 'digits_bn': 150, 'cancer': 60, 'wine': 36, 'iris': 30, 'diabetes': 60, 'waves': 80,
                'blobs': 300, 'blobs_steps': 300, 'spirals': 100, 'words': 120, 'charlm': 600, 'gru_charlm': 600}
TASKS = list(LENGTH)
