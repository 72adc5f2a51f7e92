"""Makes labelled training runs for fitting the diagnosis (reference section E). Usage: make.py OUT COUNT FIRST_SEED [SHARE/SHARES]

Writes one JSON document a line into OUT. Every run is labelled by effect: anomalous when more than 30 % of its evals after burn-in have
d > .05 and its mean d exceeds that of its twin (same seed, cause left out) by .05.
"""
import json
import math
import sys

import numpy as np
import torch

from tasks import HELD_OUT, OVERFIT_SIZE, REGRESSION, SEQUENCE, TASKS, LENGTH
from train import Run, twin_of

torch.set_num_threads(1)

SINGLES = {
    'H1': lambda r: {'dropout': r.choice([.3, .4, .5, .6])},
    'H2': lambda r: {'augment': r.choice([.5, .8, 1.2]), 'shift': True},
    'H3': lambda r: {'mixup': r.choice([.4, 1.0])},
    'H5': lambda r: {'hard': r.choice([.5, 1.0])},
    'O1': lambda r: {'smoothing': r.choice([.1, .2])},
    'O2': lambda r: {'l2': r.choice([1e-3, 3e-3])},
    'O3': lambda r: {'aux': r.choice([.1, .3]), 'aux_kind': r.choice(['balance', 'z', 'deep'])},
    'O4': lambda r: {'class_weights': r.choice([.5, 1.0])},
    'O5': lambda r: {'double_softmax': r.choice(['train', 'train', 'val'])},
    'S1': lambda r: {'scale': r.choice([2., 4., 8., .25, 2., 4.])},
    'S2': lambda r: {'sum': True},
    'S3': lambda r: {'pad': r.choice([.3, .5])},
    'S4': lambda r: {'rank': int(r.choice([4, 8, 16]))},
    'E1': lambda r: {'ema': r.choice([.99, .995])},
    'D1': lambda r: {'easy': r.choice([.5, .7])},
    'D2': lambda r: {'prior': r.choice([.3, .5])},
    'D3': lambda r: {'leak': r.choice([.5, 1.0]), 'dropout': r.choice([.4, .5])},
    'D4': lambda r: {'train_noise': r.choice([.1, .25])},
    'D5': lambda r: {'tiny': int(r.choice([25, 40]))},
    'L2': lambda r: {'log_smooth': r.choice([.98, .99])},
}
PAIRS = [('H1', 'H2'), ('H1', 'O1'), ('O1', 'D1'), ('S1', 'H1'), ('L1', 'H2'), ('O2', 'H1'), ('D1', 'H1'), ('D3', 'H1'), ('H3', 'O1'), ('E1', 'H2'), ('O4', 'H1'), ('D4', 'L2')]
FAULTS = {'nan': 'B1', 'spike': 'B2', 'diverge': 'B3', 'plateau': 'B4', 'frozen': 'B7', 'slow': 'B9'}
DISTRACTORS = [{'dropout': .05}, {'augment': .12}, {'smoothing': .01}, {'l2': 1e-6}, {'wd': .02}, {'accum_key': 2}]


def possible(task, cause):
    if task in REGRESSION:
        return cause not in ('O1', 'O4', 'O5', 'D2')
    if task in SEQUENCE:
        return cause not in ('D2', 'O4', 'H3')
    return True


def plain(value):
    return value.item() if isinstance(value, np.generic) else value


def course(run):
    t = np.array([e[1] for e in run['evals']])
    v = np.array([e[3] for e in run['evals']])
    floor = 1e-3 * max(t[0], v[0])
    t, v = np.maximum(t, floor), np.maximum(v, floor)
    return np.log(np.sqrt(t[:-1] * t[1:]) / v[:-1])


def label(run, twin):
    with np.errstate(all='ignore'):
        d = course(run)
        burn = max(2, math.ceil(.05 * len(run['evals'])))
        late = d[burn:]
        below, above = float(np.mean(late > .05)), float(np.mean(late < -.05))
        mean = float(np.nanmean(late)) if np.isfinite(late).any() else None
        other = float(np.nanmean(course(twin)[burn:])) if twin else None
    down = twin is not None and mean is not None and below > .3 and mean - other >= .05
    up = twin is not None and mean is not None and above > .3 and mean - other <= -.2 and run['options'].keys() & {'scale', 'double_softmax', 'sum'}
    onset = next((i for i in range(burn, len(d)) if d[i] > .05), None) if down else next((i for i in range(burn, len(d)) if d[i] < -.05), None) if up else None
    return {'anomalous': bool(down or up), 'direction': 'val-below' if down else 'val-above' if above > .3 else 'none', 'onsetEval': onset, 'shareBelow': below,
            'shareAbove': above, 'meanGap': mean, 'twinMeanGap': other, 'ambiguous': bool(not down and below > .1),
            'clear': bool((down and below >= .5 or up and above >= .5) and len(run['evals']) >= 20)}


