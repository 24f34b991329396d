# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Neural networks 4: backprop
#
# The loss says how wrong the network is. This notebook is about the step that turns it into directions:
# for each of the 81,194 parameters, which way and how steeply the loss changes with it. At the end you can
#
# * read the graph that autograd records, and follow it from the loss back to the parameters,
# * say which tensors get a gradient, when it is added to an older one, and what clears it,
# * show whether the gradient reaches all layers of a model, and name a cure if it does not,
# * accumulate gradients over several batches so that they work as one large batch,
# * say what `retain_graph=True` does, what it costs, and when it is needed.
#
# **How to work.** Read from the top and run each cell. Change the demonstration cells and run them again:
# nothing there is graded. Each exercise has a cell marked `# YOUR CODE HERE`: replace the mark and the
# line `raise NotImplementedError()` by your code, and keep the names and arguments that are given. Helper
# functions are welcome, in the same cell or in a new one above it. Then run the tests below the exercise.
# Cells with tests, the imports and the models are fixed: if one of them is changed, the original is put
# back before grading. Before you hand in, choose **Kernel > Restart & Run All** and see that everything
# still works.
#
# **How it is graded.** Each of the three exercises gives 10 points. The tests you see check the first
# things that can go wrong. After you hand in, hidden checks try your code on other models, data and loss
# functions. The docstring of each function says all that is asked; what it does not say is yours to
# choose. Every check gives its own share of the points, so a part that works counts even if another does
# not. One short written answer (exercise 4.3) is read by your teacher.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import copy
import weakref

import matplotlib.pyplot as plt
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from matplotlib.axes import Axes
from torch.utils.data import DataLoader, TensorDataset

# %% [markdown]
# The network of notebook 1 comes along, unchanged, and so do an image, a target and the loss of notebook
# 3:

# %% nbgrader={"grade": false, "grade_id": "define_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
class network(nn.Module):
    """Grey images (N, 1, 32, 32) in, one score for each of ten classes (N, 10) out."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


# %%
torch.manual_seed(0)  # the same numbers each time this cell runs; take another seed, and they change
net = network()
inp = torch.randn(1, 1, 32, 32)
target = torch.randn(10)  # a dummy target, for example
target = target.view(1, -1)  # the same shape as the output: one row of ten numbers
criterion = nn.MSELoss()

output = net(inp)
loss = criterion(output, target)
print(loss)

# %% [markdown]
# ## 1. The graph behind a loss
#
# The printed loss carries a `grad_fn`. While `forward` ran, autograd wrote down every operation, together
# with what its derivative will need. Each result points to the operation that made it, each operation to
# those before it, and so the loss holds on to the whole history of its making:
#
# ```
# input -> conv2d -> relu -> maxpool2d -> conv2d -> relu -> maxpool2d
#       -> flatten -> linear -> relu -> linear -> relu -> linear
#       -> MSELoss
#       -> loss
# ```
#
# Going backwards, one starts at `loss.grad_fn`. The attribute `next_functions` of an operation lists where
# its gradient goes next, one entry for each of its inputs. A linear layer has three inputs, in this order:
# its bias, its data, its weight. So entry 0 leads to the bias, and it is **entry 1** that leads on to the
# layer before.

# %%
mse = loss.grad_fn
linear = mse.next_functions[0][0]
print("the loss:             ", type(mse).__name__)
print("the layer fc3:        ", type(linear).__name__)
for entry, what in enumerate(("its bias", "its data", "its weight")):
    print(f"  entry {entry}, {what + ':':<11}", type(linear.next_functions[entry][0]).__name__)

# %% [markdown]
# `AccumulateGrad` is where a path ends: at a parameter, to which the gradient is handed over.
# `ReluBackward0` is where the data came from. (The weight is used transposed, hence one more operation
# before its end.) The names are PyTorch's own and may change from version to version.
#
# The next cell follows the data all the way to the first layer, and draws what it finds: above, the
# operations of `forward`, and below, what autograd will do in the opposite direction. Where a parameter
# hangs on an operation, its gradient comes out.

# %%
convolutions = ["conv1", "relu", "max_pool", "conv2", "relu", "max_pool"]
forward_steps = [*convolutions, "flatten", "fc1", "relu", "fc2", "relu", "fc3", "MSELoss"]


def path_back(operation):
    """Return the longest path back from an operation: the data's, since those to parameters are short."""
    paths = [path_back(before) for before, _ in operation.next_functions if before is not None]
    return [type(operation).__name__, *max(paths, key=len, default=[])]


