"""Makes runs with one of two faults of training itself. Usage: faults.py OUT RUNS_A_TASK FIRST_SEED task,task [masked|hot]

masked: few training samples, many epochs and something that raises the train loss (dropout, augmentation, mixup, a factor, an extra term), so
        that the run may overfit while validation loss is below training loss.
hot:    a learning rate 10 to 1000 times the usual one, for the whole run or until it falls to a fifteenth after 40 to 60 % of it.

What is true of a run is said by what its log need not hold: `oracle.twinVal` are the validation losses of the same seed with the usual rate, and
each eval has the loss of the training set measured as validation is. test/bench/fault-labels.ts makes labels of them.
"""
import json
import sys
import time

import numpy as np

from make import key_of, label, shortened, train_all
from tasks import REGRESSION, SEQUENCE, TASKS

HANDICAPS = [{'dropout': .3}, {'dropout': .5}, {'dropout': .6, 'augment': .5, 'shift': True}, {'augment': .8, 'shift': True}, {'scale': 2.}, {'scale': 4.},
             {'scale': 8.}, {'aux': .3, 'aux_kind': 'balance'}, {'l2': 1e-3}, {'mixup': 1.}]


def draw(rng, task, masked):
    """(kind, options, options of the twin or None, epochs, training samples)"""
    _, _, epochs, few = TASKS[task]
    options = {}
    if rng.random() < .3 and task not in REGRESSION:
        options['optimizer'] = 'sgd'
    if masked:
        if 'optimizer' not in options:
            options['lr'] = float(rng.choice([1e-3, 3e-3, 1e-2]))
        handicaps = HANDICAPS if task not in SEQUENCE else HANDICAPS[:-1]
        options.update(handicaps[rng.integers(0, len(handicaps))])
        return 'masked', options, None, int(epochs * 2), int(few * rng.choice([1, 2, 3]))
    usual = dict(options)
    options['lr'] = 1e-3 * float(rng.choice([10, 30, 100, 300, 1000]))
    if rng.random() < .4:
        options['lr_falls'] = float(rng.choice([.4, .5, .6]))
    return 'hot', options, usual, epochs, None


def make(task, count, first, only):
    plans = [(first + n, *draw(np.random.default_rng([first + n, 23]), task, only == 'masked' if only else n % 2 == 0)) for n in range(count)]
    found = train_all(task, [(seed, o, epochs, few) for seed, _, options, usual, epochs, few in plans
                             for o in ([options] if usual is None else [options, usual])])
    for seed, kind, options, usual, epochs, few in plans:
        run = dict(found[key_of(seed, options, epochs, few)])
        twin = found[key_of(seed, usual, epochs, few)] if usual is not None else None
        run.update(kind=kind, injected=[], truth=label(run, None), contributions=None, unseen=False, oracle={'twinVal': [e[3] for e in twin['evals']] if twin else None})
        yield shortened(run)


def main():
    out, count, first, tasks = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4].split(',')
    only = sys.argv[5] if len(sys.argv) > 5 else None
    with open(out, 'a') as file:
        for task in tasks:
            for run in make(task, count, first + 1000 * list(TASKS).index(task), only):
                file.write(json.dumps(run) + '\n')
            file.flush()
            print(task, round(time.process_time(), 1), 'CPU s', file=sys.stderr)


if __name__ == '__main__':
    main()
