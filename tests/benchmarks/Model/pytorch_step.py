"""A training step of GPT-2 in PyTorch, written as its users write it: the peer of StepBenchmark.

The argument is JSON: sizes, files with weights (fp32) and ids (int64), and where each parameter lies. Each line on
stdin asks for a step; the answer is a line of JSON with the loss before it, the milliseconds of processor that it
took, and the most memory so far.
"""

import json
import math
import sys
import time

import numpy
import torch
from torch.nn import functional as F


class Gpt2:
    def __init__(self, asked):
        self.layers, self.heads = asked["layers"], asked["heads"]
        flat = numpy.fromfile(asked["weights"], dtype=numpy.float32)
        self.parameters, decayed, others = {}, [], []
        for slot in asked["slots"]:
            values = torch.from_numpy(flat[slot["offset"] : slot["offset"] + slot["count"]]).view(slot["shape"])
            if ".h." in slot["name"] and len(slot["shape"]) == 2:
                # nn.Linear keeps its weights as [out, in].
                values = values.t()
            parameter = values.contiguous().clone().requires_grad_()
            self.parameters[slot["name"]] = parameter
            (decayed if slot["decayed"] else others).append(parameter)
        self.optimiser = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}], lr=1e-4
        )

    def step(self, ids):
        self.optimiser.zero_grad(set_to_none=True)
        logits = self.logits(ids)
        loss = F.cross_entropy(logits[:, :-1].reshape(-1, logits.size(-1)), ids[:, 1:].reshape(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters.values(), 1.0)
        self.optimiser.step()
        return loss.item()

    def logits(self, ids):
        token = self.parameters["transformer.wte.weight"]
        x = F.embedding(ids, token) + self.parameters["transformer.wpe.weight"][: ids.size(1)]
        for layer in range(self.layers):
            name = f"transformer.h.{layer}."
            x = x + self.linear(name + "attn.c_proj", self.attention(name, self.norm(name + "ln_1", x)))
            wide = F.gelu(self.linear(name + "mlp.c_fc", self.norm(name + "ln_2", x)), approximate="tanh")
            x = x + self.linear(name + "mlp.c_proj", wide)
        return F.linear(self.norm("transformer.ln_f", x), token)

    def attention(self, name, x):
        batch, length, width = x.shape
        q, k, v = (
            part.view(batch, length, self.heads, -1).transpose(1, 2)
            for part in self.linear(name + "attn.c_attn", x).split(width, dim=2)
        )
        if hasattr(F, "scaled_dot_product_attention"):
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            # Before PyTorch 2.
            mask = torch.ones(length, length, dtype=torch.bool).triu(1)
            scores = (q @ k.transpose(-2, -1)) * (1 / math.sqrt(q.size(-1)))
            y = F.softmax(scores.masked_fill(mask, -math.inf), dim=-1) @ v
        return y.transpose(1, 2).reshape(batch, length, width)

    def linear(self, name, x):
        return F.linear(x, self.parameters[name + ".weight"], self.parameters[name + ".bias"])

    def norm(self, name, x):
        return F.layer_norm(x, x.shape[-1:], self.parameters[name + ".weight"], self.parameters[name + ".bias"])


def peak_megabytes():
    # getrusage would count what the process was before exec, a copy of its parent.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) >> 10


def main():
    asked = json.loads(sys.argv[1])
    torch.set_num_threads(1)
    model = Gpt2(asked)
    ids = torch.from_numpy(numpy.fromfile(asked["ids"], dtype=numpy.int64)).view(asked["batch"], asked["time"])
    for _ in sys.stdin:
        start = time.process_time()
        loss = model.step(ids)
        milliseconds = (time.process_time() - start) * 1000
        print(json.dumps({"loss": loss, "milliseconds": milliseconds, "peakMegabytes": peak_megabytes()}), flush=True)


main()