def draw_graph(steps, names):
    """Draw the steps of forward from left to right, and the recorded operations below them."""
    _, ax = plt.subplots(figsize=(13.5, 5))
    blue, orange = "#9ecae1", "#fdae6b"
    arrow = {"angles": "xy", "scale_units": "xy", "scale": 1, "width": 0.0015, "headwidth": 6}
    count = len(steps)
    for place, (step, name) in enumerate(zip(steps, reversed(names), strict=False)):
        for height, text, color in ((1, step, blue), (0, name.removesuffix("Backward0"), orange)):
            box = {"boxstyle": "round,pad=0.35", "facecolor": color, "edgecolor": "#444444"}
            ax.text(place, height, text, rotation=90, ha="center", va="center", fontsize=8, bbox=box)
        if step.startswith(("conv", "fc")):
            ax.quiver(place, -0.62, 0, -0.38, color="#d94801", **arrow)
            ax.text(place, -1.05, f"{step}\n.weight.grad\n.bias.grad", ha="center", va="top", fontsize=7)
    ends = ((-1, 1, "input"), (count, 1, "loss"), (count, 0, "loss.backward()"))
    for place, height, text in ends:
        ax.text(place, height, text, rotation=90, ha="center", va="center", fontsize=8)
    gaps = torch.arange(count + 1) - 0.5  # from one step to the next
    ax.quiver(gaps - 0.3, 1 + 0 * gaps, 0.6, 0, **arrow)
    ax.quiver(gaps[1:] + 0.3, 0 * gaps[1:], -0.6, 0, **arrow)
    ax.set(xlim=(-1.5, count + 0.5), ylim=(-1.7, 1.8))
    ax.set_title("forward, from left to right, and backward, from right to left")
    ax.axis("off")
    plt.show()


names = path_back(loss.grad_fn)
print("\n -> ".join(names))
draw_graph(forward_steps, names[: len(forward_steps)])

# %% [markdown]
# ## 2. Backward
#
# Propagating the error back takes one call, `loss.backward()`. It walks through the graph against the
# arrows of `forward` and applies the chain rule at each operation. At the ends of the paths it leaves its
# results: the attribute `grad` of each parameter.
#
# Look at the gradient of the bias of `conv1`, the layer farthest from the loss, before and after. First
# the existing gradients are cleared; why is the subject of the next section.

# %%
net.zero_grad()  # clear the gradients of all parameters

print("conv1.bias.grad before backward:", net.conv1.bias.grad)
loss.backward()
print("conv1.bias.grad after backward: ", net.conv1.bias.grad)

# %% [markdown]
# Before, there is no gradient at all: `None`. After, there is one number for each of the six entries of
# the bias, as a gradient always has the shape of its parameter.
#
# What does such a number say? Raise one entry of the bias by a tiny amount and see how much the loss
# changes. The change, divided by the amount, is what autograd had calculated. But autograd found all
# 81,194 numbers in one walk through the graph, while this experiment needs a forward pass for each of
# them. (The experiment is done in double precision, since differences of nearly equal numbers are lost in
# single precision.)

# %%
exact = copy.deepcopy(net).double()
step = 1e-6
changes = []
with torch.no_grad():  # an experiment, not to be recorded
    before = criterion(exact(inp.double()), target.double())
    for entry in range(6):
        exact.conv1.bias[entry] += step
        after = criterion(exact(inp.double()), target.double())
        exact.conv1.bias[entry] -= step
        changes.append((after - before).item() / step)

print("measured:  ", "  ".join(f"{change:9.6f}" for change in changes))
print("calculated:", "  ".join(f"{slope:9.6f}" for slope in net.conv1.bias.grad.tolist()))

# %% [markdown]
# ### Which tensors get a gradient?
#
# Not all of them. `grad` is filled for the **leaves** of the graph: tensors that were not computed from
# others and have `requires_grad=True`. In practice these are the parameters. The gradients of everything
# in between are computed as well, since the chain rule needs them, but they are dropped as soon as they
# have been used. If you want to see one, say so *before* the backward pass, with `retain_grad()`. The
# input, finally, gets no gradient because nobody asked for it: its `requires_grad` is False.

# %%
net.zero_grad()
features = F.max_pool2d(F.relu(net.conv1(inp)), 2)
features = F.max_pool2d(F.relu(net.conv2(features)), 2)
hidden = F.relu(net.fc1(torch.flatten(features, 1)))
hidden.retain_grad()  # without this line hidden.grad stays None
scores = net.fc3(F.relu(net.fc2(hidden)))
criterion(scores, target).backward()

for name, tensor in (("inp", inp), ("fc1.weight", net.fc1.weight), ("hidden", hidden)):
    kind = "a leaf" if tensor.is_leaf else "computed"
    wanted = "wanted" if tensor.requires_grad else "not wanted"
    shape = None if tensor.grad is None else tuple(tensor.grad.shape)
    print(f"{name:<11} {kind:<9} gradient {wanted:<11} shape of its gradient: {shape}")

# %% [markdown]
# ## 3. Gradients accumulate
#
# Why clear gradients before a backward pass? Because `backward` does not *set* gradients, it **adds** to
# what is there. Hence the name `AccumulateGrad`. Two backward passes give the sum:

