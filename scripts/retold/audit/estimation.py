"""How many errors are left: from what a reader found of the planted ones, or from two passes.

Residual error. Of ``planted`` errors a reader found ``k``, so the recall of the reading is
``r = k / planted``. The same reading found ``f`` errors that nobody planted, which were mended. If true
errors are as easy to find as planted ones, ``f`` is binomial in their number ``N`` with probability ``r``;
so ``N`` is estimated as ``f / r`` and what is left as ``f / r - f``. The upper bound takes the lower limit
of ``r`` (Clopper–Pearson, 97.5 %, one-sided) and then the largest ``N`` for which finding so few as ``f``
has a chance of 2.5 % or more: by Bonferroni it holds with 95 % confidence. It does not cover errors unlike
the planted ones: of judgement, shared by all readers, or in what was not planted (segments, quotation
marks, topics of articles, registries of entities and utterances).

Capture–recapture. Two independent passes have ``n1`` and ``n2`` of the true items, ``both`` of them in
common; Chapman's estimate of all is ``(n1 + 1)(n2 + 1) / (both + 1) - 1``. Passes that tend to miss the
same items make it too low.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Residual:
    """Errors left after mending; both are ``None`` where no planted error was found: nothing is known."""

    estimate: float | None
    upper: int | None


@dataclass(frozen=True, slots=True)
class Missed:
    """Items that neither pass has, with the upper end of a 95 % interval by Chapman's variance."""

    estimate: float
    upper: float


def clopper_pearson(hits: int, trials: int) -> Interval:
    """Return the exact interval of a proportion.

    Raises:
        ValueError: There are no trials, or not ``0 <= hits <= trials``.
    """
    _check(hits, trials)
    low = 0.0 if hits == 0 else _root(lambda p: 1 - binomial_cdf(hits - 1, trials, p), 0.025)
    high = 1.0 if hits == trials else _root(lambda p: 1 - binomial_cdf(hits, trials, p), 0.975)
    return Interval(low, high)


def wilson(hits: int, trials: int) -> Interval:
    """Return the score interval of a proportion; ``ValueError`` as ``clopper_pearson``."""
    _check(hits, trials)
    share, z2 = hits / trials, Z95**2
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = Z95 / (1 + z2 / trials) * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def residual(found: int, hits: int, planted: int) -> Residual:
    """Return the errors left, of a reading that found ``hits`` of ``planted`` errors and ``found`` true ones.

    Raises:
        ValueError: Nothing was planted, or a count is negative.
    """
    _check(hits, planted)
    if found < 0:
        raise ValueError(f"found is {found}: a count is not negative")
    if hits == 0:
        return Residual(None, None)
    low = clopper_pearson(hits, planted).low
    return Residual(found * planted / hits - found, _largest(found, low) - found)


def chapman(first: int, second: int, both: int) -> Missed:
    """Return the items missed by both of two passes.

    Raises:
        ValueError: ``both`` is more than a pass has, or a count is negative.
    """
    if not 0 <= both <= min(first, second):
        raise ValueError(f"two passes with {first} and {second} items cannot have {both} in common")
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    seen = first + second - both
    return Missed(max(0.0, total - seen), max(0.0, total + Z95 * math.sqrt(variance) - seen))


def binomial_cdf(hits: int, trials: int, chance: float) -> float:
    """Return the probability of at most ``hits`` successes."""
    if hits >= trials or chance <= 0:
        return 1.0
    if hits < 0 or chance >= 1:
        return 0.0
    log_p, log_q = math.log(chance), math.log1p(-chance)
    whole = math.lgamma(trials + 1)
    return min(
        1.0,
        math.fsum(
            math.exp(
                whole - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + k * log_p + (trials - k) * log_q
            )
            for k in range(hits + 1)
        ),
    )


def _check(hits: int, trials: int) -> None:
    if trials <= 0 or not 0 <= hits <= trials:
        raise ValueError(f"{hits} of {trials} is no proportion")


def _root(rising: Callable[[float], float], level: float) -> float:
    """Return where a function that rises from 0 to 1 on [0, 1] reaches a level, by halving."""
    low, high = 0.0, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < level else (low, middle)
    return (low + high) / 2


def _largest(found: int, chance: float) -> int:
    """Return the largest number of errors of which finding ``found`` or fewer has a chance of 2.5 %."""
    low, high = found, found + 1
    while binomial_cdf(found, high, chance) >= 0.025:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if binomial_cdf(found, middle, chance) >= 0.025 else (low, middle)
    return low
