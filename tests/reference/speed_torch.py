#!/usr/bin/python3
"""speed_torch.py RUN.safetensors [--onnx FOLDER] [--runs 100] [--train]

The model of a trace (attnscope trace --out RUN.safetensors) once more in PyTorch: the other side of the speed comparison
in docs/performance.md. A trace holds weights, token ids and the log-probabilities the program computed; these are
compared first, so both sides are known to compute the same. Then: encode + greedy decode of 14 words, eager mode, one
thread, median CPU time, alone and with every intermediate kept. --onnx writes the model for speed_onnx.js.
--train times a training step of the recurrent model (150 sentences of 9 + 11 tokens, Adam) instead."""
import argparse, json, math, os, struct, time, warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")
import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
warnings.filterwarnings("ignore")
TARGET, START = 14, 1


def read(path):
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    meta = json.loads(header.pop("__metadata__")["attnscope"])
    body = bytearray(data[8 + size:])
    tensors = {}
    for name, t in header.items():
        begin, end = t["data_offsets"]
        tensors[name] = torch.frombuffer(body, dtype=torch.float32, count=(end - begin) // 4, offset=begin).view(t["shape"]).clone()
    ids = {s["name"]: s["ids"] for s in meta["sequences"] if s.get("ids")}
    return tensors, ids


class Recurrent(nn.Module):
    def __init__(self, w):
        super().__init__()
        E, N, H = w["embed"].shape[1], w["enc.fwd.hidden.weight"].shape[1], w["dec.gru.hidden.weight"].shape[1]
        self.encoder = nn.GRU(E, N, batch_first=True, bidirectional=True)
        self.cell = nn.GRUCell(E + 2 * N, H)
        names = {"weight_ih": "input.weight", "weight_hh": "hidden.weight", "bias_ih": "input.bias", "bias_hh": "hidden.bias"}
        for torch_name, name in names.items():
            getattr(self.encoder, torch_name + "_l0").data = w["enc.fwd." + name]
            getattr(self.encoder, torch_name + "_l0_reverse").data = w["enc.bwd." + name]
            getattr(self.cell, torch_name).data = w["dec.gru." + name]
        self.encoder.flatten_parameters()
        for name in ("embed", "dec.init.weight", "dec.init.bias", "enc.key.weight", "dec.attn.query.weight", "dec.attn.query.bias",
                     "dec.attn.score.weight", "dec.readout.weight", "dec.readout.bias", "dec.logit.bias"):
            setattr(self, name.replace(".", "_"), nn.Parameter(w[name]))
        self.scale = math.sqrt(E)

    def encode(self, source):
        states, last = self.encoder(F.embedding(source, self.embed) * self.scale)
        first = torch.tanh(F.linear(last.transpose(0, 1).flatten(1), self.dec_init_weight, self.dec_init_bias))
        return (states, F.linear(states, self.enc_key_weight)), (first, torch.zeros(source.shape[0], states.shape[2]))

    def step(self, word, memory, state, kept=None):
        (states, key), (hidden, context) = memory, state
        hidden = self.cell(torch.cat([F.embedding(word, self.embed) * self.scale, context], -1), hidden)
        query = F.linear(hidden, self.dec_attn_query_weight, self.dec_attn_query_bias)
        layer = torch.tanh(key + query[:, None])
        weight = torch.softmax(layer @ self.dec_attn_score_weight.view(-1), -1)
        context = torch.bmm(weight[:, None], states)[:, 0]
        readout = F.linear(torch.cat([context, hidden], -1), self.dec_readout_weight, self.dec_readout_bias)
        logit = F.linear(readout, self.embed, self.dec_logit_bias)
        if kept is not None: kept.append((hidden, query, layer, weight, context, readout, logit, torch.softmax(logit, -1)))
        return logit, (hidden, context)


class Transformer(nn.Module):
    def __init__(self, w, heads):
        super().__init__()
        self.heads, self.width = heads, w["embed"].shape[1]
        self.layers = sum(1 for name in w if name.startswith("enc.") and name.endswith("self.q.weight"))
        together = {}
        for name, value in w.items():
            if name.endswith("self.q.weight"):
                together[name[:-8] + "qkv"] = torch.cat([w[name.replace(".q.", f".{part}.")] for part in "qkv"])
            if name.endswith("cross.k.weight"):
                together[name[:-8] + "kv"] = torch.cat([value, w[name.replace(".k.", ".v.")]])
        self.w = nn.ParameterDict({name.replace(".", "_"): nn.Parameter(v) for name, v in {**w, **together}.items()})
        position, pair = torch.arange(512)[:, None].double(), torch.arange(self.width // 2).double()
        angle = position / 10000 ** (2 * pair / self.width)
        self.register_buffer("position", torch.stack([angle.sin(), angle.cos()], -1).flatten(1).float())

    def at(self, name): return self.w[name.replace(".", "_")]

    def norm(self, name, x): return F.layer_norm(x, (self.width,), self.at(name + ".gain").view(-1), self.at(name + ".shift").view(-1))

    def split(self, x): return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def look(self, name, q, k, v):
        weight = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(self.width // self.heads), -1)
        return F.linear((weight @ v).transpose(1, 2).flatten(2), self.at(name + ".result.weight")), weight

    def feed(self, name, x):
        hidden = torch.relu(F.linear(x, self.at(name + ".hidden.weight"), self.at(name + ".hidden.bias").view(-1)))
        return F.linear(hidden, self.at(name + ".result.weight"), self.at(name + ".result.bias").view(-1))

    def encode(self, source):
        x = F.embedding(source, self.at("embed")) * math.sqrt(self.width) + self.position[:source.shape[1]]
        for l in range(self.layers):
            q, k, v = map(self.split, F.linear(self.norm(f"enc.{l}.norm1", x), self.at(f"enc.{l}.self.qkv")).chunk(3, -1))
            x = x + self.look(f"enc.{l}.self", q, k, v)[0]
            x = x + self.feed(f"enc.{l}.ffn", self.norm(f"enc.{l}.norm2", x))
        memory = self.norm("enc.state", x)
        pairs = [tuple(map(self.split, F.linear(memory, self.at(f"dec.{l}.cross.kv")).chunk(2, -1))) for l in range(self.layers)]
        empty = torch.zeros(self.layers, 1, self.heads, 0, self.width // self.heads)
        return (torch.stack([k for k, _ in pairs]), torch.stack([v for _, v in pairs])), (torch.zeros(1, dtype=torch.long), empty, empty)

    def step(self, word, memory, state, kept=None):
        place, keys, values = state
        x = (F.embedding(word, self.at("embed")) * math.sqrt(self.width) + self.position[place])[:, None]
        new_keys, new_values = [], []
        for l in range(self.layers):
            q, k, v = map(self.split, F.linear(self.norm(f"dec.{l}.norm1", x), self.at(f"dec.{l}.self.qkv")).chunk(3, -1))
            new_keys.append(torch.cat([keys[l], k], 2))
            new_values.append(torch.cat([values[l], v], 2))
            y, weight = self.look(f"dec.{l}.self", q, new_keys[-1], new_values[-1])
            x = x + y
            q = self.split(F.linear(self.norm(f"dec.{l}.norm2", x), self.at(f"dec.{l}.cross.q.weight")))
            z, cross = self.look(f"dec.{l}.cross", q, memory[0][l], memory[1][l])
            x = x + z
            f = self.feed(f"dec.{l}.ffn", self.norm(f"dec.{l}.norm3", x))
            x = x + f
            if kept is not None: kept.append((q, k, v, weight, y, cross, z, f, x))
        logit = F.linear(self.norm("dec.state", x[:, 0]), self.at("embed"), self.at("dec.logit.bias").view(-1))
        if kept is not None: kept.append((logit, torch.softmax(logit, -1)))
        return logit, (place + 1, torch.stack(new_keys), torch.stack(new_values))


@torch.no_grad()
def decode(model, source, count=TARGET, kept=None):
    memory, state = model.encode(source)
    word, words = torch.tensor([START]), []
    for _ in range(count):
        logit, state = model.step(word, memory, state, kept)
        word = logit.argmax(-1)
        words.append(word)
    return torch.cat(words).tolist()


@torch.no_grad()
def largest_difference(model, source, target, logprob):
    memory, state = model.encode(source)
    word, largest = torch.tensor([START]), 0
    for row, right in enumerate(target):
        logit, state = model.step(word, memory, state)
        largest = max(largest, (torch.log_softmax(logit, -1)[0] - logprob[row]).abs().max().item())
        word = torch.tensor([right])
    return largest


def median_ms(work, runs):
    for _ in range(10): work()
    samples = []
    for _ in range(runs):
        start = time.process_time()
        work()
        samples.append(time.process_time() - start)
    return 1e3 * sorted(samples)[len(samples) // 2]


class Encoder(nn.Module):
    def __init__(self, model): super().__init__(); self.model = model
    def forward(self, source):
        memory, state = self.model.encode(source)
        return (*memory, *state)


class Step(nn.Module):
    def __init__(self, model, memories): super().__init__(); self.model, self.memories = model, memories
    def forward(self, word, *rest):
        logit, state = self.model.step(word, rest[:self.memories], rest[self.memories:])
        return (logit.argmax(-1), *state)


def write_onnx(model, source, folder):
    model.eval()
    for p in model.parameters(): p.requires_grad_(False)
    os.makedirs(folder, exist_ok=True)
    memory, state = model.encode(source)
    inputs = [f"memory{i}" for i in range(len(memory))] + [f"state{i}" for i in range(len(state))]
    outputs = [f"next{i}" for i in range(len(state))]
    recurrent = isinstance(model, Recurrent)
    grow = {} if recurrent else {"state1": {3: "t"}, "state2": {3: "t"}, "next1": {3: "u"}, "next2": {3: "u"}}
    lengths = {"memory0": {1: "S"}, "memory1": {1: "S"}} if recurrent else {"memory0": {3: "S"}, "memory1": {3: "S"}}
    torch.onnx.export(Encoder(model), (source,), f"{folder}/encoder.onnx", opset_version=14, input_names=["source"], output_names=inputs,
                      dynamic_axes={"source": {1: "S"}, **lengths})
    torch.onnx.export(Step(model, len(memory)), (torch.tensor([START]), *memory, *state), f"{folder}/step.onnx", opset_version=14,
                      input_names=["word", *inputs], output_names=["next", *outputs], dynamic_axes={**lengths, **grow})
    json.dump({"source": source[0].tolist(), "count": TARGET, "memories": len(memory), "states": len(state),
               "words": decode(model, source)}, open(f"{folder}/run.json", "w"))


def train_ms(model, runs):
    sentences, words = 150, model.embed.shape[0]
    source, target = torch.randint(4, words, (sentences, 9)), torch.randint(4, words, (sentences, 11))
    fed = torch.cat([torch.full((sentences, 1), START), target[:, :-1]], 1)
    adam = torch.optim.Adam(model.parameters(), 1e-4, foreach=True)

    def step():
        memory, state = model.encode(source)
        memory, outputs = tuple(F.dropout(m, 0.1) for m in memory), []
        (states, key), (hidden, context) = memory, state
        for t in range(11):  # the readout and the loss of all rows at once: the fast way
            x = torch.cat([F.dropout(F.embedding(fed[:, t], model.embed) * model.scale, 0.1), context], -1)
            hidden = model.cell(x, hidden)
            query = F.linear(hidden, model.dec_attn_query_weight, model.dec_attn_query_bias)
            weight = torch.softmax(torch.tanh(key + query[:, None]) @ model.dec_attn_score_weight.view(-1), -1)
            context = torch.bmm(weight[:, None], states)[:, 0]
            outputs.append(torch.cat([context, hidden], -1))
        readout = F.dropout(F.linear(torch.stack(outputs, 1), model.dec_readout_weight, model.dec_readout_bias), 0.1)
        loss = F.cross_entropy(F.linear(readout, model.embed, model.dec_logit_bias).flatten(0, 1), target.flatten(), label_smoothing=0.1)
        adam.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
    return median_ms(step, runs)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("trace")
    parser.add_argument("--onnx")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--train", action="store_true")
    options = parser.parse_args()
    tensors, ids = read(options.trace)
    weights = {name[7:]: t.view(-1) if name.endswith(".bias") else t for name, t in tensors.items() if name.startswith("weight.")}
    recurrent = "dec.gru.hidden.weight" in weights
    model = Recurrent(weights) if recurrent else Transformer(weights, tensors["enc.0.self.weight"].shape[0])
    source = torch.tensor([ids["source"]])
    print(f"{source.shape[1]} source tokens; largest difference of a log-probability to the trace:",
          f"{largest_difference(model, source, ids['target'], tensors['dec.logprob']):.2g}")
    if options.onnx: return write_onnx(model, source, options.onnx)
    if options.train:
        ms = train_ms(model, 12)
        return print(f"training step {ms:.1f} ms, {150 * 11 / ms * 1e3:.0f} target tokens/s")
    print(f"encode + {TARGET} words: {median_ms(lambda: decode(model, source), options.runs):.3f} ms,",
          f"with every intermediate kept {median_ms(lambda: decode(model, source, kept=[]), options.runs):.3f} ms")


main()