# %%
def bias_gradient(net, image):
    """Return the gradient of the bias of conv1 for one image alone."""
    net.zero_grad()
    criterion(net(image), target).backward()
    return net.conv1.bias.grad.clone()  # a copy: the tensor itself will be added to


torch.manual_seed(1)
first_image, second_image = torch.randn(2, 1, 1, 32, 32)
first, second = bias_gradient(net, first_image), bias_gradient(net, second_image)

net.zero_grad()
criterion(net(first_image), target).backward()
criterion(net(second_image), target).backward()  # not cleared in between
print("first image: ", first)
print("second image:", second)
print("both:        ", net.conv1.bias.grad)
print("largest difference to their sum:", (net.conv1.bias.grad - (first + second)).abs().max().item())

# %% [markdown]
# This is useful if you want a sum, as in exercise 4.2, and a classic mistake if you do not: with old
# gradients left in it, each step goes where the loss once was lower, some steps ago. Below, a single
# weight is to become 1, and its loss is its squared distance from there. With clearing it arrives.
# Without, the old gradients push it past the goal, again and again.

# %%
def train_one_weight(clear, steps=60, lr=0.05):
    """Return the values of a weight in a training that clears the gradient before each step, or never."""
    weight = torch.tensor(0.0, requires_grad=True)
    optimizer = optim.SGD([weight], lr=lr)
    values = []
    for _ in range(steps):
        values.append(weight.item())
        if clear:
            optimizer.zero_grad()
        loss = (weight - 1) ** 2
        loss.backward()
        optimizer.step()
    return values


_, ax = plt.subplots(figsize=(6, 3))
ax.axhline(1, color="gray", linestyle=":", label="goal")
ax.plot(train_one_weight(clear=True), label="gradient cleared before each step")
ax.plot(train_one_weight(clear=False), label="never cleared")
ax.set(xlabel="step", ylabel="weight", ylim=(-0.2, 3.2), xticks=[0, 20, 40, 60], yticks=[0, 1, 2, 3])
ax.legend(loc="upper right")
plt.show()

# %% [markdown]
# Clearing is `net.zero_grad()` or, if there is an optimizer, `optimizer.zero_grad()`. In spite of their
# name they write no zeros: since PyTorch 2.0 they set each `grad` to `None`, which saves memory and says
# more clearly that no gradient has arrived. Zeros are written with `zero_grad(set_to_none=False)`. Code
# that reads gradients has to reckon with both.

# %%
net.zero_grad()
print("zero_grad():                  ", net.conv1.bias.grad)
criterion(net(inp), target).backward()
net.zero_grad(set_to_none=False)
print("zero_grad(set_to_none=False): ", net.conv1.bias.grad)

# %% [markdown]
# ## 4. How far does the gradient get?
#
# On its way back the gradient is multiplied at every operation. If the factors are small, little of it
# reaches the first layers, and these hardly learn: the gradient **vanishes**. If they are large, it
# **explodes**. Until about 2010 this was the main obstacle to training deep networks.
#
# The sigmoid function is known for it. It squeezes all numbers into the range from 0 to 1, and is steepest
# at 0, where its slope is just 1/4. So each sigmoid takes at least three quarters off the gradient that
# passes it. A ReLU has slope 1 wherever it is active.

# %%
x = torch.linspace(-6, 6, 241, requires_grad=True)
_, axes = plt.subplots(1, 2, figsize=(11, 2.8), sharey=True, gridspec_kw={"wspace": 0.06})
for ax, function in zip(axes, (torch.sigmoid, torch.relu), strict=True):
    y = function(x)
    (slope,) = torch.autograd.grad(y.sum(), x)  # the gradient itself, without touching x.grad
    ax.plot(x.detach(), y.detach(), label=function.__name__)
    ax.plot(x.detach(), slope, label=f"slope, at most {slope.max():.2f}")
    ax.set(xlabel="x", ylim=(-0.1, 1.6), xticks=[-5, 0, 5], yticks=[0, 0.5, 1, 1.5])
    ax.legend(loc="upper left")
plt.show()

# %% [markdown]
# Here is a deep network to try this with, a plain chain of linear layers. The activation between them is
# for you to choose:

# %% nbgrader={"grade": false, "grade_id": "deep_net", "locked": true, "schema_version": 3, "solution": false, "task": false}
def deep_net(activation=nn.Sigmoid, hidden=8, width=32):
    """Return a network for images (N, 1, 32, 32) with `hidden` hidden layers, each with an activation."""
    net = nn.Sequential(nn.Flatten())
    size = 32 * 32
    for _ in range(hidden):
        net.append(nn.Linear(size, width))
        net.append(activation())
        size = width
    net.append(nn.Linear(size, 10))
    return net


# %%
print(deep_net(nn.Sigmoid, hidden=2))


