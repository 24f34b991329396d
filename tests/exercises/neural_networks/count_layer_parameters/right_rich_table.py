"""Counts on a deep copy and shows the result as a table of rich."""

import copy
from collections import Counter

from rich.console import Console
from rich.table import Table


def count_layer_parameters(model):
    counts = Counter()
    for name, parameter in copy.deepcopy(model).named_parameters():
        counts[".".join(name.split(".")[:-1])] += parameter.flatten().shape[0]
    table = Table("No.", "Layer", "Parameters", title="Parameters per layer")
    for number, (name, count) in enumerate(counts.items(), start=1):
        table.add_row(str(number), name, f"{count:,d}")
    Console().print(table)
    return dict(counts)
