"""The network in PyTorch: a BERT encoder (Devlin et al. 2019) and the heads that read its vectors.

graph/maille/model and graph/maille/annotate hold the same arithmetic in NumPy; names of tensors agree.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

NAMES = ["PER", "ORG", "LOC", "PROD", "EVENT"]
LAYER_A = [*NAMES, "REF", "MONEY", "DATE", "QTY", "PCT", "JOB", "NORP"]
LAYER_B = ["SECTOR", "AWARD", "ALIAS", "TITLE", "SERIES", "TOPIC", "EVNAME"]
NODE_LABELS = [*LAYER_A, *LAYER_B]
MODALITIES = ["Asserted", "Planned", "Possible", "Conditional", "Denied"]
PERIODS = ["Current", "Former"]
GAPS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192]
HIDDEN, WIDTH = 384, 512
MIDDLE = 5
"""The layer whose vectors the syntactic heads see beside those of the last."""
SIGHT = 256
"""Tokens on either side of a node in which it seeks the words that tie it to another."""


def bio(labels: list[str]) -> list[str]:
    return ["O", *(f"{x}-{name}" for name in labels for x in "BI")]


class Chance:
    """Random bytes for dropout on a processor; `seed` begins them anew."""

    def __init__(self) -> None:
        self.seed(0)

    def seed(self, number: int) -> None:
        self.source = np.random.default_rng(number)


CHANCE = Chance()


class Drop(nn.Dropout):
    """Dropout (Srivastava et al. 2014) whose random bytes come from NumPy on a processor: four times as fast there."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or x.is_cuda:
            return super().forward(x)
        draw = torch.from_numpy(np.frombuffer(CHANCE.source.bytes(x.numel()), np.uint8).copy()).view(x.shape)
        limit = round(256 * self.p)
        return x * (draw >= limit).to(x.dtype).mul_(256 / (256 - limit))