# %% [markdown]
# ## 5. Exercises
#
# The three practice questions. What you need for each was shown above, or stands right before it.

# %% [markdown]
# ### Exercise 4.1 - Visualize the gradient flow
#
# How large is the gradient that arrives at each parameter? One number for each, the mean of its absolute
# values, makes a diagram in which a broken flow is seen at once.
#
# * `gradient_flow(model)` returns these numbers by the names of the parameters.
# * `plot_gradient_flow(model)` draws them.
#
# Both are called after a backward pass, and only look at what it left in `grad`. Be prepared for
# parameters that have none: a layer may be frozen, or `forward` may not use it.
#
# *Left free:* how you compute it; for the plot, the kind (bars, horizontal bars, points, a line), a linear
# or logarithmic axis, or the log10 of the numbers, colours, titles, and what else it shows, such as the
# largest values. The biases may be left out of the plot, but not of the dictionary.

# %% nbgrader={"grade": false, "grade_id": "gradient_flow", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_flow(model: nn.Module) -> dict[str, float]:
    """Return the mean absolute gradient of each trainable parameter of `model`, after a backward pass.

    The keys are the names from `model.named_parameters()`, weights and biases, in the same order. The values
    are plain numbers, not tensors: the mean of the absolute values of all entries of `grad`. A parameter that
    is trainable but has received no gradient (its `grad` is None) has the value 0.0 or is left out. Frozen
    parameters (`requires_grad=False`) are left out, even if a gradient is left in them. Nothing is changed:
    no backward pass runs, and parameters and gradients stay as they are.
    """
    ### BEGIN SOLUTION
    flow = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            flow[name] = 0.0 if parameter.grad is None else parameter.grad.abs().mean().item()
    return flow
    ### END SOLUTION


def plot_gradient_flow(model: nn.Module) -> Axes:
    """Draw the numbers of `gradient_flow(model)` in a new figure, and return its Axes.

    There is one bar or point for each parameter in `gradient_flow(model)`, in the same order, from one end of
    the axis to the other. Biases may be left out, and so may parameters that have received no gradient. What
    is drawn is the mean absolute gradient or its log10. Each bar or point is labelled with the name of the
    parameter ("conv1.weight") or of its layer ("conv1"). Nothing in `model` is changed.
    """
    ### BEGIN SOLUTION
    flow = {name: size for name, size in gradient_flow(model).items() if not name.endswith("bias")}
    _, ax = plt.subplots(figsize=(7, 3))
    ax.bar(range(len(flow)), list(flow.values()))
    ax.set_xticks(range(len(flow)), list(flow), rotation=90)
    ax.set(ylabel="mean absolute gradient")
    if any(flow.values()):
        ax.set_yscale("log")
    return ax
    ### END SOLUTION


# %% [markdown]
# With your functions, compare four networks: ours, the deep one with eight sigmoid layers, the same with
# ReLU, and with ReLU and the initial weights that are made for it (Kaiming initialization), larger than
# PyTorch's default. One of them is drawn: look at its scale before you answer the questions, draw the others
# too, and change the depth.

# %%
def flow_of(net):
    """Run one backward pass of `net` on 64 random images, and return its gradient flow."""
    torch.manual_seed(1)
    images, labels = torch.randn(64, 1, 32, 32), torch.randint(10, (64,))
    F.cross_entropy(net(images), labels).backward()
    return gradient_flow(net)


torch.manual_seed(0)
models = {
    "network": network(),
    "8 sigmoid layers": deep_net(nn.Sigmoid),
    "8 ReLU layers": deep_net(nn.ReLU),
    "8 ReLU layers, Kaiming": deep_net(nn.ReLU),
}
for layer in models["8 ReLU layers, Kaiming"]:
    if isinstance(layer, nn.Linear):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")

try:
    for title, model in models.items():
        weights = [number for name, number in flow_of(model).items() if name.endswith("weight")]
        print(f"{title}: first layer {weights[0]:.1e}, last layer {weights[-1]:.1e}")
    title = "8 sigmoid layers"
    plot_gradient_flow(models[title])
    plt.title(title)
    plt.show()
except NotImplementedError:
    print("Write gradient_flow and plot_gradient_flow first. Then this cell shows your numbers and diagram.")

# %% nbgrader={"grade": false, "grade_id": "answers_4_1", "locked": false, "schema_version": 3, "solution": true, "task": false}
# Replace each None by one of the words given for the question, in quotation marks.
#
# a) In the deep network with sigmoid layers, the mean absolute gradient of the first layer's weight
#    is ... that of the last layer's weight:
#    "much smaller than", "about as large as" or "much larger than"
# b) With sigmoid layers, which of these brings the most gradient to the first layer?
#    "more layers", "relu instead of sigmoid" or "a larger learning rate"
# c) The largest slope that a sigmoid has anywhere is ...
#    "0.25", "0.5" or "1"
answers_4_1 = {
    "a": None,
    "b": None,
    "c": None,
}