def draw(rng, tasks):
    """(kind, task, causes, options, epochs, n_train)"""
    task = str(rng.choice(tasks))
    kind = str(rng.choice(['single', 'pair', 'healthy', 'overfit', 'lag', 'fault'], p=[.60, .12, .14, .05, .05, .04]))
    options = {}
    variant = rng.integers(0, 5)
    if variant == 1:
        options['cosine'] = True
    if variant == 2 and task != 'diabetes':
        options['optimizer'] = 'sgd'
    if variant == 3:
        options['lr'] = 3e-3
    epochs, n_train, causes = None, None, []
    if kind == 'single':
        causes = [str(rng.choice([c for c in SINGLES if possible(task, c)]))]
    if kind == 'pair':
        fits = [p for p in PAIRS if all(possible(task, c) for c in p)]
        causes = list(fits[rng.integers(0, len(fits))])
    for cause in causes:
        if cause != 'L1':
            options.update({k: plain(v) for k, v in SINGLES[cause](rng).items()})
    if kind == 'lag' or 'L1' in causes:
        epochs = int(rng.choice([10, 14, 20]))
    if kind == 'overfit':
        n_train = OVERFIT_SIZE[task]
    if kind == 'fault':
        options['fault'] = str(rng.choice(list(FAULTS)))
        if options['fault'] == 'slow':
            options['lr'] = 1e-6
    if kind in ('single', 'pair') and rng.random() < .5 and LENGTH[task][1] >= 30:
        epochs = int(LENGTH[task][1] * rng.choice([.5, .6, .75]))
    if rng.random() < .4 and not (set(causes) & {'D3'}):
        extra = DISTRACTORS[rng.integers(0, len(DISTRACTORS))]
        if not (set(extra) & set(options)):
            options.update(extra)
            options['distractor'] = next(iter(extra))
    return kind, task, causes, options, epochs, n_train


def contributions(run, task, seed, causes, options, epochs, n_train):
    """Share of each cause of a pair: how much mean d falls when it is left out."""
    shares = {}
    for cause in causes:
        if cause == 'L1':
            continue
        keys = set(SINGLES[cause](np.random.default_rng(0)))
        if cause == 'D3':
            keys -= {'dropout'}
        rest = {k: v for k, v in options.items() if k not in keys}
        other = Run(task, seed, rest, epochs, n_train).go()
        a, b = course(run), course(other)
        burn = max(2, math.ceil(.05 * len(run['evals'])))
        shares[cause] = float(np.nanmean(a[burn:]) - np.nanmean(b[burn:]))
    return shares


def main():
    out, count, first = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    tasks = TASKS if len(sys.argv) < 5 else sys.argv[4].split(',')
    twins = {}
    with open(out, 'a') as file:
        for n in range(count):
            seed = first + n
            rng = np.random.default_rng([seed, 11])
            kind, task, causes, options, epochs, n_train = draw(rng, tasks)
            run = Run(task, seed, options, epochs, n_train).go()
            twin = twin_of(task, seed, options, epochs, n_train) if causes else None
            truth = label(run, twin)
            shares = contributions(run, task, seed, causes, options, epochs, n_train) if len(causes) > 1 or causes == ['D3'] else None
            if causes == ['D3']:
                drop = {k: v for k, v in options.items() if k != 'dropout'}
                shares['H1'] = (truth['meanGap'] or 0) - float(np.nanmean(course(Run(task, seed, drop, epochs, n_train).go())[2:]))
            run.update(kind=kind, injected=causes, truth=truth, contributions=shares, heldOut=task in HELD_OUT)
            run['steps'] = [float(f'{x:.6g}') for x in run['steps']]
            run['grad'] = [float(f'{x:.4g}') for x in run['grad']]
            run['lr'] = None if len(set(run['lr'])) == 1 else [float(f'{x:.4g}') for x in run['lr']]
            run['rate'] = run['options'].get('lr', 1e-3) * (50 if run['options'].get('optimizer') == 'sgd' else 1)
            file.write(json.dumps(run) + '\n')
            file.flush()


if __name__ == '__main__':
    main()
