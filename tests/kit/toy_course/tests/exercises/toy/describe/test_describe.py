"""Hidden checks for `describe`."""

from autograde.checks import check

LISTS = [[3], [1, 2, 6], [0.5, 2.0, 2.0, 3.5]]


@check(points=2, hint="The mean is the sum divided by how many numbers there are.")
def test_sorted_lists(agree):
    """Smallest, largest and mean of a sorted list are right."""

    def probe(describe):
        return [describe(list(numbers)) for numbers in LISTS]

    agree(probe)


@check(
    points=2,
    hint="`numbers[0]` is the smallest number only if the list is sorted.",
    visibility="name only",
    needs=["test_sorted_lists"],
)
def test_any_order(agree, rng):
    """The order of the numbers does not matter."""

    def probe(describe, numbers):
        return describe(numbers)

    result = agree(probe, numbers=[13, *rng.permutation([2, 3, 5, 7, 11]).tolist()])
    assert sorted(result) == ["largest", "mean", "smallest"], "describe must return these three keys only."


@check(hint="Return `{}` before you divide by the length.", visibility="after grading")
def test_empty_list(agree):
    """An empty list has no description."""

    def probe(describe):
        return describe([])

    agree(probe)


@check(hint="`list.sort` changes the list of the caller: `sorted` makes a new one.", visibility="never")
def test_list_is_unchanged(student):
    """The list is not changed."""

    def probe(describe, numbers):
        describe(numbers)
        return numbers

    numbers = [3, 1, 2]
    after = student(probe, numbers=numbers)
    assert after == numbers, "describe changed the list it was given."


@check(hint="Compute the description of [1, 2, 6] and of [6, 1, 2], then of [1, 3, 6].")
def test_answers(agree):
    """Both questions are answered right."""

    def probe(answers_describe):
        return answers_describe

    agree(probe)
