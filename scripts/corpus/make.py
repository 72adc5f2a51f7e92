"""Makes labelled training runs for fitting the diagnosis (reference section E). Usage: make.py OUT RUNS_A_TASK FIRST_SEED [task,task]

Writes one JSON document a line into OUT; without tasks all but those that are never fitted on. Runs of one task and length are trained together. Every run is labelled by effect: anomalous when more than 30 % of its evals after burn-in have
d > .05 and its mean d exceeds that of its twin (same seed, cause left out) by .05.
"""
import json
import math
import sys
import time

import numpy as np
import torch

from tasks import LABELS, REGRESSION, SEQUENCE, TASKS, UNSEEN
from train import Group

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


AT_ONCE = 48
TWIN = ('optimizer', 'lr', 'cosine', 'wd')


def possible(task, cause):
    if task in REGRESSION:
        return cause not in ('O1', 'O4', 'O5', 'D2')
    if task in LABELS:
        return cause not in ('O4', 'O5', 'D2')
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


def draw(rng, task):
    """(kind, causes, options, epochs, n_train)"""
    kind = str(rng.choice(['single', 'pair', 'healthy', 'overfit', 'lag', 'fault'], p=[.60, .15, .10, .05, .05, .05]))
    options = {}
    variant = rng.integers(0, 5)
    if variant == 1:
        options['cosine'] = True
    if variant == 2 and task not in REGRESSION:
        options['optimizer'] = 'sgd'
    if variant == 3:
        options['lr'] = 3e-3
    _, _, epochs, few = TASKS[task]
    n_train, causes = None, []
    if kind == 'single':
        causes = [str(rng.choice([c for c in SINGLES if possible(task, c)]))]
    if kind == 'pair':
        fits = [p for p in PAIRS if all(possible(task, c) for c in p)]
        causes = list(fits[rng.integers(0, len(fits))])
    for cause in causes:
        if cause != 'L1':
            options.update({k: plain(v) for k, v in SINGLES[cause](rng).items()})
    if kind == 'lag' or 'L1' in causes:
        epochs = 14
    if kind == 'overfit':
        n_train = few
    if kind == 'fault':
        options['fault'] = str(rng.choice(list(FAULTS)))
        if options['fault'] == 'slow':
            options['lr'] = 1e-6
    if kind in ('single', 'pair') and 'L1' not in causes and rng.random() < .4 and epochs >= 30:
        epochs = int(epochs * .55)
    if rng.random() < .4 and not (set(causes) & {'D3'}):
        extra = DISTRACTORS[rng.integers(0, len(DISTRACTORS))]
        if not (set(extra) & set(options)):
            options.update(extra)
            options['distractor'] = next(iter(extra))
    return kind, causes, options, epochs, n_train


def without(causes, options):
    """Options of the runs that tell what each cause contributes: cause to the options without it."""
    if causes == ['D3']:
        return {'D3': {k: v for k, v in options.items() if k != 'leak'}, 'H1': {k: v for k, v in options.items() if k != 'dropout'}}
    if len(causes) < 2:
        return {}
    rest = {}
    for cause in causes:
        if cause == 'L1':
            continue
        keys = set(SINGLES[cause](np.random.default_rng(0))) - ({'dropout'} if cause == 'D3' else set())
        rest[cause] = {k: v for k, v in options.items() if k not in keys}
    return rest


def train_all(task, wanted):
    """Records of all (seed, options, epochs, n_train), each different one trained once."""
    groups, found = {}, {}
    for seed, options, epochs, n_train in wanted:
        rows = groups.setdefault((epochs, n_train), {})
        rows[key_of(seed, options, epochs, n_train)] = (seed, options)
    for (epochs, n_train), rows in groups.items():
        items = list(rows.items())
        for i in range(0, len(items), AT_ONCE):
            part = items[i:i + AT_ONCE]
            for (key, _), record in zip(part, Group(task, [spec for _, spec in part], epochs, n_train).go()):
                found[key] = record
    return found


def key_of(seed, options, epochs, n_train):
    return json.dumps([seed, sorted(options.items()), epochs, n_train])


def shortened(run):
    run['steps'] = [float(f'{x:.6g}') for x in run['steps']]
    run['grad'] = [float(f'{x:.4g}') for x in run['grad']]
    run['lr'] = None if len(set(run['lr'])) == 1 else [float(f'{x:.4g}') for x in run['lr']]
    run['rate'] = run['options'].get('lr', 1e-3) * (50 if run['options'].get('optimizer') == 'sgd' else 1)
    return run


def make(task, count, first):
    plans = []
    for n in range(count):
        seed = first + n
        kind, causes, options, epochs, n_train = draw(np.random.default_rng([seed, 11]), task)
        twin = {k: options[k] for k in TWIN if k in options} if causes else None
        plans.append((seed, kind, causes, options, epochs, n_train, twin, without(causes, options)))
    wanted = [(seed, o, epochs, n_train) for seed, _, _, options, epochs, n_train, twin, rest in plans
              for o in [options, *([twin] if twin is not None else []), *rest.values()]]
    found = train_all(task, wanted)
    for seed, kind, causes, options, epochs, n_train, twin, rest in plans:
        get = lambda o: found[key_of(seed, o, epochs, n_train)]
        run = dict(get(options))
        truth = label(run, get(twin) if twin is not None else None)
        burn = max(2, math.ceil(.05 * len(run['evals'])))
        mean = lambda each: float(np.nanmean(course(each)[burn:]))
        shares = {cause: mean(run) - mean(get(o)) for cause, o in rest.items()} or None
        run.update(kind=kind, injected=causes, truth=truth, contributions=shares, unseen=task in UNSEEN)
        yield shortened(run)


def main():
    out, count, first = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    tasks = [task for task in TASKS if task not in UNSEEN] if len(sys.argv) < 5 else sys.argv[4].split(',')
    with open(out, 'a') as file:
        for task in tasks:
            for run in make(task, count, first + 1000 * list(TASKS).index(task)):
                file.write(json.dumps(run) + '\n')
            file.flush()
            print(task, round(time.process_time(), 1), 'CPU s', file=sys.stderr)


if __name__ == '__main__':
    main()
