#!/usr/bin/env python3
"""Reference values for the Transformer, independent of the C code: plain Python in float64, from the equations.

usage: transformer_reference.py FOLDER NORM ACTIVATION   NORM is pre or post, ACTIVATION relu or gelu. Writes the same files as
rnn_reference.py, which lends the vocabulary, the sentence and the file format.

Equations (docs/architecture.md; Vaswani et al. 2017): x_p = sqrt(D) embed[id] + PE(p), PE(p, 2i) = sin(p / 10000^(2i/D)),
PE(p, 2i+1) = cos; q = W_q x, k = W_k x, v = W_v x of each head; score = q.k / sqrt(D/heads), minus infinity where the mask
forbids; weight = softmax; out = sum of weight times v; the heads side by side through W; feed-forward W_2 f(W_1 x + b_1) + b_2.
pre: x + f(norm(x)), a last norm on top of each stack; post: norm(x + f(x)). All target rows are computed at once, the decoder's
self-attention masked: nothing here is computed step by step."""
import math, random, sys
from rnn_reference import MERGES, SENTENCE, SOURCE, TARGET, TOKENS, affine, dot, f32, softmax, write, write_folder

NORM, ACTIVATION = sys.argv[2], sys.argv[3]
D, HEADS, F, LAYERS, V = 8, 2, 10, 2, len(TOKENS)
K = D // HEADS
PRE = NORM == "pre"
EPSILON = 1e-5


def shapes():
    out = {"embed": (V, D)}
    for l in range(LAYERS):
        for side, attentions in (("enc", ["self"]), ("dec", ["self", "cross"])):
            p = "%s.%d." % (side, l)
            for a in attentions:
                for part in ("q", "k", "v", "result"):
                    out[p + a + "." + part + ".weight"] = (D, D)
            for n in range(len(attentions) + 1):
                out[p + "norm%d.gain" % (n + 1)] = out[p + "norm%d.shift" % (n + 1)] = (1, D)
            out[p + "ffn.hidden.weight"], out[p + "ffn.hidden.bias"] = (F, D), (1, F)
            out[p + "ffn.result.weight"], out[p + "ffn.result.bias"] = (D, F), (1, D)
    if PRE:
        for n in ("enc.state", "dec.state"):
            out[n + ".gain"] = out[n + ".shift"] = (1, D)
    out["dec.logit.bias"] = (1, V)
    return out


def make_weights():
    rng = random.Random(20261125)
    return {name: [[f32(rng.gauss(1 if name.endswith("gain") else 0, 0.5)) for _ in range(c)] for _ in range(r)]
            for name, (r, c) in shapes().items()}


def activate(x):
    return max(0.0, x) if ACTIVATION == "relu" else x * 0.5 * (1 + math.erf(x / math.sqrt(2)))


def normalise(x, gain, shift):
    mean = sum(x) / len(x)
    variance = sum((v - mean) ** 2 for v in x) / len(x)
    return [g * (v - mean) / math.sqrt(variance + EPSILON) + s for v, g, s in zip(x, gain, shift)]


