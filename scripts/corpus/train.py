"""Trains the runs of a group at once (same task and length) and records what a log could hold of each: step losses, interval means,
validation and clean-train measurements."""
import math

import numpy as np
import torch

from data import changed
from model import Rows
from tasks import IMAGES, LABELS, REGRESSION, SEQUENCE, STEPPED, TASKS, load

F = torch.nn.functional
CHUNK = 256
# The probe measures the training set on this many of its samples.
PROBED = 1500


class Group:
    """`specs`: (seed, options) of each run; all share task, epochs and number of training samples."""

    def __init__(self, task, specs, epochs, n_train):
        self.task, self.o = task, [dict(options) for _, options in specs]
        self.seeds = [seed for seed, _ in specs]
        self.kind, self.batch, self.epochs = TASKS[task][0], TASKS[task][1], epochs
        torch.manual_seed(self.seeds[0])
        self.rngs = [np.random.default_rng([seed, 77]) for seed in self.seeds]
        kinds = torch.long if task in SEQUENCE else torch.float32
        data, cache = [], {}
        for (seed, o), rng in zip(specs, self.rngs):
            if seed not in cache:
                cache[seed] = load(task, np.random.default_rng([seed, 5]))
            x, y, xv, yv, self.classes = cache[seed]
            data.append(changed(task, o, x[:n_train], y[:n_train], xv, yv, self.classes, rng))
        target = torch.float32 if task in REGRESSION | LABELS else torch.long
        self.x = torch.stack([torch.tensor(np.asarray(d[0]), dtype=kinds) for d in data])
        self.y = torch.stack([torch.tensor(np.asarray(d[1]), dtype=target) for d in data])
        self.n_val = [len(d[2]) for d in data]
        pad = lambda a: np.concatenate([a, np.repeat(a[:1], max(self.n_val) - len(a), 0)])
        self.xv = torch.stack([torch.tensor(pad(np.asarray(d[2])), dtype=kinds) for d in data])
        self.yv = torch.stack([torch.tensor(pad(np.asarray(d[3])), dtype=target) for d in data])
        self.in_val = torch.stack([torch.arange(max(self.n_val)) < n for n in self.n_val]).float()
        outputs = self.classes or (self.y.shape[2] if self.y.dim() == 3 else 1)
        self.model = Rows(self.kind, self.x.shape[2], outputs, self.seeds)
        self.rows = torch.arange(len(specs))[:, None]
        self.set_options()

    def set_options(self):
        of = lambda key, none=0.0: torch.tensor([float(o.get(key, none)) for o in self.o])
        is_ = lambda key, value: torch.tensor([o.get(key) == value for o in self.o])
        self.p_drop, self.noise, self.shift = of('dropout'), of('augment'), of('shift')
        self.smoothing, self.l2, self.aux, self.ema = of('smoothing'), of('l2'), of('aux'), of('ema')
        self.aux_kinds = {kind: is_('aux_kind', kind).float() * self.aux for kind in ('balance', 'z', 'deep')}
        self.double = {True: is_('double_softmax', 'train'), False: is_('double_softmax', 'val')}
        self.padded, self.wd, self.sgd = of('pad'), of('wd'), is_('optimizer', 'sgd')
        self.logged = np.array([o.get('scale', 1) * (self.batch if o.get('sum') else 1) for o in self.o])
        self.log_smooth = np.array([o.get('log_smooth', 0.0) for o in self.o])
        self.base_rate = torch.tensor([o.get('lr', 1e-3) * (50 if o.get('optimizer') == 'sgd' else 1) for o in self.o])
        self.cosine = torch.tensor([1.0 if o.get('cosine') else 0.0 for o in self.o])
        self.faults = [o.get('fault') for o in self.o]
        self.weights = None
        if self.classes and any(o.get('class_weights') for o in self.o):
            rows = [1 + np.random.default_rng([s, 3]).uniform(0, 2, self.classes) * o.get('class_weights', 0) for s, o in zip(self.seeds, self.o)]
            self.weights = torch.tensor(np.array(rows), dtype=torch.float32)

    def sample_losses(self, out, y, train):
        """(loss of each sample (R, B), hits of each sample or None)."""
        if self.task in REGRESSION:
            return ((out - (y if y.dim() == 3 else y[..., None])) ** 2).mean(2), None
        if self.task in LABELS:
            e = self.smoothing[:, None, None] if train else 0
            return F.binary_cross_entropy_with_logits(out, y * (1 - e) + e / 2, reduction='none').mean(2), ((out > 0) == (y > 0.5)).float().mean(2)
        if self.double[train].any():
            out = torch.where(self.double[train][:, None, None], torch.softmax(out, 2), out)
        logs = torch.log_softmax(out, 2)
        own = -logs.gather(2, y[..., None])[..., 0]
        if train and self.smoothing.any():
            own = (1 - self.smoothing[:, None]) * own - self.smoothing[:, None] * logs.mean(2)
        return own, (out.argmax(2) == y).float()

    def keep(self, h):
        if not self.p_drop.any():
            return h
        p = self.p_drop[:, None, None]
        return h * (torch.rand_like(h) >= p) / (1 - p)

    def augmented(self, x):
        if not self.noise.any():
            return x
        if self.task in SEQUENCE:
            swap = torch.rand(x.shape) < self.noise[:, None, None] * 0.3
            return torch.where(swap, torch.randint(0, self.classes, x.shape), x)
        images = self.task in IMAGES
        x = x + self.noise[:, None, None] * (0.5 if images else 1.0) * torch.randn_like(x)
        if images and self.shift.any():
            rng = self.rngs[0]
            moved = torch.roll(x.view(*x.shape[:2], 8, 8), (int(rng.integers(-1, 2)), int(rng.integers(-1, 2))), (2, 3)).clone()
            r, c = rng.integers(0, 6, 2)
            moved[:, :, r:r + 2, c:c + 2] = 0
            x = torch.where(self.shift[:, None, None] > 0, moved.reshape(x.shape), x)
        return x

    def train_losses(self, x, y):
        """(loss that is optimised of each run, hits of each run)."""
        x = self.augmented(x)
        lam = torch.tensor([float(rng.beta(o['mixup'], o['mixup'])) if o.get('mixup') else 1.0 for rng, o in zip(self.rngs, self.o)])
        mixing = bool((lam < 1).any())
        if mixing:
            other = torch.randperm(x.shape[1])
            share = lam[:, None, None]
            x = torch.where(torch.rand(*x.shape[:2], 1) < share, x, x[:, other]) if self.task in SEQUENCE else share * x + (1 - share) * x[:, other]
        out, early = self.model.forward(self.model.flat, x, self.keep, True)
        each, hits = self.sample_losses(out, y, True)
        if mixing:
            each = lam[:, None] * each + (1 - lam[:, None]) * self.sample_losses(out, y[:, other], True)[0]
        if self.weights is not None:
            each = each * self.weights.gather(1, y)
        loss = each.mean(1) + self.l2 * (self.model.flat ** 2).sum(1)
        if self.aux.any():
            loss = loss + self.extra(out, early, y)
        return loss, hits.sum(1) if hits is not None else torch.zeros(len(x))

    def extra(self, out, early, y):
        if self.task in REGRESSION | LABELS:
            return self.aux * (1 + 0.3 * out.pow(2).mean((1, 2)))
        share = torch.softmax(out, 2).mean(1)
        total = self.aux_kinds['balance'] * (share ** 2).sum(1) * out.shape[2]
        total = total + self.aux_kinds['z'] * 0.3 * (torch.logsumexp(out, 2) ** 2).mean(1)
        deep = self.sample_losses(early, y, True)[0].mean(1) if early is not None else out.new_full((len(out),), math.log(out.shape[2]))
        return total + self.aux_kinds['deep'] * deep

    @torch.no_grad()
    def measure(self, flat, x, y, weights):
        losses, hits = torch.zeros(len(x)), torch.zeros(len(x))
        for i in range(0, x.shape[1], CHUNK):
            out, _ = self.model.forward(flat, x[:, i:i + CHUNK], lambda h: h, False)
            each, hit = self.sample_losses(out, y[:, i:i + CHUNK], False)
            w = weights[:, i:i + CHUNK]
            losses += (each * w).sum(1)
            hits += (hit * w).sum(1) if hit is not None else 0
        n = weights.sum(1)
        return losses / n, hits / n

    def order(self):
        n = self.x.shape[1]
        rows = np.stack([rng.permutation(n) for rng in self.rngs])
        hard = [i for i, o in enumerate(self.o) if o.get('hard')]
        if hard:
            with torch.no_grad():
                out, _ = self.model.forward(self.model.flat, self.x, lambda h: h, False)
                each, _ = self.sample_losses(out, self.y, True)
            for i in hard:
                p = np.nan_to_num((each[i].numpy().astype(float) + 1e-4) ** self.o[i]['hard']) + 1e-9
                rows[i] = self.rngs[i].choice(n, n, p=p / p.sum())
        return torch.tensor(rows)

    def rates(self, step, total):
        rate = self.base_rate * (1 + self.cosine * (0.5 * (1 + math.cos(math.pi * step / total)) - 1))
        for i, o in enumerate(self.o):
            if step > o.get('lr_falls', 1) * total:
                rate[i] /= 15
        for i, fault in enumerate(self.faults):
            if fault == 'diverge' and step > 0.3 * total:
                rate[i] *= 300
            if fault == 'frozen' or (fault == 'plateau' and step > 0.4 * total):
                rate[i] = 0.0
        return rate

    def go(self):
        """One record a run, in the order of the specs."""
        model, r = self.model, len(self.o)
        flat = model.flat
        first, second = torch.zeros_like(flat), torch.zeros_like(flat)
        average = flat.detach().clone() if self.ema.any() else None
        px, py = self.x[:, :PROBED], self.y[:, :PROBED]
        ones = torch.ones(px.shape[:2])
        shown = lambda flat_: self.measure(flat_, self.xv, self.yv, self.in_val)
        v0, c0 = shown(flat)[0] * (1 - self.padded), self.measure(flat, px, py, ones)[0]
        per_epoch = math.ceil(self.x.shape[1] / self.batch)
        interval, total = (50 if self.task in STEPPED else per_epoch), per_epoch * self.epochs
        at_fault = int(0.6 * total)
        steps, grads, rates, evals = [], [], [], []
        smooth, sums, count, hits, seen, step = None, np.zeros(r), 0, np.zeros(r), 0, 0
        for _ in range(self.epochs):
            order = self.order()
            for i in range(0, self.x.shape[1], self.batch):
                index = order[:, i:i + self.batch]
                x, y = self.x[self.rows, index], self.y[self.rows, index]
                if step == at_fault:
                    for k, fault in enumerate(self.faults):
                        if fault == 'spike':
                            x[k], y[k] = (x[k].flip(1) if self.task in SEQUENCE else x[k] * 50), y[k][torch.randperm(y.shape[1])]
                loss, hit = self.train_losses(x, y)
                (gradient,) = torch.autograd.grad(loss.sum(), flat)
                rate = self.rates(step, total)
                with torch.no_grad():
                    self.update(flat, gradient, first, second, rate, step + 1)
                    if average is not None:
                        average.mul_(self.ema[:, None]).add_(flat * (1 - self.ema[:, None]))
                    if step == at_fault and 'nan' in self.faults:
                        flat[[k for k, fault in enumerate(self.faults) if fault == 'nan']] = float('nan')
                value = loss.detach().numpy() * self.logged
                smooth = value if smooth is None else self.log_smooth * smooth + (1 - self.log_smooth) * value
                steps.append(smooth)
                grads.append(gradient.norm(dim=1).numpy())
                rates.append(rate.numpy())
                sums, count, hits, seen, step = sums + smooth, count + 1, hits + hit.detach().numpy(), seen + x.shape[1], step + 1
                if step % interval == 0:
                    v, va = shown(average if average is not None else flat)
                    c, _ = self.measure(average if average is not None else flat, px, py, ones)
                    evals.append((step, sums / count, hits / seen, (v * (1 - self.padded)).numpy(), va.numpy(), c.numpy()))
                    sums, count, hits, seen = np.zeros(r), 0, np.zeros(r), 0
        return [self.record(k, steps, grads, rates, evals, float(v0[k]), float(c0[k]), per_epoch, interval) for k in range(r)]

    def update(self, flat, gradient, first, second, rate, n):
        """AdamW, or SGD with momentum where a run asks for it."""
        rate = rate[:, None]
        sgd = self.sgd[:, None]
        first.copy_(torch.where(sgd, 0.9 * first + gradient, 0.9 * first + 0.1 * gradient))
        second.mul_(0.999).add_(0.001 * gradient ** 2)
        adam = (first / (1 - 0.9 ** n)) / ((second / (1 - 0.999 ** n)).sqrt() + 1e-8)
        flat.sub_(rate * torch.where(sgd, first, adam) + rate * self.wd[:, None] * flat)

    def record(self, k, steps, grads, rates, evals, v0, c0, per_epoch, interval):
        scored = self.task not in REGRESSION
        return {'steps': [float(s[k]) for s in steps], 'grad': [float(g[k]) for g in grads], 'lr': [float(rate[k]) for rate in rates],
                'evals': [[n, float(t[k]), float(a[k]) if scored else None, float(v[k]), float(va[k]) if scored else None, float(c[k])]
                          for n, t, a, v, va, c in evals],
                'v0': v0, 'c0': c0, 'task': self.task, 'seed': self.seeds[k], 'options': self.o[k], 'K': self.classes, 'nVal': self.n_val[k],
                'nTrain': self.x.shape[1], 'B': self.batch, 'epochs': self.epochs, 'perEpoch': per_epoch, 'interval': interval,
                'weights': self.weights[k].tolist() if self.weights is not None and self.o[k].get('class_weights') else None}