# Leave the rest as it is: while a None is left above, it ends this cell with a NotImplementedError.
if None in answers_4_1.values():
    ### BEGIN SOLUTION
    answers_4_1 = {"a": "much smaller than", "b": "relu instead of sigmoid", "c": "0.25"}
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_gradient_flow", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
two_weights = nn.Linear(2, 1)
two_weights.weight.grad = torch.tensor([[3.0, -3.0]])
try:
    flow = gradient_flow(two_weights)
except NotImplementedError:
    raise AssertionError("gradient_flow is not written yet: it still holds the stub.") from None
except (AttributeError, TypeError) as error:
    raise AssertionError(
        f"The bias of this layer has received no gradient: its grad is None. Your function ended with: {error}"
    ) from None
assert isinstance(flow, dict), f"gradient_flow returns a dictionary. Yours returned: {flow!r}."
assert not isinstance(flow.get("weight"), torch.Tensor), (
    "The values are plain numbers, and yours are tensors: `.item()` takes the number out."
)
assert flow.get("weight") == 3.0, (
    "The gradient of `weight` is [[3, -3]]: the mean of its absolute values is 3. "
    f"Your function says {flow.get('weight')!r}."
)

torch.manual_seed(0)
trained_net = network()
trained_net.conv1.requires_grad_(False)
F.cross_entropy(trained_net(torch.randn(4, 1, 32, 32)), torch.arange(4)).backward()
flow = gradient_flow(trained_net)
expected_names = [name for name, _ in trained_net.named_parameters() if not name.startswith("conv1")]
assert list(flow) == expected_names, (
    "In this `network` conv1 is frozen and left out; all others come in the order of named_parameters(): "
    f"{expected_names}. Your keys are {list(flow)}."
)

try:
    ax = plot_gradient_flow(trained_net)
except NotImplementedError:
    raise AssertionError("plot_gradient_flow is not written yet: it still holds the stub.") from None
assert isinstance(ax, Axes), (
    f"plot_gradient_flow returns the Axes on which it drew, for example `plt.gca()`. Yours returned {ax!r}."
)
assert ax.has_data(), "There is nothing drawn on the Axes that plot_gradient_flow returned."
plt.close(ax.figure)

assert isinstance(answers_4_1, dict), "answers_4_1 must stay a dictionary with the keys a, b and c."
choices = {
    "a": ("much smaller than", "about as large as", "much larger than"),
    "b": ("more layers", "relu instead of sigmoid", "a larger learning rate"),
    "c": ("0.25", "0.5", "1"),
}
for question, words in choices.items():
    assert answers_4_1.get(question) in words, (
        f'Question {question}) has no valid answer yet: set answers_4_1["{question}"] to one of {words}.'
    )
print("Exercise 4.1: all tests of this cell passed.")

# %% [markdown]
# ### Exercise 4.2 - Accumulate gradients over several batches
#
# A large batch gives a steadier gradient, but the graph of a large batch needs much memory. The way out is
# to pass small batches one after the other, let their gradients add up, and make one step for all of them.
#
# For this, the call `loss.backward()` itself need not be modified, since it accumulates anyway (section
# 3). What changes is *when* the gradients are cleared, *when* the optimizer makes its step, and the
# *scale* of the loss. See for yourself: eight images as one batch, and in four batches of two.

# %%
torch.manual_seed(0)
net = network()
images, labels = torch.randn(8, 1, 32, 32), torch.arange(8)

net.zero_grad()
F.cross_entropy(net(images), labels).backward()
one_batch = net.fc3.weight.grad.clone()

net.zero_grad()
for some_images, some_labels in zip(images.split(2), labels.split(2), strict=True):
    F.cross_entropy(net(some_images), some_labels).backward()
four_batches = net.fc3.weight.grad.clone()

print("one batch of 8:   ", one_batch[0, :4])
print("four batches of 2:", four_batches[0, :4])


# %% [markdown]
# The direction is right, the length is not. Find out why, and write one epoch of training with
# accumulation.
#
# *Left free:* whether you scale the losses or the gradients, what clears the gradients, and what is left
# in `grad` at the end. If the last group is incomplete, its losses may be divided by the number of batches
# it really has, or by `accumulation_steps` as in all other groups: both are in use.