class Run:
    def __init__(self, w):
        self.w, self.out = w, {}

    def put(self, name, rows):
        self.out[name] = rows
        return rows

    def norm(self, name, x, weights=None):
        weights = weights or name
        return self.put(name, [normalise(row, self.w[weights + ".gain"][0], self.w[weights + ".shift"][0]) for row in x])

    def linear(self, name, x, weight, bias=None):
        return self.put(name, [affine(self.w[weight], row, bias and self.w[bias]) for row in x])

    def heads(self, name, x):
        """Rows of all heads, head by head: (heads * positions) rows of K numbers."""
        full = [affine(self.w[name + ".weight"], row) for row in x]
        return self.put(name, [row[h * K:(h + 1) * K] for h in range(HEADS) for row in full])

    def attention(self, p, x, memory, causal):
        n, m = len(x), len(memory)
        q, k, v = self.heads(p + "q", x), self.heads(p + "k", memory), self.heads(p + "v", memory)
        mask = self.put(p + "mask", [[-math.inf if causal and j > i else 0.0 for j in range(m)] for i in range(n)])
        score = self.put(p + "score", [[dot(q[h * n + i], k[h * m + j]) / math.sqrt(K) for j in range(m)] for h in range(HEADS) for i in range(n)])
        masked = self.put(p + "masked", [[s + b for s, b in zip(score[h * n + i], mask[i])] for h in range(HEADS) for i in range(n)])
        weight = self.put(p + "weight", [softmax(row) for row in masked])
        if memory is not x:
            self.put(p + "mean", [[sum(weight[h * n + i][j] for h in range(HEADS)) / HEADS for j in range(m)] for i in range(n)])
        out = self.put(p + "out", [[sum(weight[h * n + i][j] * v[h * m + j][c] for j in range(m)) for c in range(K)]
                                   for h in range(HEADS) for i in range(n)])
        concat = self.put(p + "concat", [sum((out[h * n + i] for h in range(HEADS)), []) for i in range(n)])
        return self.linear(p + "result", concat, p + "result.weight")

    def feed_forward(self, p, x):
        total = self.linear(p + "sum", x, p + "hidden.weight", p + "hidden.bias")
        hidden = self.put(p + "hidden", [[activate(v) for v in row] for row in total])
        return self.linear(p + "result", hidden, p + "result.weight", p + "result.bias")

    def layer(self, p, x, parts):
        for n, part in enumerate(parts, 1):
            y = part(self.norm(p + "norm%d" % n, x) if PRE else x)
            x = self.put(p + "residual%d" % n, [[a + b for a, b in zip(r, s)] for r, s in zip(x, y)])
            if not PRE:
                x = self.norm(p + "norm%d" % n, x)
        return x

    def input(self, p, ids):
        row = self.put(p + "embed.row", [self.w["embed"][i] for i in ids])
        embed = self.put(p + "embed", [[math.sqrt(D) * v for v in r] for r in row])
        position = self.put(p + "position", [[(math.cos if i % 2 else math.sin)(t / 10000 ** ((i - i % 2) / D)) for i in range(D)]
                                             for t in range(len(ids))])
        return self.put(p + "input", [[a + b for a, b in zip(r, s)] for r, s in zip(embed, position)])

    def state(self, name, x):
        return self.norm(name, x) if PRE else self.put(name, x)

    def run(self):
        x = self.input("enc.", SOURCE)
        for l in range(LAYERS):
            p = "enc.%d." % l
            x = self.layer(p, x, [lambda y: self.attention(p + "self.", y, y, False), lambda y: self.feed_forward(p + "ffn.", y)])
        memory = self.state("enc.state", x)
        x = self.input("dec.", [TOKENS.index("<s>")] + TARGET[:-1])
        for l in range(LAYERS):
            p = "dec.%d." % l
            x = self.layer(p, x, [lambda y: self.attention(p + "self.", y, y, True), lambda y: self.attention(p + "cross.", y, memory, False),
                                  lambda y: self.feed_forward(p + "ffn.", y)])
        state = self.state("dec.state", x)
        logit = self.linear("dec.logit", state, "embed", "dec.logit.bias")
        prob = self.put("dec.prob", [softmax(row) for row in logit])
        self.put("dec.logprob", [[math.log(v) for v in row] for row in prob])
        return self.out


def main(folder):
    name = "tiny-transformer-" + NORM
    write_folder(folder, {"name": name, "kind": "transformer", "attention": "multi-head", "source": "en", "target": "fr",
                          "title": {"en": "tiny", "zh": "小"}, "vocabulary": V, "embedding": D, "layers": LAYERS, "heads": HEADS,
                          "feed_forward": F, "norm": NORM, "activation": ACTIVATION})
    weights = make_weights()
    write(folder + "/model.safetensors", weights, {"format": "attnscope 1", "model": name})
    write(folder + "/expected.safetensors", Run(weights).run(),
          {"sentence": SENTENCE, "source": " ".join(map(str, SOURCE)), "target": " ".join(map(str, TARGET))})


main(sys.argv[1])
