"""Small training tasks on bundled or synthetic data: inputs, targets, kind of network, batch size and length."""
import numpy as np
from sklearn import datasets

REGRESSION = {'diabetes', 'waves', 'friedman', 'autoencoder', 'sensors', 'signals'}
SEQUENCE = {'charlm', 'gru_charlm', 'attention_lm', 'bigram_lm'}
LABELS = {'multilabel', 'ranking'}
IMAGES = {'digits_mlp', 'digits_cnn', 'digits_bn', 'autoencoder', 'shapes_cnn', 'glyphs_cnn'}
STEPPED = {'blobs_steps', 'rings_steps'}

# network, batch size, epochs, training samples of an overfitting run
TASKS = {
    'digits_mlp': ('mlp', 32, 40, 150), 'digits_cnn': ('cnn', 32, 30, 150), 'digits_bn': ('bn', 32, 40, 150), 'cancer': ('mlp', 32, 80, 60),
    'wine': ('narrow', 32, 80, 36), 'iris': ('narrow', 16, 60, 30), 'diabetes': ('mlp', 32, 80, 60), 'waves': ('mlp', 32, 50, 80),
    'blobs': ('mlp', 64, 40, 300), 'blobs_steps': ('mlp', 64, 20, 300), 'spirals': ('mlp', 32, 50, 100), 'words': ('mlp', 32, 40, 120),
    'charlm': ('window', 64, 20, 600), 'gru_charlm': ('gru', 64, 14, 600), 'mixture': ('mlp', 32, 40, 150), 'autoencoder': ('mlp', 32, 40, 100),
    'multilabel': ('mlp', 32, 40, 120),
    'friedman': ('mlp', 32, 50, 80), 'attention_lm': ('transformer', 64, 20, 600), 'shapes_cnn': ('cnn', 32, 30, 120), 'rings_steps': ('mlp', 32, 30, 100),
    'checkers': ('mlp', 32, 50, 80), 'planes': ('mlp', 64, 40, 200), 'sensors': ('mlp', 64, 40, 120), 'signals': ('mlp', 32, 40, 80),
    'ranking': ('mlp', 32, 30, 150), 'bigram_lm': ('window', 64, 20, 500), 'glyphs_cnn': ('cnn', 32, 25, 150),
}
# Never fitted on: the honest test.
UNSEEN = ('friedman', 'attention_lm', 'shapes_cnn', 'rings_steps', 'planes', 'ranking')


def standard(train, val):
    mean, sd = train.mean(0), train.std(0) + 1e-6
    return (train - mean) / sd, (val - mean) / sd


def split(x, y, n_train, n_val, rng):
    order = rng.permutation(len(x))
    a, b = order[:n_train], order[n_train:n_train + n_val]
    return x[a], y[a], x[b], y[b]


def markov(rng, order, vocab, concentration, length):
    table = rng.dirichlet(np.full(vocab, concentration), size=vocab ** order).cumsum(1)
    text, u = list(rng.integers(0, vocab, order)), rng.random(length)
    for i in range(length):
        state = 0
        for symbol in text[-order:]:
            state = state * vocab + symbol
        text.append(min(vocab - 1, int(np.searchsorted(table[state], u[i]))))
    return np.array(text)


def windows(text, size):
    return np.stack([text[i:i + size] for i in range(len(text) - size)]), text[size:]


def blobs(rng, n, d, k):
    w1, w2 = rng.normal(size=(d, 24)) / np.sqrt(d), rng.normal(size=(24, k)) / np.sqrt(24)
    x = rng.normal(size=(n, d))
    return x, (6 * np.tanh(x @ w1 * 1.5) @ w2 + rng.gumbel(size=(n, k))).argmax(1)


def spirals(rng, n, k):
    y = rng.integers(0, k, n)
    t = rng.uniform(0.3, 2.2, n)
    angle = 3 * t + 2 * np.pi * y / k
    return np.stack([t * np.cos(angle), t * np.sin(angle)], 1) + rng.normal(size=(n, 2)) * 0.12, y


