"""Fits the networks of samplemind_plugins/convolution.py, with PyTorch."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from confidence import Numbers
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import log_softmax, max_pool2d, one_hot, relu

SIDE, DEEPEST = 20, -4.0  # of a picture, as in samplemind_plugins/kind/picture.py
FILTERS, HELD_BACK = (
    (16, 32),
    0.3,
)  # the filters of both layers, and the share of the last inputs that is dropped
SEEN, BATCH, RATE, DECAY = 60_000, 256, 6e-3, 0.03
MIXED = 0.4  # at most, of another picture


class PictureFit:
    """Networks fitted to pictures, shape (sounds, 20, 20); `weights` says how much each counts."""

    def __init__(self, pictures: Numbers, labels: NDArray[Any], weights: Numbers, members: int) -> None:
        self.classes = sorted(set(labels))
        self.mean, self.scale = float(pictures.mean()), float(pictures.std())
        seen = torch.tensor(pictures, dtype=torch.float32)
        right = torch.tensor([self.classes.index(one) for one in labels])
        self.members = [self._fitted(seen, right, torch.tensor(weights), seed) for seed in range(members)]

    def _fitted(self, pictures: Tensor, right: Tensor, weights: Tensor, seed: int) -> "_Net":
        chance, steps = torch.Generator().manual_seed(seed), SEEN // BATCH
        torch.manual_seed(seed)
        net = _Net(len(self.classes))
        optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
        chosen = torch.multinomial(weights, steps * BATCH, replacement=True, generator=chance).reshape(
            steps, BATCH
        )
        for batch in chosen:
            wanted = one_hot(right[batch], len(self.classes)).float()
            share = 1 - MIXED * torch.rand(BATCH, 1, generator=chance)
            other = torch.randperm(BATCH, generator=chance)
            changed = _changed(pictures[batch], chance)
            changed = share[:, :, None] * changed + (1 - share[:, :, None]) * changed[other]
            wanted = share * wanted + (1 - share) * wanted[other]
            said = log_softmax(net((changed - self.mean) / self.scale), 1)
            optimizer.zero_grad()
            (-(wanted * said).sum(1).mean()).backward()
            optimizer.step()
            schedule.step()
        return net.eval()

    def logits(self, pictures: Numbers) -> Numbers:
        """The mean of the networks' log probabilities, shape (pictures, classes)."""
        with torch.no_grad():
            seen = (torch.tensor(pictures, dtype=torch.float32) - self.mean) / self.scale
            return np.mean([log_softmax(net(seen), 1).double().numpy() for net in self.members], axis=0)

    def write(self, path: Path, sharpness: float) -> None:
        """The fitted numbers as samplemind_plugins.convolution reads them."""
        layers = [
            [
                *_folded(net.first, net.even),
                *_folded(net.second, net.evened),
                net.last.weight.T,
                net.last.bias,
            ]
            for net in self.members
        ]
        names = ("first", "first_bias", "second", "second_bias", "last", "last_bias")
        stacked = [np.stack([one.detach().numpy() for one in layer]) for layer in zip(*layers, strict=True)]
        np.savez_compressed(
            path, classes=np.array([str(one) for one in self.classes]), mean=self.mean, scale=self.scale,
            sharpness=sharpness, **{name: one.astype(np.float16) for name, one in zip(names, stacked, strict=True)},
        )  # fmt: skip


class _Net(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        few, many = FILTERS
        self.first, self.even = nn.Conv2d(2, few, 3, padding=1), nn.BatchNorm2d(few)
        self.second, self.evened = nn.Conv2d(few, many, 3, padding=1), nn.BatchNorm2d(many)
        self.last, self.drop = nn.Linear(many * (SIDE // 4) ** 2, classes), nn.Dropout(HELD_BACK)

    def forward(self, seen: Tensor) -> Tensor:
        height = torch.linspace(-1, 1, SIDE).expand(len(seen), SIDE, SIDE)
        inner = max_pool2d(relu(self.even(self.first(torch.stack([seen, height], 1)))), 2)
        inner = max_pool2d(relu(self.evened(self.second(inner))), 2)
        return self.last(self.drop(inner.flatten(1)))


def _folded(layer: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """The filters and biases that do what the layer and its normalisation do."""
    factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return layer.weight * factor[:, None, None, None], (layer.bias - norm.running_mean) * factor + norm.bias


def _changed(pictures: Tensor, chance: torch.Generator) -> Tensor:
    """Pictures with another tilt, another tone, another decay, and sometimes in noise."""

    def some(*shape: int) -> Tensor:
        return torch.rand(len(pictures), *shape, generator=chance)

    height, time = torch.linspace(-1, 1, SIDE), torch.arange(SIDE) / SIDE
    tone = (some(1) - 0.5) * 0.6 * height
    tone = tone + (some(1) - 0.5) * 0.4 * torch.cos(3 * height * (1 + some(1)) + 2 * torch.pi * some(1))
    faded = (some(1) * 0.6 - 0.2)[:, :, None] * time[None, :, None] ** 2
    turned = pictures + tone[:, None, :] - faded
    floor = DEEPEST + 1.2 * some(1, 1) * (some(1, 1) < 0.3)
    return torch.maximum(turned - turned.amax((1, 2), keepdim=True), floor)