# %% nbgrader={"grade": false, "grade_id": "accumulate_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_epoch_accumulate(
    model: nn.Module,
    loader: DataLoader,
    criterion: nn.Module,
    optimizer: optim.Optimizer,
    accumulation_steps: int,
) -> int:
    """Train `model` for one epoch, with one optimizer step per group of `accumulation_steps` batches.

    `loader` yields batches (inputs, targets), all of the same size, and `len(loader)` is their number.
    `criterion(model(inputs), targets)` is the mean loss of a batch. Each batch passes through the model once
    and by itself, in train mode.

    The step at the end of a group uses the gradient of the mean loss of the group, as if the group were one
    big batch. If the number of batches is no multiple of `accumulation_steps`, the last group is smaller and
    gets a step as well. Gradients that are there before the call must not matter.

    Return the number of optimizer steps.
    """
    ### BEGIN SOLUTION
    model.train()
    optimizer.zero_grad()
    steps = 0
    for number, (inputs, targets) in enumerate(loader, start=1):
        loss = criterion(model(inputs), targets) / accumulation_steps
        loss.backward()
        if number % accumulation_steps == 0 or number == len(loader):
            optimizer.step()
            optimizer.zero_grad()
            steps += 1
    return steps
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_accumulate_gradients", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
torch.manual_seed(0)
images, labels = torch.randn(8, 1, 32, 32), torch.arange(8)
small_batches = DataLoader(TensorDataset(images, labels), batch_size=2)
accumulated_net = network()
plain_net = copy.deepcopy(accumulated_net)

try:
    steps = train_epoch_accumulate(
        accumulated_net,
        small_batches,
        nn.CrossEntropyLoss(),
        optim.SGD(accumulated_net.parameters(), lr=0.1),
        accumulation_steps=4,
    )
except NotImplementedError:
    raise AssertionError("train_epoch_accumulate is not written yet: it still holds the stub.") from None
assert steps == 1, (
    "Four batches in groups of four are one group: one step. "
    f"Your function returns {steps!r} for the number of steps."
)

plain_optimizer = optim.SGD(plain_net.parameters(), lr=0.1)
plain_optimizer.zero_grad()
F.cross_entropy(plain_net(images), labels).backward()
plain_optimizer.step()
for (name, accumulated), expected in zip(
    accumulated_net.named_parameters(), plain_net.parameters(), strict=True
):
    assert torch.allclose(accumulated, expected, atol=1e-5), (
        f"After one step, {name} is not what one big batch of all 8 images gives. Is the length of the "
        "accumulated gradient right?"
    )
print("Exercise 4.2: all tests of this cell passed.")

# %% [markdown]
# ### Exercise 4.3 - Does `retain_graph=True` affect training?
#
# To walk back, autograd needs numbers of the forward pass: the gradient of a weight, for example, depends
# on the data that entered the layer. The graph keeps them until `backward` has used them, and then lets go
# of them. The next cell counts how much this is.

# %%
all_kept = weakref.WeakSet()  # forgets what nobody else holds


class Kept:
    """Holds one tensor that autograd keeps for the backward pass."""

    def __init__(self, tensor):
        self.tensor = tensor.detach()  # without a way back into the graph, which could then never go
        all_kept.add(self)


def kept_megabytes():
    """Return the size of all that is kept now; what is kept twice counts once."""
    sizes = {kept.tensor.data_ptr(): kept.tensor.nbytes for kept in all_kept}
    return sum(sizes.values()) / 1e6


images, labels = torch.randn(64, 1, 32, 32), torch.randint(10, (64,))
for retain_graph in (False, True):
    with torch.autograd.graph.saved_tensors_hooks(Kept, lambda kept: kept.tensor):
        loss = F.cross_entropy(net(images), labels)
    before = kept_megabytes()
    loss.backward(retain_graph=retain_graph)
    print(f"retain_graph={retain_graph!s:<5}  kept before backward: {before:5.1f} MB  ", end="")
    print(f"after: {kept_megabytes():5.1f} MB  ", end="")
    del loss  # and with it the graph
    print(f"without the loss: {kept_megabytes():5.1f} MB")

# %% [markdown]
# So after an ordinary `backward` the graph is an empty shell. A second walk through it is an error:

# %%
loss = criterion(net(inp), target)
loss.backward()
try:
    loss.backward()
except RuntimeError as error:
    print("RuntimeError:", str(error).split(".")[0])

# %% [markdown]
# With `loss.backward(retain_graph=True)` the numbers stay, and a second walk is possible. This is needed
# when two losses share a part of their graph, and each is to be propagated back on its own:

# %%
net.zero_grad()
output = net(inp)  # one forward pass,
size_loss = output.square().mean()  # and two losses that share it
target_loss = criterion(output, target)
size_loss.backward(retain_graph=True)  # the shared part is needed once more
target_loss.backward()  # now it may go
print(net.conv1.bias.grad)

# %% [markdown]
# (If both gradients are to be added anyway, `(size_loss + target_loss).backward()` does it in one walk,
# and retains nothing.) One sees `retain_graph=True` in training loops that do not need it, often put there
# to silence the error above. Does it do any harm? Find out with two functions:
#
# * `compare_retain_graph` trains twice from the same start, with and without it, and compares.
# * `backward_twice` walks through the same graph twice, and compares the gradients after the first and the
#   second walk.
#
# *Left free:* how the copies are made, whether the steps are made by `optim.SGD` or by hand, and how the
# gradients are cleared.