def rings(rng, n):
    y = rng.integers(0, 4, n)
    radius, angle = 0.5 + 0.5 * y + 0.16 * rng.normal(size=n), rng.uniform(0, 2 * np.pi, n)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), *rng.normal(size=(3, n))], 1), y


def bag_of_words(rng, n, words, k):
    topics = rng.dirichlet(np.full(words, 0.08), size=k)
    y = rng.integers(0, k, n)
    return np.sqrt(np.stack([rng.multinomial(25, 0.8 * topics[c] + 0.2 / words) for c in y])), y


def mixture(rng, n, d, k):
    centres = rng.normal(size=(k, d)) * 1.3
    y = rng.integers(0, k, n)
    return centres[y] + rng.normal(size=(n, d)), y


def shapes(rng, n):
    """8 x 8 images of bars, crosses, frames and blobs under noise: 5 classes."""
    y, x = rng.integers(0, 5, n), 0.35 * rng.random((n, 8, 8))
    for i in range(n):
        r, c = rng.integers(0, 5, 2)
        if y[i] in (0, 2):
            x[i, r + 1, c:c + 4] += 0.7
        if y[i] in (1, 2):
            x[i, r:r + 4, c + 1] += 0.7
        if y[i] == 3:
            x[i, r:r + 4, c:c + 4] += 0.6
            x[i, r + 1:r + 3, c + 1:c + 3] -= 0.6
        if y[i] == 4:
            x[i, r:r + 3, c:c + 3] += 0.5
    return x.reshape(n, 64), y


def checkers(rng, n):
    """A board of 3 x 3 fields with two columns of noise: 2 classes, 6 % of labels wrong."""
    x = rng.uniform(0, 3, (n, 2))
    y = (np.floor(x).sum(1).astype(int) + (rng.random(n) < 0.06)) % 2
    return np.concatenate([2 * x - 3, rng.normal(size=(n, 2)) * 0.5], 1), y


def planes(rng, n, d, k):
    """Unequal classes cut by planes."""
    x = rng.normal(size=(n, d))
    return x, (2.5 * x @ rng.normal(size=(d, k)) / np.sqrt(d) + np.log(np.arange(1, k + 1)) + rng.gumbel(size=(n, k))).argmax(1)


def sensors(rng, n):
    """Readings in their own unit, so that the squared error starts in the hundreds; the noise grows with the signal."""
    x = rng.normal(size=(n, 8))
    y = 10 * np.tanh(x[:, 0] + x[:, 1] * x[:, 2]) + 5 * np.abs(x[:, 3]) + x[:, 4:6].sum(1)
    return x, y - y.mean() + 2 * rng.normal(size=n) * (1 + np.abs(x[:, 6]))


def signals(rng, n, length):
    """Sums of two sines under noise, to be reproduced through the layers."""
    t = np.arange(length) / length
    waves = [rng.uniform(0.5, 1, (n, 1)) * np.sin(2 * np.pi * (rng.uniform(1, 4, (n, 1)) * t + rng.random((n, 1)))) for _ in range(2)]
    return sum(waves) + 0.15 * rng.normal(size=(n, length))


def ranking(rng, n, d):
    """Which of two items is preferred (logistic loss of pairs)."""
    a, b, taste = rng.normal(size=(n, d)), rng.normal(size=(n, d)), rng.normal(size=d)
    worth = lambda x: 2 * np.tanh(x @ taste / 2) + x[:, 0] * x[:, 1]
    return np.concatenate([a, b], 1), (worth(a) - worth(b) + rng.logistic(size=n) > 0).astype(float)[:, None]


def glyphs(rng, n):
    """Ten random 5 x 5 patterns, moved about on 8 x 8 pixels under noise."""
    patterns = np.random.default_rng(int(rng.integers(1 << 30))).random((10, 5, 5)) < 0.45
    y, x = rng.integers(0, 10, n), 0.45 * rng.random((n, 8, 8))
    for i in range(n):
        r, c = rng.integers(0, 4, 2)
        x[i, r:r + 5, c:c + 5] += 0.5 * patterns[y[i]]
    return x.reshape(n, 64), y


