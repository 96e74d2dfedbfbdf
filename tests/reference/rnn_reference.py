#!/usr/bin/env python3
"""Reference values for the recurrent model, independent of the C code: plain Python in float64, from the equations.

usage: rnn_reference.py FOLDER [ATTENTION]   writes a tiny model with random weights (config.json, vocab.json, merges.txt,
model.safetensors) and expected.safetensors, the value of every trace entry for one sentence. tests/test_model.c opens the
model, runs the sentence and compares each entry. No library is needed; the random numbers come from a seeded generator.
ATTENTION is additive (the default), dot, multiplicative, reduced-rank or none.

Equations (docs/architecture.md): embeddings times sqrt(E); GRU r = s(W_r x + b_r + U_r h + c_r), z likewise,
n = tanh(W_n x + b_n + r * (U_n h + c_n)), h' = z h + (1 - z) n, both encoder directions from zero; s_0 = tanh(W [->h_n; <-h_1] + b);
decoder input [y_{t-1}; o_{t-1}]; e_i = v . tanh(K h_i + Q s_t + q), or s_t . h_i (dot), s_t . K h_i (multiplicative),
Q s_t . K h_i (reduced-rank); alpha = softmax(e), o_t = sum alpha_i h_i; logits = E (R [o_t; s_t] + r) + c. Without attention
there is no o: the decoder reads y_{t-1} alone, and the word comes from s_t."""
import json, math, random, struct, sys

ATTENTION = sys.argv[2] if __name__ == "__main__" and len(sys.argv) > 2 else "additive"
E, N, A = 6, 3, 4
H = 2 * N if ATTENTION == "dot" else 5
C = 0 if ATTENTION == "none" else 2 * N
CHARACTERS = "▁abcd.é"
MERGES = [("▁", "a"), ("b", "c"), ("▁a", "bc")]
SENTENCE = "Abc bé a."  # "abc" is in first_word_lower, so its capital letter is lowered
FORCED = ["▁a", "d", "<0x41>", "é", "</s>"]


def vocabulary():
    tokens = ["<pad>", "<s>", "</s>", "<lower>"] + ["<0x%02X>" % b for b in range(256)] + list(CHARACTERS)
    return tokens + [a + b for a, b in MERGES]


TOKENS = vocabulary()
V = len(TOKENS)
SOURCE = [TOKENS.index(p) for p in ["▁abc", "▁", "b", "é", "▁a", ".", "</s>"]]
TARGET = [TOKENS.index(p) for p in FORCED]
SHAPES = {
    "embed": (V, E), "enc.fwd.input.weight": (3 * N, E), "enc.fwd.input.bias": (1, 3 * N), "enc.fwd.hidden.weight": (3 * N, N),
    "enc.fwd.hidden.bias": (1, 3 * N), "enc.bwd.input.weight": (3 * N, E), "enc.bwd.input.bias": (1, 3 * N),
    "enc.bwd.hidden.weight": (3 * N, N), "enc.bwd.hidden.bias": (1, 3 * N), "dec.init.weight": (H, 2 * N), "dec.init.bias": (1, H),
    "enc.key.weight": (A, 2 * N), "dec.attn.query.weight": (A, H), "dec.attn.query.bias": (1, A), "dec.attn.score.weight": (1, A),
    "dec.gru.input.weight": (3 * H, E + C), "dec.gru.input.bias": (1, 3 * H), "dec.gru.hidden.weight": (3 * H, H),
    "dec.gru.hidden.bias": (1, 3 * H), "dec.readout.weight": (E, C + H), "dec.readout.bias": (1, E), "dec.logit.bias": (1, V)}
if ATTENTION == "multiplicative":
    SHAPES["enc.key.weight"] = (H, 2 * N)
LEFT_OUT = {"additive": [], "dot": ["enc.key.weight", "dec.attn.query.weight", "dec.attn.query.bias", "dec.attn.score.weight"],
            "multiplicative": ["dec.attn.query.weight", "dec.attn.query.bias", "dec.attn.score.weight"],
            "reduced-rank": ["dec.attn.query.bias", "dec.attn.score.weight"]}
LEFT_OUT["none"] = LEFT_OUT["dot"]
for name in LEFT_OUT[ATTENTION]:
    del SHAPES[name]


NAME = "tiny-rnn" if ATTENTION == "additive" else "tiny-rnn-" + ATTENTION


