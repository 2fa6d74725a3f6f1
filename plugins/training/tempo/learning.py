"""Fitting: the experts that choose among the candidates, and the doubt whether there is a pulse."""

from dataclasses import dataclass, replace

import numpy as np
from labelled import Item
from scipy.optimize import minimize

from samplemind_plugins.tempo.choice import Chosen, Expert, Experts, Pulse, ordered, standardised
from samplemind_plugins.tempo.grid import Numbers
from samplemind_plugins.tempo.length import SHORT, shortness

LOOP = ("loop off fours", "loop off threes", "loop off powers of 2", "loop log beats")
SALIENT = ("salience", "posterior", "pulses", "fourier")
FEW = (*SALIENT, *LOOP, "log tempo", "log tempo squared", "thirds of two")
HIDDEN = 16
NETWORKS = 3  # whose mean has the say: one alone is moved by the chance it begins with
COMPOSED = 0.6  # weight of what is composed, against all that is labelled
TOLD = 0.95  # chance that a loop is one, where it is told
DECAY = {0: 4.0, HIDDEN: 5.0}  # L2 penalty, by the number of hidden units


@dataclass(frozen=True)
class Model:
    """All that is fitted."""

    experts: Experts
    pulse: Pulse = Pulse(100, 0, 0)  # noqa: RUF009  no doubt

    def choose(self, item: Item, told: bool = False) -> Chosen:
        """The candidates in order; a loop may be told to be one."""
        short = max(shortness(item.seconds), TOLD if told and item.loop else 0)
        return ordered(item.evidence, self.experts.probability(item.evidence, short))


def weights(items: list[Item]) -> Numbers:
    """A weight for each sound: many of one group, or of one set, count less than their number."""
    found = np.ones(len(items))
    for part in (lambda item: (item.kind, item.group), lambda item: item.kind.split("_")[0]):
        keys = [part(item) for item in items]
        totals = {key: sum(found[i] for i, other in enumerate(keys) if other == key) for key in set(keys)}
        found = np.array([weight / totals[key] ** 0.5 for weight, key in zip(found, keys, strict=True)])
    return found / found.mean()


def fit_model(labelled: list[Item], weight: Numbers, composed: list[Item]) -> Model:
    """The experts, that for long sounds fitted to these only."""
    items = [*labelled, *composed]
    weight = np.r_[weight, weights(composed) * COMPOSED * weight.sum() / len(composed)]
    long = np.flatnonzero([item.seconds >= SHORT for item in items])
    many = [fit_expert(items, weight, items[0].evidence.names, HIDDEN, seed) for seed in range(NETWORKS)]
    return Model(
        Experts(
            fit_expert(items, weight, FEW, 0),
            fit_expert([items[i] for i in long], weight[long], SALIENT, 0),
            mean(many),
        )
    )


def mean(experts: list[Expert]) -> Expert:
    """One whose scores are the mean of those of others that know the same of the same sounds."""
    return replace(
        experts[0],
        direct=np.mean([one.direct for one in experts], axis=0),
        inside=np.concatenate([one.inside for one in experts], axis=1),
        bias=np.concatenate([one.bias for one in experts]),
        out=np.concatenate([one.out for one in experts]) / len(experts),
    )


def fit_expert(
    items: list[Item], weight: Numbers, names: tuple[str, ...], hidden: int, seed: int = 0
) -> Expert:
    """The expert under which the right candidates are most probable, less a penalty on large weights."""
    every = np.concatenate([item.evidence.columns(names) for item in items])
    mean, scale = every.mean(axis=0), every.std(axis=0) + 1e-6
    used = [index for index, item in enumerate(items) if item.right.any()]
    inputs = standardised(np.concatenate([items[i].evidence.columns(names) for i in used]), mean, scale)
    target = np.concatenate([items[i].right / items[i].right.sum() for i in used])
    counts = [len(items[i].right) for i in used]
    starts, owner = np.r_[0, np.cumsum(counts)[:-1]], np.repeat(np.arange(len(used)), counts)
    each = weight[used][owner]
    count = len(names)

    def parts(vector: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        direct, inside, bias, out = np.split(
            vector, [count, count + count * hidden, count + count * hidden + hidden]
        )
        return direct, inside.reshape(count, hidden), bias, out

    def loss(vector: Numbers) -> tuple[float, Numbers]:
        direct, inside, bias, out = parts(vector)
        active = np.tanh(inputs @ inside + bias)
        score = inputs @ direct + active @ out
        score = score - np.maximum.reduceat(score, starts)[owner]
        odds = np.exp(score)
        total = np.add.reduceat(odds, starts)[owner]
        error = each * (odds / total - target)
        back = error[:, None] * out * (1 - active**2)
        gradient = np.r_[inputs.T @ error, (inputs.T @ back).ravel(), back.sum(axis=0), active.T @ error]
        penalty = DECAY[hidden] * (vector @ vector)
        return -(each * target * (score - np.log(total))).sum() + penalty, gradient + 2 * DECAY[
            hidden
        ] * vector

    chance = np.random.default_rng(seed)
    start = np.r_[
        np.zeros(count),
        chance.normal(0, 0.6 / np.sqrt(count), count * hidden),
        chance.normal(0, 0.1, hidden),
        chance.normal(0, 0.3, hidden),
    ]
    limit = 150 if hidden else 300
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": limit}).x
    return Expert(names, mean, scale, *parts(found))


def fit_pulse(probability: Numbers, inputs: Numbers, right: Numbers, weight: Numbers) -> Pulse:
    """How contrast and coherence tell a pulse, so that its probability times the tempo's is well calibrated."""

    def loss(vector: Numbers) -> float:
        pulse = 1 / (1 + np.exp(-vector[0] - inputs @ vector[1:]))
        sure = np.clip(pulse * probability, 1e-6, 1 - 1e-6)
        likelihood = right * np.log(sure) + (1 - right) * np.log(1 - sure)
        return float(-(weight * likelihood).sum() + 0.05 * vector[1:] @ vector[1:])

    found = minimize(loss, np.array([0.0, 1.0, 1.0]), method="BFGS").x
    return Pulse(*(round(float(one), 4) for one in found))


def fit_softmax(evidence: Numbers, true: Numbers, weight: Numbers, decay: float) -> Numbers:
    """The weights under which the true alternatives are most probable: evidence is (cases, alternatives, n)."""
    cases = np.arange(len(true))

    def loss(vector: Numbers) -> tuple[float, Numbers]:
        scores = evidence @ vector
        scores = scores - scores.max(axis=1, keepdims=True)
        chance = np.exp(scores)
        chance /= chance.sum(axis=1, keepdims=True)
        error = chance.copy()
        error[cases, true] -= 1
        gradient = np.einsum("nk,nkf->f", error * weight[:, None], evidence) + 2 * decay * vector
        likelihood = (weight * np.log(chance[cases, true] + 1e-12)).sum()
        return decay * vector @ vector - likelihood, gradient

    found: Numbers = minimize(loss, np.zeros(evidence.shape[2]), jac=True, method="L-BFGS-B").x
    return found
