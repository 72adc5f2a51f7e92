"""Trains one run and records what a log could hold: step losses, interval means, validation and clean-train measurements."""
import math

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression, Ridge

from tasks import LENGTH, Net, OVERFIT_SIZE, REGRESSION, SEQUENCE, load

F = torch.nn.functional


def tensors(task, x, y):
    kind = torch.long if task in SEQUENCE else torch.float32
    return torch.tensor(np.asarray(x), dtype=kind), torch.tensor(np.asarray(y), dtype=torch.float32 if task in REGRESSION else torch.long)


def easiest(task, x, y, xv, yv, share):
    """Validation samples that a linear model finds easiest."""
    if task in SEQUENCE:
        counts = {}
        for row, label in zip(x, y):
            counts.setdefault(tuple(row[-2:]), []).append(label)
        score = [np.mean([c == label for c in counts.get(tuple(row[-2:]), [-1])]) for row, label in zip(xv, yv)]
    elif task in REGRESSION:
        score = -np.abs(Ridge().fit(x, y).predict(xv) - yv)
    else:
        chances = LogisticRegression(max_iter=300).fit(x, y).predict_proba(xv)
        score = chances[np.arange(len(yv)), yv]
    keep = np.argsort(-np.asarray(score))[:max(10, int(share * len(yv)))]
    return np.sort(keep)


def easy_classes(x, y, xv, yv, share, classes):
    chances = LogisticRegression(max_iter=300).fit(x, y).predict_proba(xv)[np.arange(len(yv)), yv]
    order = sorted(range(classes), key=lambda c: -chances[yv == c].mean() if (yv == c).any() else 0)
    chosen = order[:max(1, round(share * classes))]
    return np.isin(yv, chosen)


