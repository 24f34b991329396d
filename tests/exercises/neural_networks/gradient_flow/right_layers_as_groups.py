# Weight and bias in two colours, one label for each layer in the middle; statistics.fmean.
import statistics


def gradient_flow(model):
    flow = {}
    for name, p in model.named_parameters():
        if not p.requires_grad or p.grad is None:
            continue
        flow[name] = statistics.fmean(abs(entry) for entry in p.grad.flatten().tolist())
    return flow


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    fig, ax = plt.subplots()
    positions, ticks = [], {}
    for place, name in enumerate(flow):
        positions.append(place)
        ticks.setdefault(name.rsplit(".", 1)[0], []).append(place)
    colors = ["tab:orange" if name.endswith("bias") else "tab:blue" for name in flow]
    ax.bar(positions, flow.values(), color=colors)
    ax.set_xticks([sum(places) / len(places) for places in ticks.values()], list(ticks))
    ax.set_yscale("log")
    return ax
