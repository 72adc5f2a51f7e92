"""Small networks of many runs at once: every row of the weights belongs to one run, so that one pass trains them all."""
import math

import torch

F = torch.nn.functional


def dense(x, w, b):
    return torch.baddbmm(b[:, None], x, w)


class Rows:
    """R networks of one kind. `parts` names the weights with their shapes; `flat` (R, P) holds them all."""

    def __init__(self, kind, inputs, outputs, seeds):
        self.kind, self.inputs, self.outputs = kind, inputs, outputs
        self.parts = {'mlp': self.mlp_parts, 'narrow': self.mlp_parts, 'bn': self.mlp_parts, 'cnn': self.cnn_parts, 'window': self.window_parts,
                      'gru': self.gru_parts, 'transformer': self.transformer_parts}[kind]()
        rows = []
        for seed in seeds:
            rng = torch.Generator().manual_seed(seed)
            rows.append(torch.cat([self.start(name, shape, rng) for name, shape in self.parts]))
        self.flat = torch.stack(rows).requires_grad_(True)
        self.mean = self.var = None

    @staticmethod
    def start(name, shape, rng):
        if name.startswith('embed'):
            return torch.randn(shape, generator=rng).flatten()
        fan = shape[0] if len(shape) == 2 else shape[-1]
        limit = 1 / math.sqrt(fan)
        return (torch.rand(shape, generator=rng) * 2 - 1).flatten() * limit

    def layer(self, name, inputs, outputs):
        return [(name, (inputs, outputs)), (f'{name}.b', (outputs,))]

    def mlp_parts(self):
        self.width = 24 if self.kind == 'narrow' else 64
        return self.layer('1', self.inputs, self.width) + self.layer('2', self.width, self.width) + self.layer('head', self.width, self.outputs)

    def cnn_parts(self):
        self.width = 64
        return self.layer('1', 9, 12) + self.layer('2', 108, 16) + self.layer('3', 64, 64) + self.layer('head', 64, self.outputs)

    def window_parts(self):
        self.width = 96
        return [('embed', (self.outputs, 16))] + self.layer('1', 16 * self.inputs, 96) + self.layer('head', 96, self.outputs)

    def gru_parts(self):
        self.width = 32
        return [('embed', (self.outputs, 16))] + self.layer('x', 16, 96) + self.layer('h', 32, 96) + self.layer('head', 32, self.outputs)

    def transformer_parts(self):
        self.width = 32
        return ([('embed', (self.outputs, 32)), ('embed.at', (self.inputs, 32))] + self.layer('qkv', 32, 96) + self.layer('mix', 32, 32)
                + self.layer('1', 32, 64) + self.layer('2', 64, 32) + self.layer('head', 32, self.outputs))

    def weights(self, flat):
        found, at = {}, 0
        for name, shape in self.parts:
            size = math.prod(shape)
            found[name] = flat[:, at:at + size].view(-1, *shape)
            at += size
        return found

    def forward(self, flat, x, keep, training):
        """(outputs (R, B, K), first hidden layer or None). `keep(h)` drops units in training."""
        w = self.weights(flat)
        one = lambda name, value: dense(value, w[name], w[f'{name}.b'])
        if self.kind in ('mlp', 'narrow', 'bn'):
            first = torch.relu(one('1', x))
            if self.kind == 'bn':
                first = self.normed(first, training)
            hidden = keep(torch.relu(one('2', keep(first))))
        elif self.kind == 'cnn':
            first, hidden = None, keep(torch.relu(one('3', self.images(one, x))))
        elif self.kind == 'window':
            first, hidden = None, keep(torch.relu(one('1', self.embedded(w['embed'], x).flatten(2))))
        elif self.kind == 'gru':
            first, hidden = None, keep(self.recurrent(one, self.embedded(w['embed'], x)))
        else:
            first, hidden = None, self.attended(one, w, x, keep)
        out = one('head', hidden)
        return out, (one('head', first) if first is not None and first.shape[2] == hidden.shape[2] else None)

    def embedded(self, table, x):
        rows = torch.arange(len(x))[:, None, None]
        return table[rows, x]

    def normed(self, h, training):
        if training:
            mean, var = h.mean(1, keepdim=True), h.var(1, keepdim=True)
            with torch.no_grad():
                self.mean = mean.clone() if self.mean is None else 0.9 * self.mean + 0.1 * mean
                self.var = var.clone() if self.var is None else 0.9 * self.var + 0.1 * var
        elif self.mean is None:
            mean, var = 0.0, torch.ones(1)
        else:
            mean, var = self.mean, self.var
        return (h - mean) / torch.sqrt(var + 1e-5)

    def images(self, one, x):
        r, b, _ = x.shape
        h = x.reshape(r * b, 1, 8, 8)
        for name, size in (('1', 8), ('2', 4)):
            columns = F.unfold(h, 3, padding=1).transpose(1, 2).reshape(r, b * size * size, -1)
            h = torch.relu(one(name, columns)).reshape(r * b, size, size, -1).permute(0, 3, 1, 2)
            h = F.max_pool2d(h, 2)
        return h.reshape(r, b, -1)

    def recurrent(self, one, x):
        h = x.new_zeros(x.shape[0], x.shape[1], self.width)
        for t in range(x.shape[2]):
            a, c = one('x', x[:, :, t]), one('h', h)
            reset, update = torch.sigmoid(a[..., :32] + c[..., :32]), torch.sigmoid(a[..., 32:64] + c[..., 32:64])
            h = (1 - update) * torch.tanh(a[..., 64:] + reset * c[..., 64:]) + update * h
        return h

    def attended(self, one, w, x, keep):
        h = self.embedded(w['embed'], x) + w['embed.at'][:, None]
        r, b, n, d = h.shape
        q, k, v = one('qkv', h.reshape(r, b * n, d)).reshape(r, b, n, 96).split(32, 3)
        chance = torch.softmax(q[:, :, -1:] @ k.transpose(2, 3) / math.sqrt(32), 3)
        last = h[:, :, -1] + keep(one('mix', (chance @ v)[:, :, 0]))
        return last + keep(one('2', torch.relu(one('1', last))))