# %% nbgrader={"grade": false, "grade_id": "retain_graph", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compare_retain_graph(
    model: nn.Module,
    x: torch.Tensor,
    target: torch.Tensor,
    criterion: nn.Module,
    num_steps: int = 5,
    lr: float = 0.1,
) -> dict:
    """Train two copies of `model`, one with `backward()` and one with `backward(retain_graph=True)`.

    Both start with the parameters of `model` and make `num_steps` steps of plain gradient descent (weight =
    weight - lr * gradient) on the loss `criterion(model(x), target)`: the same batch in each step, and one
    backward pass per step. Return a dictionary:

    * "default" and "retained": the losses of each copy, a list of `num_steps` plain numbers, each computed
      before the parameters are changed in that step.
    * "max_weight_difference": a plain number, the largest absolute difference between a parameter of one copy
      and the same parameter of the other, after the last step.

    `model` is not changed: not its parameters, gradients or mode. Gradients that it has must not matter.
    """
    ### BEGIN SOLUTION
    losses = {"default": [], "retained": []}
    copies = {}
    for arm in losses:
        copies[arm] = copy.deepcopy(model)
        optimizer = optim.SGD(copies[arm].parameters(), lr=lr)
        for _ in range(num_steps):
            optimizer.zero_grad()
            loss = criterion(copies[arm](x), target)
            loss.backward(retain_graph=arm == "retained")
            optimizer.step()
            losses[arm].append(loss.item())
    pairs = zip(copies["default"].parameters(), copies["retained"].parameters(), strict=True)
    difference = max((left - right).abs().max().item() for left, right in pairs)
    return {**losses, "max_weight_difference": difference}
    ### END SOLUTION


def backward_twice(
    model: nn.Module, x: torch.Tensor, target: torch.Tensor, criterion: nn.Module, retain_graph: bool
) -> float | None:
    """Call backward twice on one and the same loss, and return how the gradients have grown.

    The loss is computed once, by a copy of `model` whose gradients are cleared. The first backward pass gets
    `retain_graph`; the gradients are not cleared before the second one. Return the sum of the absolute values
    of all gradients of the copy after the second pass, divided by the same sum after the first pass, as a
    plain number. If the second pass raises RuntimeError, return None. `model` is not changed: not its
    parameters, gradients or mode.
    """

    ### BEGIN SOLUTION
    def total(net):
        return sum(p.grad.abs().sum().item() for p in net.parameters() if p.grad is not None)

    twin = copy.deepcopy(model)
    twin.zero_grad()
    loss = criterion(twin(x), target)
    loss.backward(retain_graph=retain_graph)
    first = total(twin)
    try:
        loss.backward()
    except RuntimeError:
        return None
    return total(twin) / first
    ### END SOLUTION


# %% [markdown]
# Look at your results before you answer the questions.

# %%
torch.manual_seed(0)
net = network()
images, labels = torch.randn(8, 1, 32, 32), torch.randint(10, (8,))
try:
    comparison = compare_retain_graph(net, images, labels, nn.CrossEntropyLoss(), num_steps=20, lr=0.05)
    ratios = {
        retain_graph: backward_twice(net, images, labels, nn.CrossEntropyLoss(), retain_graph)
        for retain_graph in (False, True)
    }
except NotImplementedError:
    print("Write compare_retain_graph and backward_twice first. Then this cell shows your results.")
else:
    _, ax = plt.subplots(figsize=(6, 3))
    ax.plot(comparison["default"], linewidth=5, alpha=0.4, label="backward()")
    ax.plot(comparison["retained"], "k--", label="backward(retain_graph=True)")
    ax.set(xlabel="step", ylabel="loss", xticks=range(0, 21, 5))
    ax.legend()
    plt.show()
    print("largest difference between the parameters:", comparison["max_weight_difference"])
    for retain_graph, ratio in ratios.items():
        print(f"gradients after the second backward, retain_graph={retain_graph}: {ratio}")

# %% nbgrader={"grade": false, "grade_id": "answers_4_3", "locked": false, "schema_version": 3, "solution": true, "task": false}
# Replace each None by one of the words given for the question, in quotation marks.
#
# a) Does retain_graph=True change what the parameters are after training (one backward pass per step)?
#    "yes" or "no"
# b) What does it cost? "nothing", "memory until the graph is released" or "accuracy"
# c) When is it needed? "in every training step", "for a second backward through the same graph"
#    or "for evaluation"
# d) After a second backward through the same graph, the gradients are ...
#    "unchanged", "doubled" or "zero"
answers_4_3 = {
    "a": None,
    "b": None,
    "c": None,
    "d": None,
}