def f32(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def make_weights():
    rng = random.Random(20261124)
    return {name: [[f32(rng.gauss(0, 0.6)) for _ in range(c)] for _ in range(r)] for name, (r, c) in SHAPES.items()}


def affine(w, x, b=None):
    return [sum(wi * xi for wi, xi in zip(row, x)) + (b[0][k] if b else 0.0) for k, row in enumerate(w)]


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def gru(a, u, h):
    n = len(h)
    r = [sigmoid(a[i] + u[i]) for i in range(n)]
    z = [sigmoid(a[n + i] + u[n + i]) for i in range(n)]
    c = [math.tanh(a[2 * n + i] + r[i] * u[2 * n + i]) for i in range(n)]
    return r, z, c, [z[i] * h[i] + (1 - z[i]) * c[i] for i in range(n)]


def softmax(e):
    top = max(e)
    x = [math.exp(v - top) for v in e]
    return [v / sum(x) for v in x]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def attend(w, out, s, put):
    states = out["enc.state"]
    query, keys = s, states
    if "dec.attn.query.weight" in w:
        query = affine(w["dec.attn.query.weight"], s, w.get("dec.attn.query.bias"))
        put("dec.attn.query", query)
    if "enc.key" in out:
        keys = out["enc.key"]
    if ATTENTION == "additive":
        hidden = [[math.tanh(k + v) for k, v in zip(key, query)] for key in keys]
        put("dec.attn.hidden", sum(hidden, []))
        score = [dot(w["dec.attn.score.weight"][0], h) for h in hidden]
    else:
        score = [dot(query, key) for key in keys]
    alpha = softmax(score)
    put("dec.attn.score", score), put("dec.attn.weight", alpha)
    return [sum(alpha[i] * states[i][k] for i in range(len(states))) for k in range(2 * N)]


def run(w):
    out = {}

    def put(name, row):
        out.setdefault(name, []).append(row)

    scale = math.sqrt(E)
    for i in SOURCE:
        put("enc.embed.row", w["embed"][i])
        put("enc.embed", [scale * v for v in w["embed"][i]])
    S = len(SOURCE)
    for d, order in (("fwd", range(S)), ("bwd", range(S - 1, -1, -1))):
        rows = {}
        h = [0.0] * N
        for t in order:
            a = affine(w["enc.%s.input.weight" % d], out["enc.embed"][t], w["enc.%s.input.bias" % d])
            u = affine(w["enc.%s.hidden.weight" % d], h, w["enc.%s.hidden.bias" % d])
            r, z, c, new = gru(a, u, h)
            rows[t] = dict(input=a, previous=h, hidden=u, reset=r, update=z, candidate=c, state=new)
            h = new
        for t in range(S):
            for part in ("input", "previous", "hidden", "reset", "update", "candidate"):
                put("enc.%s.%s" % (d, part), rows[t][part])
            put("enc.state." + d, rows[t]["state"])
    for t in range(S):
        put("enc.state", out["enc.state.fwd"][t] + out["enc.state.bwd"][t])
        if "enc.key.weight" in w:
            put("enc.key", affine(w["enc.key.weight"], out["enc.state"][t]))
    put("enc.final", out["enc.state.fwd"][S - 1] + out["enc.state.bwd"][0])
    put("dec.init.sum", affine(w["dec.init.weight"], out["enc.final"][0], w["dec.init.bias"]))
    put("dec.init", [math.tanh(v) for v in out["dec.init.sum"][0]])
    s, o, fed = out["dec.init"][0], [0.0] * C, TOKENS.index("<s>")
    for word in TARGET:
        put("dec.embed.row", w["embed"][fed])
        put("dec.embed", [scale * v for v in w["embed"][fed]])
        x = out["dec.embed"][-1] + o
        if C:
            put("dec.attn.context.previous", o), put("dec.input", x)
        a = affine(w["dec.gru.input.weight"], x, w["dec.gru.input.bias"])
        u = affine(w["dec.gru.hidden.weight"], s, w["dec.gru.hidden.bias"])
        put("dec.gru.input", a), put("dec.state.previous", s), put("dec.gru.hidden", u)
        r, z, c, s = gru(a, u, s)
        put("dec.gru.reset", r), put("dec.gru.update", z), put("dec.gru.candidate", c), put("dec.state", s)
        if C:
            o = attend(w, out, s, put)
            put("dec.attn.context", o), put("dec.concat", o + s)
        readout = affine(w["dec.readout.weight"], o + s, w["dec.readout.bias"])
        logit = affine(w["embed"], readout, w["dec.logit.bias"])
        prob = softmax(logit)
        put("dec.readout", readout), put("dec.logit", logit), put("dec.prob", prob)
        put("dec.logprob", [math.log(p) for p in prob])
        fed = word
    return out


def write(path, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, rows in tensors.items():
        values = [v for row in rows for v in row]
        block = struct.pack("<%df" % len(values), *values)
        header[name] = {"dtype": "F32", "shape": [len(rows), len(rows[0])], "data_offsets": [len(data), len(data) + len(block)]}
        data += block
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def main(folder):
    config = {"name": NAME, "kind": "rnn", "attention": ATTENTION, "source": "en", "target": "fr",
              "title": {"en": "tiny", "zh": "小"}, "vocabulary": V, "embedding": E, "encoder_state": N, "decoder_state": H,
              "attention_size": A}
    write_folder(folder, config)
    weights = make_weights()
    write(folder + "/model.safetensors", weights, {"format": "attnscope 1", "model": NAME})
    write(folder + "/expected.safetensors", run(weights), {"sentence": SENTENCE, "source": " ".join(map(str, SOURCE)), "target": " ".join(map(str, TARGET))})


def write_folder(folder, config):
    with open(folder + "/config.json", "w", encoding="utf-8") as f:
        json.dump(config, f, ensure_ascii=False, indent=1)
    with open(folder + "/vocab.json", "w", encoding="utf-8") as f:
        json.dump({**{t: i for i, t in enumerate(TOKENS)}, "first_word_lower": ["abc"]}, f, ensure_ascii=False, indent=0)
    with open(folder + "/merges.txt", "w", encoding="utf-8") as f:
        f.write("".join("%s %s\n" % m for m in MERGES))


if __name__ == "__main__":
    main(sys.argv[1])
