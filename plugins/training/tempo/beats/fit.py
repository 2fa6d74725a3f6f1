"""Fit the networks of likelihood.py to pictures of pieces whose beats are known.

usage: fit.py OUT PICTURES...

Needs PyTorch, on a processor. Two members are fitted from the seeds 1 and 2; every twelfth piece is kept out to be
judged by. A member takes a minute on a free processor. More steps are better on such pieces and worse on recordings.
"""

import pickle
import sys
from pathlib import Path

import numpy as np
import torch
from excerpts import Excerpt
from torch import Tensor, nn
from torch.nn import functional

from samplemind_plugins.tempo.likelihood import FAR, NEAR, OCTAVE, RELATED, SAID, speed
from samplemind_plugins.tempo.picture import ROWS, TEMPI

HIDDEN, PREFERRED = 24, 16
STEPS, BATCH, RATE, DECAY, DROPPED = 500, 32, 3e-3, 3e-3, 0.15
SEEDS = (1, 2)
MOVED = 7  # steps of TEMPI that a picture is moved at most: all tempi a little faster or slower


class Listener(nn.Module):
    """The network of likelihood.Network, while it learns."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(ROWS)
        self.first = nn.Linear(ROWS * len(RELATED + NEAR), HIDDEN)
        self.second = nn.Linear(HIDDEN * len(RELATED), PREFERRED)
        self.preferred = nn.Linear(speed().shape[1], PREFERRED, bias=False)
        self.out = nn.Linear(PREFERRED, 1)
        self.direct = nn.Linear(HIDDEN, 1)
        self.register_buffer("speed", torch.from_numpy(speed()))

    def forward(self, pictures: Tensor) -> Tensor:
        """The logarithm of the probability of TEMPI[SAID], shape (pictures, 186)."""
        rows = functional.dropout1d(self.norm(pictures), DROPPED, self.training)
        inside = functional.elu(self.first(_relatives(rows, RELATED + NEAR)))
        seen = functional.dropout(inside, DROPPED, self.training).transpose(1, 2)
        hidden = torch.tanh(self.second(_relatives(seen, RELATED)) + self.preferred(self.speed))
        score = (self.out(hidden) + self.direct(inside))[:, SAID, 0]
        return functional.log_softmax(score, 1)

    def plain(self) -> dict[str, np.ndarray]:
        """What likelihood.Network needs."""
        gain = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
        parts = {
            "scale": gain,
            "shift": self.norm.bias - gain * self.norm.running_mean,
            "first": self.first.weight.T,
            "first_bias": self.first.bias,
            "second": self.second.weight.T,
            "second_bias": self.second.bias,
            "preferred": self.preferred.weight.T,
            "out": self.out.weight[0],
            "direct": self.direct.weight[0],
        }
        return {name: value.detach().numpy() for name, value in parts.items()}


def _relatives(rows: Tensor, steps: tuple[int, ...]) -> Tensor:
    width = rows.shape[2]
    filled = functional.pad(rows, (FAR, FAR))
    return torch.cat([filled[:, :, FAR + step : FAR + step + width] for step in steps], 1).transpose(1, 2)


def targets(excerpts: list[Excerpt]) -> Tensor:
    """What is to be said: a bell around the true tempo, the wider the less steady it is."""
    steps = OCTAVE * np.log2([one.bpm / TEMPI[0] for one in excerpts])
    width = 1 + np.clip([25 * one.unsteady for one in excerpts], 0, 2.5)
    bells = np.exp(-0.5 * ((np.arange(len(TEMPI))[SAID] - steps[:, None]) / width[:, None]) ** 2)
    return torch.from_numpy((bells / bells.sum(axis=1, keepdims=True)).astype(np.float32))


def fit(seed: int, pictures: Tensor, wanted: Tensor) -> Listener:
    """A network that says what is wanted of the pictures."""
    torch.manual_seed(seed)
    chance, network = np.random.default_rng(seed), Listener()
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    for step in range(STEPS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 50) * (0.02 + 0.49 * (1 + np.cos(np.pi * step / STEPS)))
        some, moved = chance.choice(len(pictures), BATCH), int(chance.integers(-MOVED, MOVED + 1))
        seen, said = torch.roll(pictures[some], moved, 2), torch.roll(wanted[some], moved, 1)
        loss = -(said * network(seen)).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return network.eval()


def judge(network: Listener, pictures: Tensor, excerpts: list[Excerpt]) -> str:
    """How often it is right of what it has not seen, within 4 %, and how often but for an octave."""
    with torch.no_grad():
        best = TEMPI[SAID][network(pictures).argmax(1).numpy()]
    apart = best / np.array([one.bpm for one in excerpts])
    right = [np.abs(apart / times - 1) <= 0.04 for times in (1, 2, 3, 1 / 2, 1 / 3)]
    return f"{right[0].mean():.3f}/{np.any(right, axis=0).mean():.3f}"


def main(out: Path, sources: list[Path]) -> None:
    """Fit the members and write them."""
    torch.set_num_threads(1)
    made = [one for source in sources for one in pickle.loads(source.read_bytes())]
    made = [one for one in made if TEMPI[SAID][0] < one[2].bpm < TEMPI[SAID][-1]]
    kept, learnt = ([one[2] for one in made if (one[0] % 12 == 0) == out] for out in (True, False))
    seen, unseen = (
        torch.from_numpy(np.stack([one.picture for one in some])).float() for some in (learnt, kept)
    )
    members = []
    for seed in SEEDS:
        network = fit(seed, seen, targets(learnt))
        members.append(network.plain())
        print(
            f"seed {seed}: {len(learnt)} excerpts; Acc1/Acc2 of {len(kept)} others",
            judge(network, unseen, kept),
            flush=True,
        )
    np.savez_compressed(out, **{name: np.stack([one[name] for one in members]) for name in members[0]})


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(one) for one in sys.argv[2:]])