class Run:
    def __init__(self, task, seed, options, epochs=None, n_train=None):
        self.task, self.seed, self.o = task, seed, dict(options)
        self.rng = np.random.default_rng([seed, 77])
        torch.manual_seed(seed)
        x, y, xv, yv, self.classes = load(task, np.random.default_rng([seed, 5]))
        if n_train:
            x, y = x[:n_train], y[:n_train]
        xv, yv = self.change_val(x, y, xv, yv)
        if self.o.get('train_noise'):
            y = self.noisy(y)
        self.batch, self.epochs = LENGTH[task][0], epochs or LENGTH[task][1]
        self.x, self.y = tensors(task, x, y)
        self.xv, self.yv = tensors(task, xv, yv)
        self.inputs = self.x.shape[1]
        self.model = Net(task, self.inputs, self.classes or 1, self.o.get('dropout', 0), False)
        self.weights = torch.tensor(1 + self.rng.uniform(0, 2, self.classes) * self.o['class_weights'], dtype=torch.float32) if self.o.get('class_weights') else None

    def change_val(self, x, y, xv, yv):
        o = self.o
        if o.get('easy'):
            keep = easiest(self.task, x, y, xv, yv, o['easy'])
            xv, yv = xv[keep], yv[keep]
        if o.get('prior'):
            keep = easy_classes(x, y, xv, yv, o['prior'], self.classes)
            xv, yv = xv[keep], yv[keep]
        if o.get('leak'):
            n = int(o['leak'] * len(xv))
            take = self.rng.permutation(len(x))[:n]
            xv, yv = np.concatenate([xv[n:], x[take]]), np.concatenate([yv[n:], y[take]])
        if o.get('tiny') or o.get('rank'):
            n = o.get('tiny') or max(5, len(xv) // o['rank'])
            keep = self.rng.permutation(len(xv))[:n]
            xv, yv = xv[keep], yv[keep]
        return xv, yv

    def noisy(self, y):
        y = y.copy()
        hit = self.rng.random(len(y)) < self.o['train_noise']
        y[hit] = self.rng.permutation(y[hit]) + (self.rng.normal(size=hit.sum()) * 1.0 if self.task in REGRESSION else 0) if self.task in REGRESSION else self.rng.integers(0, self.classes, hit.sum())
        return y

    def augment(self, x):
        kind = self.o.get('augment')
        if not kind:
            return x
        if self.task in SEQUENCE:
            swap = torch.rand(x.shape) < kind * 0.3
            return torch.where(swap, torch.randint(0, self.classes, x.shape), x)
        x = x + kind * (0.5 if self.task.startswith('digits') else 1.0) * torch.randn_like(x)
        if self.task.startswith('digits') and self.o.get('shift'):
            images = x.view(-1, 8, 8)
            images = torch.roll(images, int(self.rng.integers(-1, 2)), 1)
            images = torch.roll(images, int(self.rng.integers(-1, 2)), 2).clone()
            r, c = self.rng.integers(0, 6, 2)
            images[:, r:r + 2, c:c + 2] = 0
            x = images.reshape(len(x), -1)
        return x

    def sample_losses(self, out, y, train):
        if self.task in REGRESSION:
            return (out[:, 0] - y) ** 2
        if self.o.get('double_softmax') == ('train' if train else 'val'):
            out = torch.softmax(out, 1)
        smoothing = self.o.get('smoothing', 0) if train else 0
        return F.cross_entropy(out, y, reduction='none', label_smoothing=smoothing)

    def train_loss(self, x, y):
        """(loss that is optimised, hits)."""
        x = self.augment(x)
        alpha = self.o.get('mixup')
        if alpha:
            lam = float(self.rng.beta(alpha, alpha))
            other = torch.randperm(len(x))
            mixed = lam * x + (1 - lam) * x[other] if self.task not in SEQUENCE else None
            if mixed is None:
                out = self.model(torch.where(torch.rand(len(x), 1) < lam, x, x[other]))
            else:
                out = self.model(mixed)
            each = lam * self.sample_losses(out, y, True) + (1 - lam) * self.sample_losses(out, y[other], True)
        else:
            out = self.model(x)
            each = self.sample_losses(out, y, True)
        if self.weights is not None:
            each = each * self.weights[y]
        loss = each.mean()
        if self.o.get('l2'):
            loss = loss + self.o['l2'] * sum((p ** 2).sum() for p in self.model.parameters())
        if self.o.get('aux'):
            kind = self.o.get('aux_kind', 'balance')
            if kind == 'balance':
                p = torch.softmax(out, 1).mean(0) if out.shape[1] > 1 else torch.ones(1)
                loss = loss + self.o['aux'] * ((p ** 2).sum() * len(p))
            elif kind == 'z':
                loss = loss + self.o['aux'] * (torch.logsumexp(out, 1) ** 2).mean() * 0.3
            else:
                loss = loss + self.o['aux'] * self.sample_losses(self.model.head(torch.relu(self.model.head.weight.sum() * 0 + self.hidden_half(x))), y, True).mean()
        hits = (out.argmax(1) == y).float().sum().item() if self.task not in REGRESSION else 0
        return loss, hits

    def hidden_half(self, x):
        width = self.model.head.in_features
        if self.task in SEQUENCE:
            return torch.zeros(len(x), width)
        return F.pad(x, (0, max(0, width - x.shape[1])))[:, :width] * 0.3

    @torch.no_grad()
    def measure(self, model, x, y, val):
        model.eval()
        losses, hits = 0.0, 0
        for i in range(0, len(x), 2000):
            out = model(x[i:i + 2000])
            losses += self.sample_losses(out, y[i:i + 2000], False).sum().item()
            if self.task not in REGRESSION:
                hits += (out.argmax(1) == y[i:i + 2000]).sum().item()
        model.train()
        loss = losses / len(x)
        if val and self.o.get('pad'):
            loss *= 1 - self.o['pad']
        return loss, (hits / len(x) if self.task not in REGRESSION else None)

    def order(self):
        n = len(self.x)
        power = self.o.get('hard')
        if not power:
            return torch.randperm(n)
        with torch.no_grad():
            self.model.eval()
            each = torch.cat([self.sample_losses(self.model(self.x[i:i + 2000]), self.y[i:i + 2000], True) for i in range(0, n, 2000)])
            self.model.train()
        return torch.multinomial((each + 1e-4) ** power, n, replacement=True)

    def optimizer(self):
        kind, lr = self.o.get('optimizer', 'adamw'), self.o.get('lr', 1e-3)
        if kind == 'sgd':
            return torch.optim.SGD(self.model.parameters(), lr=50 * lr, momentum=0.9)
        return torch.optim.AdamW(self.model.parameters(), lr=lr, weight_decay=self.o.get('wd', 0.0))

    def go(self):
        o = self.o
        opt = self.optimizer()
        per_epoch = math.ceil(len(self.x) / self.batch)
        interval = 50 if self.task == 'blobs_steps' else per_epoch
        total = per_epoch * self.epochs
        average = {k: v.clone() for k, v in self.model.state_dict().items()} if o.get('ema') else None
        shadow = Net(self.task, self.inputs, self.classes or 1, 0, False) if average else None
        fault = o.get('fault')
        scale = o.get('scale', 1) * (self.batch if o.get('sum') else 1)
        smooth = None
        log = {'steps': [], 'grad': [], 'lr': [], 'evals': []}
        log['v0'] = self.measure(self.model, self.xv, self.yv, True)[0]
        log['c0'] = self.measure(self.model, self.x, self.y, False)[0]
        sums, count, hits, seen, step = 0.0, 0, 0, 0, 0
        for _ in range(self.epochs):
            order = self.order()
            for i in range(0, len(self.x), self.batch):
                index = order[i:i + self.batch]
                lr = self.rate(opt, step, total)
                x, y = self.x[index], self.y[index]
                if fault == 'spike' and step == int(0.6 * total):
                    x, y = x * 50 if self.task not in SEQUENCE else x.flip(1), y[torch.randperm(len(y))]
                if o.get('shuffle_labels'):
                    y = y[torch.randperm(len(y))]
                loss, hit = self.train_loss(x, y)
                opt.zero_grad()
                loss.backward()
                grad = float(torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1e9))
                opt.step()
                if fault == 'nan' and step == int(0.6 * total):
                    with torch.no_grad():
                        next(self.model.parameters()).fill_(float('nan'))
                if average is not None:
                    for k, v in self.model.state_dict().items():
                        average[k].mul_(o['ema']).add_(v, alpha=1 - o['ema']) if v.dtype.is_floating_point else average[k].copy_(v)
                value = loss.item() * scale
                smooth = value if smooth is None else o.get('log_smooth', 0) * smooth + (1 - o.get('log_smooth', 0)) * value
                log['steps'].append(smooth)
                log['grad'].append(grad)
                log['lr'].append(lr)
                sums, count, hits, seen, step = sums + smooth, count + 1, hits + hit, seen + len(x), step + 1
                if step % interval == 0:
                    target = self.model
                    if average is not None:
                        shadow.load_state_dict(average)
                        target = shadow
                    v, va = self.measure(target, self.xv, self.yv, True)
                    c, _ = self.measure(target, self.x, self.y, False)
                    log['evals'].append([step, sums / count, hits / seen if self.task not in REGRESSION else None, v, va, c])
                    sums, count, hits, seen = 0.0, 0, 0, 0
        return {**log, 'task': self.task, 'seed': self.seed, 'options': o, 'K': self.classes, 'nVal': len(self.xv), 'nTrain': len(self.x), 'B': self.batch,
                'epochs': self.epochs, 'perEpoch': per_epoch, 'interval': interval, 'weights': None if self.weights is None else self.weights.tolist()}

    def rate(self, opt, step, total):
        base = self.o.get('lr', 1e-3) * (50 if self.o.get('optimizer') == 'sgd' else 1)
        fault = self.o.get('fault')
        if fault == 'diverge' and step > 0.3 * total:
            base *= 300
        if fault == 'plateau' and step > 0.4 * total:
            base = 0.0
        if fault == 'frozen':
            base = 0.0
        if self.o.get('cosine'):
            base *= 0.5 * (1 + math.cos(math.pi * step / total))
        for group in opt.param_groups:
            group['lr'] = base
        return base


def twin_of(task, seed, options, epochs, n_train):
    plain = {k: options[k] for k in ('optimizer', 'lr', 'cosine', 'wd') if k in options}
    return Run(task, seed, plain, epochs, n_train).go()