# Leave the rest as it is: while a None is left above, it ends this cell with a NotImplementedError.
if None in answers_4_3.values():
    ### BEGIN SOLUTION
    answers_4_3 = {
        "a": "no",
        "b": "memory until the graph is released",
        "c": "for a second backward through the same graph",
        "d": "doubled",
    }
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_retain_graph", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
torch.manual_seed(0)
plain_net = network()
images, labels = torch.randn(4, 1, 32, 32), torch.arange(4)
weight_before = plain_net.fc3.weight.detach().clone()
try:
    comparison = compare_retain_graph(plain_net, images, labels, nn.CrossEntropyLoss(), num_steps=3)
except NotImplementedError:
    raise AssertionError("compare_retain_graph is not written yet: it still holds the stub.") from None
assert isinstance(comparison, dict), (
    f"compare_retain_graph returns a dictionary. Yours returned: {comparison!r}."
)
assert set(comparison) == {"default", "retained", "max_weight_difference"}, (
    f'The keys are "default", "retained" and "max_weight_difference". Yours are {list(comparison)}.'
)
for arm in ("default", "retained"):
    assert len(comparison[arm]) == 3, (
        f'"{arm}" holds one loss for each of the 3 steps. Yours holds {len(comparison[arm])} numbers.'
    )
    first_loss = F.cross_entropy(plain_net(images), labels).item()
    assert abs(comparison[arm][0] - first_loss) < 1e-5, (
        f'Both copies start as `model`, so the first loss of "{arm}" is that of `model`, {first_loss:.4f}. '
        f"Yours is {comparison[arm][0]!r}."
    )
assert torch.equal(plain_net.fc3.weight, weight_before), (
    "compare_retain_graph has changed `model`: train copies of it."
)

try:
    ratio = backward_twice(plain_net, images, labels, nn.CrossEntropyLoss(), retain_graph=False)
except NotImplementedError:
    raise AssertionError("backward_twice is not written yet: it still holds the stub.") from None
except RuntimeError:
    raise AssertionError("With retain_graph=False the second backward is an error: catch it.") from None
assert ratio is None, f"With retain_graph=False backward_twice returns None. Yours returned {ratio!r}."
ratio = backward_twice(plain_net, images, labels, nn.CrossEntropyLoss(), retain_graph=True)
assert isinstance(ratio, float), f"With retain_graph=True it returns a number. Yours returned {ratio!r}."

assert isinstance(answers_4_3, dict), "answers_4_3 must stay a dictionary with the keys a, b, c and d."
choices = {
    "a": ("yes", "no"),
    "b": ("nothing", "memory until the graph is released", "accuracy"),
    "c": ("in every training step", "for a second backward through the same graph", "for evaluation"),
    "d": ("unchanged", "doubled", "zero"),
}
for question, words in choices.items():
    assert answers_4_3.get(question) in words, (
        f'Question {question}) has no valid answer yet: set answers_4_3["{question}"] to one of {words}.'
    )
print("Exercise 4.3: all tests of this cell passed.")


# %% [markdown] nbgrader={"grade": true, "grade_id": "written_4_3", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# **Exercise 4.3, in your own words (2 points).** A friend has `loss.backward(retain_graph=True)` in an
# ordinary training loop. Does it affect the training? What should your friend do? Support what you say
# with numbers you measured above. Two to five sentences will do.
#
# ### BEGIN SOLUTION
#
# **Model answer.** In the comparison both copies had the same losses in all 20 steps, and the largest
# difference between their parameters was 0.0. So the flag changes neither the gradients nor the training.
# It only keeps what the graph has stored for the backward pass, 4.2 MB for 64 images here, until the loss
# itself goes. That would be needed for a second backward pass through the same graph, which without the
# flag is an error (None), and which adds the same gradients again (ratio 2.0). An ordinary loop makes a
# new graph in each step and goes through it once, so my friend should leave the flag out.
#
# **Mark scheme.**
#
# * 1 point: names measured numbers of this run which support the statement (difference 0.0 or equal
#   losses; ratio 2.0; megabytes kept).
# * 1 point: states the mechanism correctly: the flag keeps the buffers of the graph, not the gradients;
#   they are needed for a second backward pass through the same graph, and cost memory until then.
#
# No deduction for other wording.
#
# ### END SOLUTION

# %% [markdown]
# ## Summary
#
# * The loss holds the graph of its computation. `backward` walks through it once, from the loss to the
#   parameters, and then lets go of what was stored in it, unless `retain_graph=True`.
# * Gradients arrive at the leaves, and are added to what is there. `zero_grad()` sets them to `None`.
# * Small factors multiply along the way. Deep networks with sigmoid layers lose their gradient; ReLU and
#   initial weights that suit it keep it up.
# * With the mean of a group in place of the mean of a batch, accumulated batches work as one large batch.
#
# Next: what is done with the gradients, and how to choose the learning rate and the optimizer.