class Layer(nn.Module):
    def __init__(self, arrays: dict[str, np.ndarray], n: int) -> None:
        super().__init__()
        for name in ("q", "k", "v", "ao", "fi", "fo"):
            w = torch.tensor(arrays[f"l{n}.{name}.w"])
            linear = nn.Linear(w.shape[1], w.shape[0])
            linear.weight.data, linear.bias.data = w, torch.tensor(arrays[f"l{n}.{name}.b"])
            setattr(self, name, linear)
        for name in ("aln", "oln"):
            norm = nn.LayerNorm(HIDDEN, eps=1e-12)
            norm.weight.data, norm.bias.data = (
                torch.tensor(arrays[f"l{n}.{name}.w"]),
                torch.tensor(arrays[f"l{n}.{name}.b"]),
            )
            setattr(self, name, norm)
        self.drop = Drop(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        b, n, _ = x.shape
        split = lambda t: t.view(b, n, 12, 32).transpose(1, 2)  # noqa: E731
        a = self.attention(split(self.q(x)), split(self.k(x)), split(self.v(x)), mask)
        x = self.aln(x + self.drop(self.ao(a.transpose(1, 2).reshape(b, n, HIDDEN))))
        return self.oln(x + self.drop(self.fo(F.gelu(self.fi(x)))))

    def attention(self, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        if q.is_cuda:
            return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=0.1 if self.training else 0.0)
        logits = (q @ k.transpose(-1, -2)) * 32**-0.5  # written out it takes half the time on a processor, in bfloat16
        if mask is not None:
            logits = logits.masked_fill(~mask, -1e4)
        return logits.softmax(-1).to(v.dtype) @ v


class Encoder(nn.Module):
    """Piece ids (b, n) and lengths (b,) -> vectors (b, n, 768): of the last layer, then of the middle one."""

    def __init__(self, arrays: dict[str, np.ndarray], layers: int) -> None:
        super().__init__()
        self.word = nn.Embedding.from_pretrained(torch.tensor(arrays["emb.word"]).float(), freeze=True)
        self.pos = nn.Embedding.from_pretrained(
            torch.tensor(arrays["emb.pos"] + arrays["emb.type"][0]).float(), freeze=False
        )
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.norm.weight.data, self.norm.bias.data = torch.tensor(arrays["emb.ln.w"]), torch.tensor(arrays["emb.ln.b"])
        self.layers = nn.ModuleList(Layer(arrays, n) for n in range(layers))
        self.drop = Drop(0.1)

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        n, mask = ids.shape[1], None
        if lengths is not None:
            mask = (torch.arange(n, device=ids.device)[None] < lengths[:, None])[:, None, None, :]
        x = self.drop(self.norm(self.word(ids) + self.pos.weight[:n]))
        middle = x
        for k, layer in enumerate(self.layers):
            x = layer(x, mask)
            middle = x if k + 1 == MIDDLE else middle
        return torch.cat([x, middle], -1).float()


class Syntax(nn.Module):
    """Tags, lemma rules, sentence starts and biaffine heads (Dozat & Manning 2017), behind one hidden layer."""

    def __init__(self, tags: int, lemmas: int, deps: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(2 * HIDDEN, WIDTH)
        self.tag, self.lemma, self.start = nn.Linear(WIDTH, tags), nn.Linear(WIDTH, lemmas), nn.Linear(WIDTH, 1)
        self.arc_dep, self.arc_head = nn.Linear(WIDTH, 256), nn.Linear(WIDTH, 256)
        self.arc = nn.Parameter(torch.zeros(257, 256))
        self.lab_dep, self.lab_head = nn.Linear(WIDTH, 96), nn.Linear(WIDTH, 96)
        self.lab = nn.Parameter(torch.zeros(deps, 97, 97))
        self.drop = Drop(0.25)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Token vectors (..., 768) as the encoder gives them -> (..., 512)."""
        x = torch.cat([x[..., HIDDEN:], x[..., :HIDDEN]], -1)
        return self.drop(F.gelu(self.hidden(self.drop(x))))

    def arcs(self, h: torch.Tensor) -> torch.Tensor:
        """Scores (b, n, n): token i of a sentence hangs on token j; a root hangs on itself."""
        d, k = self.drop(F.gelu(self.arc_dep(h))), self.drop(F.gelu(self.arc_head(h)))
        return torch.cat([d, torch.ones_like(d[..., :1])], -1) @ self.arc @ k.transpose(-1, -2)

    def relations(self, h: torch.Tensor, heads: torch.Tensor) -> torch.Tensor:
        """Scores (b, n, relations) of each token's relation to its head (b, n)."""
        one = lambda t: torch.cat([t, torch.ones_like(t[..., :1])], -1)  # noqa: E731
        d, k = one(self.drop(F.gelu(self.lab_dep(h)))), one(self.drop(F.gelu(self.lab_head(h))))
        k = k.gather(1, heads[..., None].expand(-1, -1, k.shape[-1]))
        return (torch.einsum("bnd,kde->bnke", d, self.lab) @ k[..., None])[..., 0]


class Heads(nn.Module):
    """Mentions, and links between nodes; `seek` lets a pair attend to the words that tie its ends (after Zhou et al. 2021)."""

    def __init__(self, labels: dict[str, list[str]]) -> None:
        super().__init__()
        self.mention = nn.Linear(HIDDEN, len(bio(LAYER_A)))
        self.extra = nn.Linear(HIDDEN, len(bio(LAYER_B)))
        self.node = nn.Linear(3 * HIDDEN, 256)
        self.node_label = nn.Embedding(len(NODE_LABELS), 256)
        self.left, self.right, self.between = nn.Linear(256, 384), nn.Linear(256, 384), nn.Linear(HIDDEN, 384)
        self.gap = nn.Embedding(2 * (len(GAPS) + 1), 384)
        self.stops = nn.Embedding(6, 384)
        self.prod_left, self.prod_right = nn.Linear(256, 256), nn.Linear(256, 256)
        self.seek_left, self.seek_right = nn.Linear(256, 64), nn.Linear(256, 64)
        self.seek_key, self.seek_value = nn.Linear(HIDDEN, 64), nn.Linear(HIDDEN, 192)
        self.seek_slope = nn.Parameter(torch.zeros(2))
        self.seek_out = nn.Linear(192, 384)
        self.pair = nn.Linear(640, 384)
        self.link = nn.Linear(384, len(labels["links"]))
        self.antecedent = nn.Linear(384, 1)
        self.how_label = nn.Embedding(len(labels["links"]), 384)
        self.how = nn.Linear(384, 384)
        self.modality, self.period = nn.Linear(384, len(MODALITIES)), nn.Linear(384, len(PERIODS))
        nn.init.constant_(self.link.bias, -5.0)
        nn.init.normal_(self.gap.weight, std=0.05), nn.init.normal_(self.stops.weight, std=0.05)
        nn.init.normal_(self.node_label.weight, std=0.1)
        self.drop = Drop(0.2)

    def sought(
        self, x: torch.Tensor, m: torch.Tensor, s: torch.Tensor, e: torch.Tensor, real: torch.Tensor
    ) -> torch.Tensor:
        """What each pair of nodes (b, k, k, 192) finds in the words both look at: the product of two attentions."""
        key, value = self.seek_key(x), self.seek_value(x).float()
        t = torch.arange(x.shape[1], device=x.device)
        away = torch.maximum(s[..., None] - t, t - (e[..., None] - 1)).clamp(min=0)
        hidden = (away > SIGHT) | ~real[:, None]
        sides = []
        for k, seek in enumerate((self.seek_left, self.seek_right)):
            logits = (seek(m) @ key.transpose(1, 2)).float() / 8
            logits = logits - F.softplus(self.seek_slope[k]) * torch.log1p(away.float())
            logits = logits.masked_fill(hidden, -1e4)
            sides.append((logits - logits.amax(-1, keepdim=True).detach()).exp())
        left, right = sides
        total = left @ right.transpose(1, 2)
        both = (left[:, :, None] * right[:, None]).flatten(1, 2)
        found = (both @ value).view(*total.shape, -1)
        return found / (total[..., None] + 1e-9)

    def pairs(self, x: torch.Tensor, nodes: torch.Tensor, stop: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
        """Hidden vectors (b, m, m, 384) of ordered pairs of `nodes` (b, m, 3: start, end, label) over token vectors
        x (b, n, 384); `stop` (b, n) tells which tokens end a sentence, `real` (b, n) which are no padding."""
        s, e, lab = nodes.unbind(-1)
        total = torch.cat([torch.zeros_like(x[:, :1]), x.cumsum(1)], 1)
        pick = lambda t, i: t.gather(1, i[..., None].expand(-1, -1, t.shape[-1]))  # noqa: E731
        mean = (pick(total, e) - pick(total, s)) / (e - s).clamp(min=1)[..., None]
        m = torch.cat([pick(x, s), pick(x, (e - 1).clamp(min=0)), mean], -1)
        m = torch.tanh(self.drop(self.node(m)) + self.node_label(lab))
        lo = torch.minimum(e[:, :, None], e[:, None])
        hi = torch.maximum(lo, torch.maximum(s[:, :, None], s[:, None]))
        b, k, _ = lo.shape
        mid = pick(total, hi.reshape(b, -1)) - pick(total, lo.reshape(b, -1))
        mid = mid.reshape(b, k, k, -1) / (hi - lo).clamp(min=1)[..., None]
        gap = s[:, None] - s[:, :, None]
        index = torch.bucketize(gap.abs(), torch.tensor(GAPS, device=x.device), right=True) + (gap < 0) * (
            len(GAPS) + 1
        )
        count = torch.cat([torch.zeros_like(stop[:, :1]), stop.cumsum(1)], 1)
        stops = (
            (count.gather(1, hi.reshape(b, -1)) - count.gather(1, lo.reshape(b, -1)))
            .reshape(b, k, k)
            .long()
            .clamp(max=5)
        )
        z = self.between(mid) + self.seek_out(self.sought(x, m, s, e, real))
        z = z + self.left(m)[:, :, None] + self.right(m)[:, None]
        z = z + F.embedding(index, self.gap.weight.to(z.dtype)) + F.embedding(stops, self.stops.weight.to(z.dtype))
        p = self.prod_left(m)[:, :, None] * self.prod_right(m)[:, None]
        return F.gelu(self.pair(self.drop(torch.cat([F.gelu(z), p], -1))))


class Reader(nn.Module):
    """Encoder and heads under the names of the package's arrays."""

    def __init__(self, arrays: dict[str, np.ndarray], layers: int, labels: dict[str, list[str]]) -> None:
        super().__init__()
        self.encoder = Encoder(arrays, layers)
        self.heads = Heads(labels)
        self.syntax = Syntax(len(labels["tags"]), len(labels["lemmas"]), len(labels["deps"]))


def saved(reader: Reader) -> dict[str, np.ndarray]:
    """Trained arrays by the names of the package; the word embeddings, which never change, are left out."""
    arrays = {}
    for name, tensor in reader.state_dict().items():
        if not name.startswith("encoder.word"):
            name = name.replace("syntax.", "heads.", 1) if name.startswith("syntax.") else name
            arrays[name] = tensor.detach().float().cpu().numpy()
    return arrays


def load_labels(folder: Path) -> dict[str, list[str]]:
    """The label lists that a training wrote."""
    labels: dict[str, list[str]] = json.loads((folder / "labels.json").read_text("utf-8"))
    return labels
