# Numpy values; a line through the weights only, labelled with the layers, on a log axis.
import numpy as np


def gradient_flow(model):
    result = {}
    for name, p in model.named_parameters():
        if not p.requires_grad:
            continue
        result[name] = np.abs(p.grad.numpy()).mean() if p.grad is not None else 0
    return result


def plot_gradient_flow(model):
    layers, values = [], []
    for name, value in gradient_flow(model).items():
        if "bias" in name or value == 0:
            continue
        layers.append(name.replace(".weight", ""))
        values.append(value)
    plt.figure()
    plt.plot(values, marker="o")
    plt.yscale("log")
    plt.xticks(range(len(layers)), layers, rotation="vertical")
    plt.xlabel("layers")
    plt.grid(True)
    return plt.gca()
