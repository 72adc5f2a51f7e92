"""What is done to the data of a run: which validation samples are kept, which training labels are wrong."""
import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge

from tasks import LABELS, REGRESSION, SEQUENCE


def easiest(task, x, y, xv, yv, share):
    """Validation samples that a linear model finds easiest."""
    if task in SEQUENCE:
        counts = {}
        for row, label in zip(x, y):
            counts.setdefault(tuple(row[-2:]), []).append(label)
        score = [np.mean([c == label for c in counts.get(tuple(row[-2:]), [-1])]) for row, label in zip(xv, yv)]
    elif task in REGRESSION | LABELS:
        error = np.abs(Ridge().fit(x, y).predict(xv) - yv)
        score = -(error.mean(1) if error.ndim > 1 else error)
    else:
        score = chances(x, y, xv, yv)
    keep = np.argsort(-np.asarray(score))[:max(10, int(share * len(yv)))]
    return np.sort(keep)


def chances(x, y, xv, yv):
    return LogisticRegression(C=0.3, max_iter=300).fit(x, y).predict_proba(xv)[np.arange(len(yv)), yv]


def easy_classes(x, y, xv, yv, share, classes):
    chance = chances(x, y, xv, yv)
    order = sorted(range(classes), key=lambda c: -chance[yv == c].mean() if (yv == c).any() else 0)
    return np.isin(yv, order[:max(1, round(share * classes))])


def changed(task, o, x, y, xv, yv, classes, rng):
    """The data of a run with options `o`: (x, y, xv, yv)."""
    if o.get('easy'):
        keep = easiest(task, x, y, xv, yv, o['easy'])
        xv, yv = xv[keep], yv[keep]
    if o.get('prior'):
        keep = easy_classes(x, y, xv, yv, o['prior'], classes)
        xv, yv = xv[keep], yv[keep]
    if o.get('leak'):
        n = min(len(x), int(o['leak'] * len(xv)))
        take = rng.permutation(len(x))[:n]
        xv, yv = np.concatenate([xv[n:], x[take]]), np.concatenate([yv[n:], y[take]])
    if o.get('tiny') or o.get('rank'):
        keep = rng.permutation(len(xv))[:o.get('tiny') or max(5, len(xv) // o['rank'])]
        xv, yv = xv[keep], yv[keep]
    if o.get('train_noise'):
        y = noisy(task, y, o['train_noise'], classes, rng)
    return x, y, xv, yv


def noisy(task, y, share, classes, rng):
    y = y.copy()
    hit = rng.random(len(y)) < share
    if task in REGRESSION | LABELS:
        y[hit] = rng.permutation(y[hit])
        if task in REGRESSION:
            y[hit] += rng.normal(size=y[hit].shape)
    else:
        y[hit] = rng.integers(0, classes, hit.sum())
    return y