def load(task, rng):
    """(x train, y train, x val, y val, classes or None)."""
    if task in ('digits_mlp', 'digits_cnn', 'digits_bn', 'autoencoder'):
        data = datasets.load_digits()
        x, y, xv, yv = split(data.data / 16.0, data.target, 1200, 597, rng)
        return (x, x, xv, xv, None) if task == 'autoencoder' else (x, y, xv, yv, 10)
    if task in ('cancer', 'wine', 'iris'):
        data = {'cancer': datasets.load_breast_cancer, 'wine': datasets.load_wine, 'iris': datasets.load_iris}[task]()
        x, y, xv, yv = split(data.data, data.target, *{'cancer': (400, 169), 'wine': (118, 60), 'iris': (100, 50)}[task], rng)
        return (*both(x, y, xv, yv), int(data.target.max()) + 1)
    if task == 'diabetes':
        data = datasets.load_diabetes()
        return (*both(*split(data.data, scaled(data.target), 310, 132, rng)), None)
    if task == 'waves':
        x = rng.uniform(-2, 2, (900, 4))
        return (*split(x, scaled(np.sin(2 * x[:, 0]) + 0.5 * x[:, 1] * x[:, 2] + 0.3 * rng.normal(size=900)), 600, 300, rng), None)
    if task == 'friedman':
        x, y = datasets.make_friedman1(1200, noise=1.5, random_state=int(rng.integers(1 << 30)))
        return (*both(*split(x, scaled(y), 800, 400, rng)), None)
    if task == 'sensors':
        return (*split(*sensors(rng, 2000), 1500, 500, rng), None)
    if task == 'signals':
        x = signals(rng, 1400, 24)
        return (*split(x, x, 1000, 400, rng), None)
    if task == 'ranking':
        return (*split(*ranking(rng, 2000, 8), 1500, 500, rng), None)
    made = {'blobs': lambda: (*blobs(rng, 6000, 16, 6), 4800, 1200, 6), 'blobs_steps': lambda: (*blobs(rng, 6000, 12, 4), 4800, 1200, 4),
            'spirals': lambda: (*spirals(rng, 1300, 3), 900, 400, 3), 'rings_steps': lambda: (*rings(rng, 1500), 1000, 500, 4),
            'words': lambda: (*bag_of_words(rng, 2000, 200, 5), 1500, 500, 5), 'mixture': lambda: (*mixture(rng, 2000, 12, 20), 1400, 600, 20),
            'shapes_cnn': lambda: (*shapes(rng, 1400), 1000, 400, 5), 'checkers': lambda: (*checkers(rng, 2000), 1500, 500, 2),
            'planes': lambda: (*planes(rng, 3000, 20, 8), 2400, 600, 8), 'glyphs_cnn': lambda: (*glyphs(rng, 1400), 1000, 400, 10)}
    if task in made:
        x, y, n, m, k = made[task]()
        return (*split(x, y, n, m, rng), k)
    if task == 'multilabel':
        x = rng.normal(size=(1700, 20))
        logits = 2.5 * np.tanh(x @ rng.normal(size=(20, 16)) / 3) @ rng.normal(size=(16, 6)) / 2 + rng.logistic(size=(1700, 6))
        return (*split(x, (logits > 0).astype(float), 1200, 500, rng), None)
    order, vocab, size, concentration = {'charlm': (2, 20, 4, .12), 'gru_charlm': (2, 12, 6, .2), 'attention_lm': (2, 16, 6, .15), 'bigram_lm': (1, 30, 3, .1)}[task]
    text = markov(rng, order, vocab, concentration, 11500)
    return (*windows(text[:9000], size), *windows(text[9000:], size), vocab)


def both(x, y, xv, yv):
    a, b = standard(x, xv)
    return a, y, b, yv


def scaled(y):
    return (y - y.mean()) / y.std()
