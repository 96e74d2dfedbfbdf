#!/usr/bin/python3
"""scores.py HYP REF [REF …]  |  scores.py --links LINKS SURE [POSSIBLE]

A second opinion on attnscope eval, written from the papers with nothing but Python's standard library: BLEU-4 (Papineni et al.
2002), chrF2 (Popović 2015) and exact matches of translations; alignment error rate, precision and recall of word links (Och and
Ney 2003). Prints one JSON object with the keys of `attnscope eval --json`."""
import collections, json, math, re, sys, unicodedata

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
PLAIN = str.maketrans("‘’“”«»–—", "''\"\"\"\"--")


def lines(path):
    with open(path, encoding="utf-8-sig", newline="\n") as file:
        return [line.rstrip("\r\n") for line in file]


def words(text):
    text = unicodedata.normalize("NFC", text).lower()
    return re.findall(rf"[{HAN}]|(?:(?![{HAN}])\w)+'?|[^\w\s]", text)


def grams(sequence, n):
    return collections.Counter(tuple(sequence[i:i + n]) for i in range(len(sequence) - n + 1))


def bleu(pairs):
    match, total, length, reference_length, exact = [0] * 4, [0] * 4, 0, 0, 0
    for hypothesis, references in pairs:
        h, rs = words(hypothesis), [words(r) for r in references]
        exact += h in rs
        length += len(h)
        reference_length += min((abs(len(r) - len(h)), len(r)) for r in rs)[1]
        for n in range(4):
            allowed = collections.Counter()
            for r in rs:
                allowed |= grams(r, n + 1)
            mine = grams(h, n + 1)
            match[n] += sum((mine & allowed).values())
            total[n] += sum(mine.values())
    if min(match) == 0:
        return 0.0, exact
    penalty = min(1, math.exp(1 - reference_length / length))
    return 100 * penalty * math.exp(sum(math.log(m / t) for m, t in zip(match, total)) / 4), exact


def chrf_of(counts):
    orders = [c for c in counts if c[1] and c[2]]
    if not orders:
        return 0.0
    precision = sum(m / h for m, h, _ in orders) / len(orders)
    recall = sum(m / r for m, _, r in orders) / len(orders)
    return 100 * 5 * precision * recall / (4 * precision + recall) if precision + recall else 0.0


def chrf_counts(hypothesis, reference):
    texts = ["".join(unicodedata.normalize("NFC", t).translate(PLAIN).split()) for t in (hypothesis, reference)]
    out = []
    for n in range(1, 7):
        h, r = (grams(t, n) for t in texts)
        out.append((sum((h & r).values()), sum(h.values()), sum(r.values())))
    return out


def chrf(pairs):
    whole = [(0, 0, 0)] * 6
    for hypothesis, references in pairs:
        best = max((chrf_counts(hypothesis, r) for r in references), key=chrf_of)
        whole = [tuple(a + b for a, b in zip(x, y)) for x, y in zip(whole, best)]
    return chrf_of(whole)


def links(path):
    return [{tuple(map(int, link.split("-"))) for link in line.split()} for line in lines(path)]


def aer(found, sure, possible):
    a = s = in_sure = in_possible = 0
    for A, S, P in zip(found, sure, possible):
        a, s = a + len(A), s + len(S)
        in_sure += len(A & S)
        in_possible += len(A & (P | S))
    return {"aer_percent": 100 * (1 - (in_sure + in_possible) / (a + s)), "precision_percent": 100 * in_possible / a,
            "recall_percent": 100 * in_sure / s}


if sys.argv[1] == "--links":
    found, sure = links(sys.argv[2]), links(sys.argv[3])
    print(json.dumps(aer(found, sure, links(sys.argv[4]) if len(sys.argv) > 4 else sure)))
else:
    pairs = list(zip(lines(sys.argv[1]), zip(*map(lines, sys.argv[2:]))))
    score, exact = bleu(pairs)
    print(json.dumps({"bleu": score, "chrf2": chrf(pairs), "exact_percent": 100 * exact / len(pairs)}))
