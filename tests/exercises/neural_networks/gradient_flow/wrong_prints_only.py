"""The numbers are printed and not returned.

Fails: test_absolute, test_changes_nothing, test_frozen, test_order, test_plain_numbers, test_plot_data,
test_plot_new_figure, test_values, test_vanishing, test_without_gradient.
"""


def gradient_flow(model):
    for name, parameter in model.named_parameters():
        if parameter.requires_grad and parameter.grad is not None:
            print(name, parameter.grad.abs().mean().item())


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    fig, ax = plt.subplots()
    ax.bar(range(len(flow)), list(flow.values()))
    ax.set_xticks(range(len(flow)), list(flow), rotation=90)
    return ax
