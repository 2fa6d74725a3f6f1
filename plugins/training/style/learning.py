"""Fitting the two opinions on genre. Nothing of a single track is kept: kernels sit on points drawn from
normal distributions that are fitted to the genres."""

import numpy as np

from samplemind_plugins.style.model import FARTHEST, Model
from samplemind_plugins.style.summary import LEVEL, Numbers

KERNELS, NETWORKS, HIDDEN = 80, 6, 64  # kernels in each genre; networks, and units in each
DEAF = 3  # of the networks do not hear the level, for a file's gain is often an accident
WIDTH, RIDGE, STEEPNESS = 0.8, 0.1, 6.0  # WIDTH over the number of inputs
SHRINK = 0.3  # share of the covariance within all genres in that of one
NOISE, DECAY, EPOCHS, BATCH, RATE = 0.5, 2e-3, 100, 64, 3e-3


def fit(rows: Numbers, genre: Numbers, genres: int, sharpness: float = 1.0) -> Model:
    """A model of rows of measurements, shape (tracks, inputs), whose genres are known."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    inputs = np.clip((rows - mean) / scale, -FARTHEST, FARTHEST)
    counts = np.bincount(genre, minlength=genres)
    weight = (len(genre) / genres / np.maximum(counts, 1))[genre]  # each genre counts alike
    target = np.eye(genres)[genre]
    kernels = _fit_kernels(inputs, genre, weight, target)
    members = [_fit_network(inputs, weight, target, seed) for seed in range(NETWORKS)]
    networks = [np.stack(part) for part in zip(*members, strict=True)]
    return Model(mean, scale, *kernels, np.array(STEEPNESS), *networks, np.array(sharpness))


def _fit_kernels(
    inputs: Numbers, genre: Numbers, weight: Numbers, target: Numbers
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Centres, width, heights and bias: ridge regression on the genres, in closed form."""
    width = WIDTH / inputs.shape[1]
    centres = _draw(inputs, genre).astype(np.float16).astype(float)
    bias = np.average(target, axis=0, weights=weight)
    near = _near(inputs, centres, width)
    weighted = near * weight[:, None]
    penalty = RIDGE * _near(centres, centres, width) + 1e-6 * len(centres) * np.eye(len(centres))
    heights = np.linalg.solve(weighted.T @ near + penalty, weighted.T @ (target - bias))
    return centres, np.array(width), heights, bias


def _draw(inputs: Numbers, genre: Numbers) -> Numbers:
    """KERNELS points from a normal distribution for each genre."""
    chance, means = np.random.default_rng(0), {one: inputs[genre == one].mean(axis=0) for one in set(genre)}
    within = np.cov((inputs - np.array([means[one] for one in genre])).T)
    drawn = [
        chance.multivariate_normal(
            means[one], (1 - SHRINK) * np.cov(inputs[genre == one].T) + SHRINK * within, KERNELS
        )
        for one in sorted(means)
    ]
    return np.concatenate(drawn)


def _near(one: Numbers, other: Numbers, width: float) -> Numbers:
    squares = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T
    return np.exp(-width * np.maximum(squares, 0))


def _fit_network(inputs: Numbers, weight: Numbers, target: Numbers, seed: int) -> list[Numbers]:
    """A network with one hidden layer, fitted by Adam to rows that are disturbed anew each time."""
    chance, (count, width), deaf = np.random.default_rng(seed), inputs.shape, seed < DEAF
    parts = [
        chance.normal(0, width**-0.5, (width, HIDDEN)),
        np.zeros((1, HIDDEN)),
        chance.normal(0, 0.5 * HIDDEN**-0.5, (HIDDEN, target.shape[1])),
        np.zeros((1, target.shape[1])),
    ]
    first, second, step = [np.zeros_like(part) for part in parts], [np.zeros_like(part) for part in parts], 0
    for epoch in range(EPOCHS):
        rate = RATE * (1 + np.cos(np.pi * epoch / EPOCHS)) / 2
        order = chance.permutation(count)
        for batch in np.split(order, range(BATCH, count, BATCH)):
            disturbed = inputs[batch] + NOISE * chance.normal(size=(len(batch), width))
            disturbed[:, LEVEL] *= not deaf
            step += 1
            for i, slope in enumerate(_slopes(parts, disturbed, weight[batch], target[batch])):
                first[i] += 0.1 * (slope - first[i])
                second[i] += 0.01 * (slope**2 - second[i])
                parts[i] = parts[i] - rate * first[i] / (1 - 0.9**step) / (
                    np.sqrt(second[i] / (1 - 0.99**step)) + 1e-8
                )
    if deaf:
        parts[0][LEVEL] = 0
    return parts


def _slopes(parts: list[Numbers], inputs: Numbers, weight: Numbers, target: Numbers) -> list[Numbers]:
    """The gradient of the cross entropy and of the penalty, for each part."""
    inside, inside_bias, outside, outside_bias = parts
    hidden = np.maximum(inputs @ inside + inside_bias, 0)
    logits = hidden @ outside + outside_bias
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    error = (odds / odds.sum(axis=1, keepdims=True) - target) * (weight / len(weight))[:, None]
    back = (error @ outside.T) * (hidden > 0)
    return [
        inputs.T @ back + DECAY * inside,
        back.sum(axis=0, keepdims=True),
        hidden.T @ error + DECAY * outside,
        error.sum(axis=0, keepdims=True),
    ]
