"""A list of pairs is returned in place of a dictionary.

Fails: test_absolute, test_frozen, test_order, test_plain_numbers, test_values, test_vanishing,
test_without_gradient.
"""


def gradient_flow(model):
    pairs = []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            pairs.append((name, 0.0 if parameter.grad is None else parameter.grad.abs().mean().item()))
    return pairs


def plot_gradient_flow(model):
    names, values = zip(*gradient_flow(model))
    fig, ax = plt.subplots()
    ax.bar(names, values)
    return ax
