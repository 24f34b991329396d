"""A learning rate scales the steps, not the gradients: it brings no gradient to the first layer.

Fails: test_answers.
"""


def gradient_flow(model):
    flow = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            flow[name] = 0.0 if parameter.grad is None else parameter.grad.abs().mean().item()
    return flow


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    fig, ax = plt.subplots()
    ax.bar(range(len(flow)), list(flow.values()))
    ax.set_xticks(range(len(flow)), list(flow), rotation=90)
    return ax


answers_4_1 = {"a": "much smaller than", "b": "a larger learning rate", "c": "0.25"}
