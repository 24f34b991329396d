"""Two classics about order: the heaviest increasing subsequence, and the best alignment of two lists."""

from __future__ import annotations

from collections.abc import Sequence


def heaviest_increasing(values: Sequence[int], weights: Sequence[int]) -> list[int]:
    """Return the positions of the increasing subsequence of distinct `values` with the greatest weight.

    Quadratic in the number of values.
    """
    best = list(weights)
    previous = [-1] * len(values)
    for here in range(len(values)):
        for earlier in range(here):
            if values[earlier] < values[here] and best[earlier] + weights[here] > best[here]:
                best[here] = best[earlier] + weights[here]
                previous[here] = earlier
    chosen: list[int] = []
    position = max(range(len(values)), key=best.__getitem__, default=-1)
    while position >= 0:
        chosen.append(position)
        position = previous[position]
    return chosen[::-1]


def best_alignment(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return pairs (row, column), both increasing, whose scores add up to the most; early pairs win ties.

    A score of 0 never makes a pair. Quadratic: one step for each score.
    """
    rows, columns = len(scores), len(scores[0]) if scores else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]  # of the rows and columns from here on
    for row in reversed(range(rows)):
        for column in reversed(range(columns)):
            paired = best[row + 1][column + 1] + scores[row][column]
            best[row][column] = max(paired, best[row + 1][column], best[row][column + 1])
    pairs: list[tuple[int, int]] = []
    row = column = 0
    while row < rows and column < columns:
        score = scores[row][column]
        if score and best[row][column] == best[row + 1][column + 1] + score:
            pairs.append((row, column))
            row, column = row + 1, column + 1
        elif best[row][column] == best[row][column + 1]:
            column += 1
        else:
            row += 1
    return pairs
