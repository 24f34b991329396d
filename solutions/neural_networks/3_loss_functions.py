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
# # Neural networks 3: the loss function
#
# This is the third of six notebooks. A network gives an output; now you measure how wrong it is. At the end
# you can
#
# * compute a loss, and give it a target of the right shape and type,
# * follow a loss back through the graph of operations from which it came,
# * use cross entropy for classification, and say why it takes raw scores,
# * log the loss of every epoch while a network trains, and weigh the batches correctly,
# * compare loss functions fairly.
#
# **How to work.** Read from the top and run each cell. Change the demonstration cells and run them again:
# nothing there is graded. Each exercise has a cell marked `# YOUR CODE HERE`: replace the mark and the line
# `raise NotImplementedError()` by your code, and keep the names and arguments that are given. Helper
# functions are welcome. Then run the tests below the exercise. Cells with tests, imports, data and given
# classes are fixed: if one of them is changed, the original is put back before grading. Before you hand in,
# choose **Kernel > Restart & Run All** and see that everything still works.
#
# **How it is graded.** Each of the three exercises gives 10 points. The tests you see check the first
# things that can go wrong. After you hand in, hidden checks try your code on other models, other data and
# other numbers. The docstring of each function says all that is asked; what it does not say is yours to
# choose. Every check gives its own share of the points. One short written answer (exercise 3.3) is read by
# your teacher.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import copy
import warnings
from collections.abc import Callable

import matplotlib.pyplot as plt
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
from torchvision import datasets

# %% [markdown]
# The network is the one of the first two notebooks: grey images of 32 x 32 pixels in, ten scores out.

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


# %% [markdown]
# ## 1. One number for how wrong the output is
#
# A **loss function** takes a pair, the *output* of the network and the *target* that it should have given,
# and computes a single number: 0 or small if the two are close, larger the further they are apart. Training
# is nothing but the search for parameters that make this number small. That is why it has to be *one*
# number, and why it has to be computed by operations that autograd can differentiate.
#
# `torch.nn` holds many loss functions, as modules that are created first and called afterwards. A simple
# one is `nn.MSELoss`, the **mean squared error**: subtract, square, and take the mean over all the numbers,
#
# $$\text{MSE} = \frac{1}{n} \sum_{i=1}^{n} (\text{output}_i - \text{target}_i)^2 .$$
#
# For a start, let the image and the target be random numbers; nothing meaningful is learnt from them.

# %%
torch.manual_seed(0)
net = network()
image = torch.randn(1, 1, 32, 32)
target = torch.randn(10)  # ten numbers that the network should have given
target = target.view(1, -1)  # as a batch of one row, which is the shape of the output

output = net(image)
criterion = nn.MSELoss()
loss = criterion(output, target)
print("output:", tuple(output.shape), " target:", tuple(target.shape), " loss:", loss)

by_hand = ((output - target) ** 2).mean()
print("the same by hand:", by_hand.item())

# %% [markdown]
# The loss is a tensor without dimensions; `loss.item()` gives its value as a Python number. It carries a
# `grad_fn`, so it knows how it was computed.
#
# The picture shows the ten differences. Because they are squared, the largest few make up nearly all of the
# loss. An untrained network gives scores close to 0, whatever it sees, so here the loss is about the mean
# of the squared targets.

# %%
places = torch.arange(10)
squares = (output - target).detach()[0] ** 2

_, (left, right) = plt.subplots(1, 2, figsize=(10, 2.8))
left.bar(places - 0.2, output.detach()[0], width=0.4, label="output")
left.bar(places + 0.2, target[0], width=0.4, label="target")
left.set(xlabel="place", xticks=[0, 3, 6, 9], yticks=[-1, 0, 1], title="output and target")
left.legend()
right.bar(places, squares, color="#d62728")
right.axhline(loss.item(), color="black", linestyle="--", label=f"their mean, the loss: {loss.item():.2f}")
right.set(xlabel="place", xticks=[0, 3, 6, 9], yticks=range(5), title="squared differences")
right.set_ylim(0, 1.3 * squares.max().item())
right.legend()
plt.show()

# %% [markdown]
# Each loss of `torch.nn` also exists as a plain function, here `F.mse_loss(output, target)`, and all of
# them have an argument `reduction`. Its default `"mean"` averages, so that the loss does not grow with the
# size of the batch. `"sum"` adds up instead: with it, the gradients are larger by the number of things that
# are added.

# %%
print("mean:", F.mse_loss(output, target).item())
print("sum: ", F.mse_loss(output, target, reduction="sum").item())

# %% [markdown]
# ## 2. Output and target must have the same shape
#
# Why the line `target = target.view(1, -1)`? The output of the network has the shape (1, 10): a batch of
# one row. Ten bare numbers have the shape (10,). To subtract two tensors of different shapes, PyTorch
# *broadcasts*: it repeats the smaller one until the shapes fit. From (1, 10) and (10,) it makes (1, 10),
# and the loss comes out right by luck. That luck does not last. Take three outputs of one number each, of
# shape (3, 1), and three targets of shape (3,), all of them exactly right:

# %%
outputs = torch.tensor([[1.0], [2.0], [3.0]])
targets = torch.tensor([1.0, 2.0, 3.0])

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    broadcast_loss = F.mse_loss(outputs, targets)

print("shapes:", tuple(outputs.shape), "and", tuple(targets.shape))
print("difference:", (outputs - targets).tolist(), " <- each with each, 3 x 3 numbers")
print(f"loss: {broadcast_loss.item():.4f}   errors: 0   warnings: {len(caught)}")
print(f"loss with equal shapes: {F.mse_loss(outputs, targets.view(3, 1)).item():.4f}")

# %% [markdown]
# All outputs are right, and the loss is 1.33. A network that is trained with it learns to give the same
# answer for every sample, since that makes *this* number smallest. PyTorch only **warns** here, it does not
# stop. So compare the shapes of output and target whenever you set up a loss, and take a warning about a
# "target size" for an error.
#
# ## 3. The graph behind a loss
#
# While the output and the loss were computed, autograd wrote down each operation. From the image to the
# loss they are
#
# ```
# image -> conv1 -> ReLU -> max pool -> conv2 -> ReLU -> max pool
#       -> flatten -> fc1 -> ReLU -> fc2 -> ReLU -> fc3
#       -> MSELoss
#       -> loss
# ```
#
# `loss.grad_fn` is the last of them, and `next_functions` of an operation leads to those that come before
# it. Going back is the direction of the backward pass, so what comes earlier is "next". Each entry is a
# pair; its first part is the operation. Let us take some steps. A linear layer is recorded as
# `AddmmBackward0`, "add, and multiply matrices", and has three things before it:

# %%
last = loss.grad_fn
linear = last.next_functions[0][0]
print("loss:       ", type(last).__name__)
print("before it:  ", type(linear).__name__, " <- fc3")

for place, (operation, _) in enumerate(linear.next_functions):
    print(f"before fc3, next_functions[{place}][0]: {type(operation).__name__}")

print("bias of fc3: ", linear.next_functions[0][0].variable is net.fc3.bias)
print("weight of fc3:", linear.next_functions[2][0].next_functions[0][0].variable is net.fc3.weight)

# %% [markdown]
# The order is that of the arguments: bias, input, weight. So **the ReLU is `next_functions[1][0]`**. At
# place 0 stands `AccumulateGrad`, where the path ends in a parameter, here the bias of `fc3`, and where its
# gradient will be added to `.grad`. (Do not be misled by examples that follow `next_functions[0][0]` twice
# and call the result a ReLU.) The weight is found behind a `TBackward0`, because the layer uses it
# transposed,
# $y = x W^T + b$.
#
# The whole way back, with the parameters that enter on it:

# %%
def way_back(operation, names):
    """Return the operations from `operation` back to the input, with the parameters that enter at each."""
    steps = []
    while operation is not None:
        parameters, before = [], None
        for following, _ in operation.next_functions:
            if type(following).__name__ == "TBackward0":  # a transposed weight
                following = following.next_functions[0][0]
            if hasattr(following, "variable"):  # AccumulateGrad: here the path ends
                parameters.append(names[following.variable])
            elif following is not None:  # None: an input that needs no gradient, like the image
                before = following
        steps.append((type(operation).__name__, parameters))
        operation = before
    return steps


names = {parameter: name for name, parameter in net.named_parameters()}
steps = way_back(loss.grad_fn, names)

_, ax = plt.subplots(figsize=(11, 2.5))
for place, (operation, parameters) in enumerate(steps):
    color = "#fdae6b" if parameters else "#9ecae1"
    ax.add_patch(plt.Rectangle((place, 0), 0.62, 2, facecolor=color, edgecolor="#444444"))
    text = operation.removesuffix("Backward0").replace("WithIndices", "")
    ax.text(place + 0.31, 1, text, rotation=90, ha="center", va="center")
    ax.text(place + 0.31, -0.15, "\n".join(parameters), ha="center", va="top", fontsize=7)
gaps = torch.arange(len(steps)) - 0.38
ax.quiver(gaps, 1 + 0 * gaps, 0.38, 0, angles="xy", scale_units="xy", scale=1, width=0.0015, headwidth=6)
ax.text(-0.45, 1, "loss", ha="right", va="center", weight="bold")
ax.text(len(steps), 1, "image", ha="left", va="center", weight="bold")
ax.set(xlim=(-1.2, len(steps) + 0.8), ylim=(-1, 2.2), title="from the loss back to the image")
ax.axis("off")
plt.show()

# %% [markdown]
# `loss.backward()` goes this way once, from left to right, and applies the chain rule at each box. Where a
# parameter enters, its gradient is **added** to `parameter.grad`. Only such ends of the graph, the *leaf*
# tensors with `requires_grad=True`, get a `.grad`: for the results in between (the output, say) the
# gradient is computed too, but not kept. The next notebook is about this step.

# %%
print("before backward:", net.conv1.bias.grad)
loss.backward()
print("after backward: ", net.conv1.bias.grad)
print("leaf tensors: conv1.bias", net.conv1.bias.is_leaf, "- output", output.is_leaf)

# %% [markdown]
# ## 4. A loss for classes
#
# The ten scores of our network are to say which of ten classes an image belongs to. What should they be?
# With MSE we have to invent ten target numbers, for example 1 for the right class and 0 for all the others
# (this is called *one-hot*). But a network that gives the right class a score of 5 is then told to lower
# it, although it is right.
#
# **Cross entropy** asks for less. The **softmax** turns the scores $s_1, \dots, s_C$ of a sample into
# probabilities, positive numbers with the sum 1, and the loss is minus the logarithm of the probability
# which the right class $t$ got:
#
# $$p_t = \frac{e^{s_t}}{\sum_j e^{s_j}}, \qquad \text{loss} = -\log p_t .$$
#
# The loss of a batch is the mean over its samples. A network that knows nothing gives each of ten classes
# the probability 1/10, and has the loss $\log 10 = 2.3026$: a number to remember, because the first loss of
# every sound training on ten classes is close to it.

# %%
scores = torch.tensor([2.0, 1.0, -1.0])  # one sample, three classes
probabilities = scores.softmax(dim=0)
print("probabilities:", [round(p, 4) for p in probabilities.tolist()])
for right_class in range(3):
    print(f"loss if class {right_class} is right: {-probabilities[right_class].log().item():.4f}")
print("knows nothing of ten classes:", -torch.tensor(1 / 10).log().item())

# %% [markdown]
# `nn.CrossEntropyLoss` does all of it, softmax and logarithm and mean. Three things to know:
#
# * **It takes raw scores (logits).** Do not put a softmax at the end of the network, or before the loss.
#   A softmax of a softmax cannot get far from even: its smallest possible loss is 1.4612 for ten classes,
#   and training stops far too early. It also computes softmax and logarithm together, as `log_softmax`,
#   because `torch.log(torch.softmax(...))` becomes $-\infty$ when a score is far behind the others.
# * **Its target is another one.** For an output of shape (N, C) the usual target is N whole numbers, the
#   classes, with dtype `torch.long` and shape (N,): no column (N, 1), no row (1, N), no decimal numbers.
#   The other form is one *probability* for each class, with decimal numbers and shape (N, C), for example
#   one-hot.
# * **It believes what it gets.** The random target of section 1 has the shape (1, 10) and holds decimal
#   numbers, so it is taken for probabilities, without any error:

# %%
cross_entropy = nn.CrossEntropyLoss()
for seed in range(3):
    dummy = torch.randn(1, 10, generator=torch.Generator().manual_seed(seed))
    total = dummy.sum().item()
    print(f"sum of the 'probabilities': {total:6.2f}   loss: {cross_entropy(output, dummy).item():6.2f}")

# %% [markdown]
# Probabilities have the sum 1, and a cross entropy is never negative. A negative one always means that the
# target is not what you think.
#
# How do the losses differ? On the left is what cross entropy charges for the probability of the right
# class: little if it is high, without limit if it goes to 0. On the right, nine of ten scores are 0 and the
# score of the right class varies. Compare the slopes, for the slope is what drives the training.

# %%
score = torch.linspace(-6, 6, 121)
all_scores = torch.zeros(121, 10)
all_scores[:, 0] = score  # class 0 is the right one
one_hot_rows = torch.eye(10)[0].expand(121, 10)
chance = torch.linspace(0.002, 1, 200)

_, (left, right) = plt.subplots(1, 2, figsize=(10, 3))
left.plot(chance, -chance.log())
left.plot(0.1, torch.tensor(0.1).log().neg(), "o", color="black", label="one of ten: 2.30")
left.set(xlabel="probability of the right class", ylabel="loss", title="cross entropy")
left.set(xticks=[0, 0.5, 1], yticks=[0, 2, 4, 6])
left.legend()
right.plot(score, F.cross_entropy(all_scores, one_hot_rows, reduction="none"), label="cross entropy")
right.plot(score, ((all_scores - one_hot_rows) ** 2).mean(dim=1), label="MSE to one-hot")
right.plot(score, (all_scores - one_hot_rows).abs().mean(dim=1), label="L1 to one-hot")
right.set(xlabel="score of the right class", ylabel="loss", title="three losses of the same scores")
right.set(xticks=[-5, 0, 5], yticks=[0, 4, 8])
right.legend()
plt.show()

# %% [markdown]
# Cross entropy falls all the way, steeply while the network is wrong, hardly any more once it is right. MSE
# has its minimum at the score 1 and rises again. Around the score 0, where an untrained network is, the
# slope of cross entropy is 0.9 and that of MSE only 0.2, because MSE is a mean over all ten numbers.
# **L1**, the mean of the absolute differences, has the slope 0.1 everywhere, however wrong the network is.
# And the three curves have three scales: for scores of 0, one says 2.3 where the others say 0.1.
#
# Some losses of `torch.nn`, and what they want from you:
#
# | loss | function | output | target |
# |---|---|---|---|
# | `nn.MSELoss` | `F.mse_loss` | numbers | as many numbers, same shape |
# | `nn.L1Loss` | `F.l1_loss` | numbers | as many numbers, same shape |
# | `nn.SmoothL1Loss` | `F.smooth_l1_loss` | numbers | the same; squares small errors only |
# | `nn.CrossEntropyLoss` | `F.cross_entropy` | raw scores (N, C) | classes (N,), or probabilities (N, C) |
# | `nn.NLLLoss` | `F.nll_loss` | `log_softmax` of the scores (N, C) | classes (N,) |
# | `nn.MultiMarginLoss` | `F.multi_margin_loss` | raw scores (N, C) | classes (N,) |

# %% [markdown]
# ## 5. The loss during training
#
# Once there is a loss, there can be training. The two halves of a step, gradients and update, are explained
# in notebooks 4 and 5; here they are as a recipe:
#
# ```python
# optimizer.zero_grad()                   # forget the gradients of the step before
# loss = criterion(model(x), target)      # how wrong is it now?
# loss.backward()                         # the gradient of each parameter
# optimizer.step()                        # move each parameter a little against its gradient
# ```
#
# Let the network learn the random target of section 1 by heart, and watch the loss. `loss.item()` takes the
# value out. If you kept `loss` itself in the list, its whole graph would stay in memory with it.

# %%
torch.manual_seed(0)
net = network()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
losses = []
for _ in range(25):
    optimizer.zero_grad()
    loss = criterion(net(image), target)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())

_, ax = plt.subplots(figsize=(6, 2.8))
ax.plot(range(1, 26), losses, "o-")
ax.set(xlabel="step", ylabel="MSE loss", title="one image, one target")
ax.set(xticks=range(0, 26, 5), yticks=[0, 0.5, 1])
plt.show()

# %% [markdown]
# Such a picture is called a **loss curve**, and it is the first thing to look at whenever you train. One
# image is learnt by heart soon; now take real data.
#
# The digits below are in MNIST's format, and `datasets.MNIST` reads them. They are **not MNIST**, but 1,797
# other digits written by hand, which come with this notebook so that nothing has to be downloaded: the
# *Optical Recognition of Handwritten Digits* of E. Alpaydin and C. Kaynak (1998, UCI Machine Learning
# Repository, CC BY 4.0), enlarged from 8 x 8 pixels and put in the middle of 28 x 28. If the files are not
# there, the real MNIST is downloaded, and everything works just as well, with slightly other numbers.
#
# We read 1,000 digits once and keep them as two tensors. That is about ten times faster than to convert
# each picture anew whenever it is needed. The normalisation gives the pixels a mean near 0 and a spread
# near 1.

# %% nbgrader={"grade": false, "grade_id": "digits", "locked": true, "schema_version": 3, "solution": false, "task": false}
def mnist_tensors(n):
    """Return the first `n` training digits: normalised images (n, 1, 28, 28) and their classes (n,)."""
    digits = datasets.MNIST(root="./data", train=True, download=True)
    images = (digits.data[:n].unsqueeze(1).float() / 255 - 0.1307) / 0.3081
    return images, digits.targets[:n]


def digit_loader(n=1000):
    """Return a loader of the first `n` digits in batches of 64, always in the same order."""
    return DataLoader(TensorDataset(*mnist_tensors(n)), batch_size=64, shuffle=False)


class SimpleMNISTNet(nn.Module):
    """Digits (N, 1, 28, 28) in, one score for each of ten classes (N, 10) out; three linear layers."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(28 * 28, 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, 10)

    def forward(self, x):
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


# %%
digits, classes = mnist_tensors(1000)
print("images:", tuple(digits.shape), digits.dtype, " classes:", tuple(classes.shape), classes.dtype)
print("batches:", [len(batch_classes) for _, batch_classes in digit_loader()])

_, ax = plt.subplots(figsize=(10, 1.3))
ax.imshow(torch.cat(list(digits[:12, 0]), dim=1), cmap="gray_r")
ax.set(xticks=range(14, 12 * 28, 28), xticklabels=classes[:12].tolist(), yticks=[])
plt.show()

# %% [markdown]
# One pass through all batches is an **epoch**. Which number is "the loss of epoch 3"? The loss of a single
# batch is noisy, some batches being harder than others, and the last one tells only of the last samples. We
# want the mean over **all samples** of the epoch. But `criterion` gives the mean over a batch, and the
# batches are not equally large: 1,000 digits make 15 batches of 64, and a last one of 40. To average the 16
# batch means would count each sample of the last batch 1.6 times. So weigh each batch by its size:
#
# $$\text{epoch loss} = \frac{\sum_b \text{loss}_b \cdot \text{size}_b}{\sum_b \text{size}_b}$$

# %%
batch_means, sizes = [2.0, 2.0, 8.0], [4, 4, 2]  # 10 samples in batches of 4: the last one has 2

print("the last batch:         ", batch_means[-1])
print("mean of the batch means:", sum(batch_means) / len(batch_means))
print("mean over the samples:  ", sum(m * s for m, s in zip(batch_means, sizes, strict=True)) / sum(sizes))

# %% [markdown]
# ## 6. Exercises
#
# The three practice questions. What you need for each was shown above, or stands right before it.
#
# ### Exercise 3.1 - Cross entropy and its target
#
# *Change the loss function to CrossEntropyLoss and modify the target accordingly.* The network gives scores
# of shape (N, C), and you know the right classes as a list such as `[3, 1, 4]`. Write
#
# * `make_target(labels, num_classes)`, which makes of this list a target that `nn.CrossEntropyLoss`
#   accepts and understands,
# * `classification_loss(output, target)`, which computes the cross entropy.
#
# *Left free:* which of the two forms of target you make (section 4), and how; the module, the function or
# your own formula.

# %% nbgrader={"grade": false, "grade_id": "cross_entropy_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def make_target(labels: list[int], num_classes: int = 10) -> torch.Tensor:
    """Return the target for `nn.CrossEntropyLoss` that belongs to an output of shape (N, num_classes).

    `labels` is a list of N whole numbers (N is at least 1), each from 0 to num_classes - 1: the right classes
    of N samples. The target is a tensor in one of the two forms that the loss takes: the classes, of shape
    (N,) and dtype torch.long (or torch.uint8); or one-hot, of shape (N, num_classes), with decimal numbers.
    """
    ### BEGIN SOLUTION
    return torch.tensor(labels, dtype=torch.long)
    ### END SOLUTION


def classification_loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return the cross entropy of raw scores, averaged over the samples.

    `output` holds the scores (logits) of N samples for C classes, shape (N, C); C may be any number from 2.
    They may be very large or very small. `target` is in the form that your `make_target` returns for these
    N samples and C classes. The result is a tensor without dimensions from which gradients flow back to the
    output. Neither argument is changed.
    """
    ### BEGIN SOLUTION
    return F.cross_entropy(output, target)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_cross_entropy_loss", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
try:
    three_targets = make_target([3, 1, 4])
except NotImplementedError:
    raise AssertionError("make_target is not written yet: it still holds the stub.") from None
assert isinstance(three_targets, torch.Tensor), (
    f"make_target returns a tensor. Yours returned a {type(three_targets).__name__}."
)
assert three_targets.shape in ((3,), (3, 10)), (
    "The target for three samples and ten classes has the shape (3,) if it holds classes, or (3, 10) if it "
    f"is one-hot. Yours has the shape {tuple(three_targets.shape)}."
)
if three_targets.ndim == 1:
    assert three_targets.dtype in (torch.long, torch.uint8), (
        f"Classes are whole numbers, with dtype torch.long. Yours have the dtype {three_targets.dtype}."
    )
    assert three_targets.tolist() == [3, 1, 4], (
        f"The classes are 3, 1 and 4. Yours are {three_targets.tolist()}."
    )
else:
    assert three_targets.is_floating_point(), (
        "A one-hot target holds probabilities, which are decimal numbers (such as torch.float32). "
        f"Yours has the dtype {three_targets.dtype}."
    )

try:
    even_loss = classification_loss(torch.zeros(3, 10), three_targets)
except NotImplementedError:
    raise AssertionError("classification_loss is not written yet: it still holds the stub.") from None
assert isinstance(even_loss, torch.Tensor), (
    f"classification_loss returns a tensor, not a {type(even_loss).__name__}: training needs its gradient."
)
assert even_loss.shape == (), (
    f"The loss is a single number, a tensor of shape (). Yours has the shape {tuple(even_loss.shape)}."
)
assert abs(even_loss.item() - 2.3026) < 1e-3, (
    "If the scores of all ten classes are equal, the loss is log(10) = 2.3026, whatever the target and "
    f"however many samples. Yours is {even_loss.item():.4f}."
)

net_loss = classification_loss(network()(torch.randn(3, 1, 32, 32)), three_targets)
assert net_loss.requires_grad, "Your loss is cut off from the network: no gradient can flow back from it."
print("Exercise 3.1: all tests of this cell passed.")

# %% [markdown]
# ### Exercise 3.2 - Log the loss of each epoch
#
# *Implement a function to log the loss value at each epoch.* Write `train_with_log`, which trains a model
# for some epochs by the recipe of section 5, prints a line after each, and returns the losses.
#
# A printout such as "every 10 batches, the mean of the last 10" is often seen. It is not the loss of an
# epoch: of our 16 batches, the last six would never be reported.
#
# *Left free:* the wording of the lines, further lines in between, counting epochs from 0 or from 1, and
# what the model's mode is afterwards.

# %% nbgrader={"grade": false, "grade_id": "log_epoch_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_with_log(
    model: nn.Module,
    loader: DataLoader,
    criterion: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    optimizer: torch.optim.Optimizer,
    num_epochs: int,
) -> list[float]:
    """Train `model`, and return the loss of each epoch as a list of `num_epochs` plain numbers.

    An epoch goes once through `loader`, which gives batches (x, y), and takes one step of `optimizer` for
    each of them. `criterion(model(x), y)` is the mean loss of a batch, and any loss may be passed in. During
    training the model is in train mode, whatever it was in before. Gradients that are left from before the
    call play no part.

    The loss of an epoch is the mean over all its samples of the loss during training: the batch losses just
    as they were computed for the steps, each weighted by its number of samples (the last batch may be
    smaller).

    When an epoch is over, and before the next one begins, one line is printed with the number of the epoch,
    counted from 0 or from 1, and the epoch's loss, with at least two decimals. With
    `num_epochs` 0 nothing is trained and the list is empty.
    """
    ### BEGIN SOLUTION
    history = []
    model.train()
    for epoch in range(num_epochs):
        total, samples = 0.0, 0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
            samples += len(x)
        history.append(total / samples)
        print(f"epoch {epoch + 1}: loss {history[-1]:.4f}")
    return history
    ### END SOLUTION


# %% [markdown]
# Your function on the digits, with the batch losses behind it. The grey dots are what `criterion` gave for
# each batch; your epoch loss should run through the middle of them.

# %%
torch.manual_seed(0)
digit_net = SimpleMNISTNet()
batch_losses = []


def recorded(scores, target):
    """Cross entropy that also remembers each loss it computes."""
    loss = F.cross_entropy(scores, target)
    batch_losses.append(loss.item())
    return loss


try:
    epoch_losses = train_with_log(
        digit_net, digit_loader(), recorded, torch.optim.SGD(digit_net.parameters(), lr=0.1), num_epochs=5
    )
except NotImplementedError:
    print("Write train_with_log first. Then this cell shows your loss curve.")
else:
    _, ax = plt.subplots(figsize=(8, 3))
    batch_places = [(number + 0.5) / 16 for number in range(len(batch_losses))]
    ax.plot(batch_places, batch_losses, ".", color="gray", label="batch")
    ax.plot([epoch + 0.5 for epoch in range(len(epoch_losses))], epoch_losses, "o-", label="epoch")
    ax.set(xlabel="epochs", ylabel="cross entropy", title="1,000 digits, SGD with learning rate 0.1")
    ax.set(xticks=range(6), yticks=[0, 1, 2])
    ax.legend()
    plt.show()

# %% nbgrader={"grade": true, "grade_id": "test_log_epoch_loss", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
log_inputs = torch.arange(10.0).view(10, 1)
log_loader = DataLoader(TensorDataset(log_inputs, 2 * log_inputs), batch_size=4)  # batches of 4, 4 and 2
log_model = nn.Linear(1, 1)
nn.init.zeros_(log_model.weight)
nn.init.zeros_(log_model.bias)
try:
    standing = train_with_log(
        log_model, log_loader, nn.MSELoss(), torch.optim.SGD(log_model.parameters(), lr=0.0), num_epochs=2
    )
except NotImplementedError:
    raise AssertionError("train_with_log is not written yet: it still holds the stub.") from None
assert isinstance(standing, list), f"Return a list. Your function returned a {type(standing).__name__}."
assert len(standing) == 2, f"For two epochs the list has two losses. Yours has {len(standing)}."
assert not any(isinstance(value, torch.Tensor) for value in standing), (
    "The losses in the list are tensors, which keep their whole graph in memory: take `loss.item()`."
)
assert abs(standing[0] - 114) < 0.01, (
    "With learning rate 0 the model always says 0. The squared targets of the ten samples have the mean 114; "
    "the three batches, of 4, 4 and 2 samples, have the mean losses 14, 126 and 290. "
    f"For the first epoch your function says {standing[0]:.4f}."
)
assert abs(standing[1] - standing[0]) < 0.01, (
    "With learning rate 0 nothing is learnt, so both epochs have the same loss. "
    f"Your function says {standing[0]:.4f} and then {standing[1]:.4f}."
)

moving = train_with_log(
    log_model, log_loader, nn.MSELoss(), torch.optim.SGD(log_model.parameters(), lr=0.01), num_epochs=3
)
assert moving[-1] < moving[0], f"With learning rate 0.01 the loss falls. Your losses are {moving}."
print("Exercise 3.2: all tests of this cell passed.")

# %% [markdown]
# ### Exercise 3.3 - Compare loss functions
#
# *Compare different loss functions and analyze their impact on training.* A fair comparison lets only one
# thing differ. So each loss function gets **its own copy of the same model** (`copy.deepcopy(model)` makes
# one), the same data in the same order, the same optimizer and learning rate. And it needs a measure that
# means the same for all of them: besides the loss, take the **accuracy**, the share of samples for which
# the largest score is that of the right class. `model.eval()` before measuring and `model.train()` before
# training matter as soon as a model has dropout or batch normalization.
#
# * `loss_functions()` collects what is compared. Every function in it takes raw scores and classes, and
#   turns the classes into whatever its loss needs.
# * `compare_loss_functions(...)` trains with each of them.
#
# *Left free:* the third loss function (and more of them); how the one-hot rows are made; copying the model,
# or saving and restoring its state; what is printed; the order of the results.

# %% nbgrader={"grade": false, "grade_id": "compare_loss_functions", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loss_functions() -> dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]]:
    """Return `{name: function}` with at least three loss functions for classification.

    Each is called as function(logits, labels), with raw scores (N, C) and classes (N,) of dtype torch.long,
    for any number N of samples and any number C of classes, and returns a tensor without dimensions from
    which gradients flow back to the logits. It never is negative, and it is smaller if the right classes have
    the score 1 and all others 0 than if a wrong class has the 1.

    Two of them are "cross_entropy", the cross entropy averaged over the samples, and "mse", the mean of the
    squared differences between the raw scores and the one-hot rows of the labels, over all N * C numbers. The
    third is of your choice.
    """
    ### BEGIN SOLUTION
    def one_hot(logits, labels):
        return F.one_hot(labels, logits.shape[1]).float()

    return {
        "cross_entropy": nn.CrossEntropyLoss(),
        "mse": lambda logits, labels: F.mse_loss(logits, one_hot(logits, labels)),
        "l1": lambda logits, labels: F.l1_loss(logits, one_hot(logits, labels)),
    }
    ### END SOLUTION


def compare_loss_functions(
    model: nn.Module,
    loader: DataLoader,
    loss_fns: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]],
    num_epochs: int = 5,
    lr: float = 0.1,
) -> dict[str, dict[str, list[float]]]:
    """Train the same model with each loss function; return `{name: {"loss": [...], "accuracy": [...]}}`.

    Each function in `loss_fns` (any names, any functions like those of `loss_functions`) trains a copy of
    `model` as it came, for `num_epochs` epochs of plain SGD with learning rate `lr`: one step for each batch
    (x, labels) of `loader`, in its order, and in train mode. Both lists hold one plain number per epoch:

    * "loss": the mean over all samples of the loss during training, as in exercise 3.2.
    * "accuracy": the share, from 0 to 1, of all samples of `loader` whose largest score is that of the right
      class, measured in eval mode when the epoch is over.

    Afterwards `model` has the parameters, the buffers and the mode (train or eval) with which it came.
    """
    ### BEGIN SOLUTION
    results = {}
    for name, loss_fn in loss_fns.items():
        trained = copy.deepcopy(model)
        optimizer = torch.optim.SGD(trained.parameters(), lr=lr)
        losses, accuracies = [], []
        for _ in range(num_epochs):
            trained.train()
            total, samples = 0.0, 0
            for x, labels in loader:
                optimizer.zero_grad()
                loss = loss_fn(trained(x), labels)
                loss.backward()
                optimizer.step()
                total += loss.item() * len(x)
                samples += len(x)
            losses.append(total / samples)

            trained.eval()
            with torch.no_grad():
                right = sum((trained(x).argmax(dim=1) == labels).sum().item() for x, labels in loader)
            accuracies.append(right / samples)
        results[name] = {"loss": losses, "accuracy": accuracies}
    return results
    ### END SOLUTION


# %% [markdown]
# The experiment: 1,000 digits, five epochs, learning rate 0.1. It takes a second or so. Look at the table
# and at both pictures before you answer. The numbers can differ a little from one computer to another.

# %% nbgrader={"grade": false, "grade_id": "experiment_3_3", "locked": true, "schema_version": 3, "solution": false, "task": false}
results_3_3 = {}
torch.manual_seed(0)
try:
    results_3_3 = compare_loss_functions(
        SimpleMNISTNet(), digit_loader(), loss_functions(), num_epochs=5, lr=0.1
    )
except NotImplementedError:
    print("Write loss_functions and compare_loss_functions first. Then this cell shows your results.")
else:
    _, (left, right) = plt.subplots(1, 2, figsize=(10, 3))
    for name, result in results_3_3.items():
        print(f"{name:<20} last loss {result['loss'][-1]:.4f}   last accuracy {result['accuracy'][-1]:.3f}")
        left.plot(range(1, 1 + len(result["loss"])), result["loss"], "o-", label=name)
        right.plot(range(1, 1 + len(result["accuracy"])), result["accuracy"], "o-", label=name)
    left.set(xlabel="epoch", ylabel="loss", title="each in its own unit", xticks=range(1, 6))
    left.set_yscale("log", subs=[])
    left.set_yticks([0.1, 1], ["0.1", "1"])
    right.set(xlabel="epoch", ylabel="accuracy", title="the same measure for all", xticks=range(1, 6))
    right.set(ylim=(0, 1), yticks=[0, 0.5, 1])
    right.legend(loc="lower right")
    plt.show()

# %% nbgrader={"grade": false, "grade_id": "answers_3_3", "locked": false, "schema_version": 3, "solution": true, "task": false}
# Replace each None by your answer, in quotation marks.
#
# a) After five epochs the smallest loss *number* belongs to ... the name of a loss function in the table
# b) After five epochs the best accuracy belongs to ... the name of a loss function in the table
# c) May you conclude from a smaller loss number that one loss function trained the network better than
#    another? "yes" or "no"
answers_3_3 = {
    "a": None,
    "b": None,
    "c": None,
}

# Leave the rest as it is: while a None is left above, it ends this cell with a NotImplementedError.
if None in answers_3_3.values():
    ### BEGIN SOLUTION
    answers_3_3 = {"a": "mse", "b": "cross_entropy", "c": "no"}
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_compare_loss_functions", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
try:
    own_losses = loss_functions()
except NotImplementedError:
    raise AssertionError("loss_functions is not written yet: it still holds the stub.") from None
assert isinstance(own_losses, dict), f"loss_functions returns a dictionary. Yours returned {own_losses!r}."
assert {"cross_entropy", "mse"} <= set(own_losses), (
    f'Two of the names must be "cross_entropy" and "mse". Yours are {list(own_losses)}.'
)
assert len(own_losses) >= 3, f"At least three loss functions are asked for. Yours are {list(own_losses)}."

some_logits = torch.zeros(2, 4, requires_grad=True)
for name, function in own_losses.items():
    value = function(some_logits, torch.tensor([0, 2]))
    assert isinstance(value, torch.Tensor), f"{name} must return a tensor. It returned {value!r}."
    assert value.shape == (), f"{name} must return a single number. Its shape is {tuple(value.shape)}."
    assert value.requires_grad, f"No gradient can flow back from {name}: what cuts it off from the logits?"
zero_mse = own_losses["mse"](some_logits, torch.tensor([0, 2])).item()
assert abs(zero_mse - 0.25) < 1e-5, (
    "With two samples, four classes and all scores 0, two of the eight differences are 1: "
    f'"mse" is 2 / 8 = 0.25. Yours is {zero_mse:.4f}.'
)

torch.manual_seed(1)
small_model = nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, 10))
weight_before = small_model[1].weight.detach().clone()
small_loader = digit_loader(100)
try:
    compared = compare_loss_functions(
        small_model, small_loader, {"one": F.cross_entropy, "same": F.cross_entropy}, num_epochs=2, lr=0.05
    )
except NotImplementedError:
    raise AssertionError("compare_loss_functions is not written yet: it still holds the stub.") from None
assert isinstance(compared, dict), (
    f"compare_loss_functions returns a dictionary. Yours returned {compared!r}."
)
assert set(compared) == {"one", "same"}, (
    f'The keys are the names in `loss_fns`, here "one" and "same". Yours are {list(compared)}.'
)
for result in compared.values():
    assert set(result) == {"loss", "accuracy"}, (
        f'For each loss function there are the keys "loss" and "accuracy". Yours are {list(result)}.'
    )
    for kind, numbers in result.items():
        assert len(numbers) == 2, f"Two epochs give two numbers. Under {kind!r} you have {len(numbers)}."
    assert all(0 <= number <= 1 for number in result["accuracy"]), (
        f"Accuracies are shares from 0 to 1. Yours are {result['accuracy']}."
    )
same_losses = zip(compared["one"]["loss"], compared["same"]["loss"], strict=True)
assert all(abs(one - same) < 1e-4 for one, same in same_losses), (
    "The same loss function was passed in under two names, and the results differ: both must start from the "
    f"same weights. First losses: {compared['one']['loss'][0]:.4f} and {compared['same']['loss'][0]:.4f}."
)
assert torch.equal(small_model[1].weight, weight_before), (
    "The weights of the model that was passed in have changed: train a copy of it."
)

assert isinstance(answers_3_3, dict), "answers_3_3 must stay a dictionary with the keys a, b and c."
for question in ("a", "b"):
    assert answers_3_3.get(question) in results_3_3, (
        f'Question {question}) has no valid answer yet: set answers_3_3["{question}"] to one of '
        f"{list(results_3_3)}."
    )
assert answers_3_3.get("c") in ("yes", "no"), 'Question c) has no valid answer yet: "yes" or "no".'
print("Exercise 3.3: all tests of this cell passed.")

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_3_3", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# **Exercise 3.3, in your own words (3 points).** Which loss function trained the network best in your
# experiment, and why? Support what you say with your numbers, and name one thing that this experiment
# cannot tell. Three to six sentences will do.
#
# ### BEGIN SOLUTION
#
# **Model answer.** After five epochs the networks had training accuracies of 0.94 (cross entropy), 0.90
# (MSE) and 0.57 (L1), while the losses were 0.29, 0.05 and 0.11. So MSE has the smallest number but not the
# best network: the losses are in different units (an untrained network has 2.3, but 0.1 in MSE to one-hot),
# and only the accuracy can be compared. The gradient of cross entropy with respect to the scores is softmax
# minus one-hot: near 1 for a confident mistake, near 0 for what is right already. MSE and L1 average over
# ten numbers per sample, nine of which ask for a score of 0, so at the same learning rate their steps are
# small, and L1 does not tell small from large errors. The experiment has one start, one learning rate and
# training data only: with learning rate 1, MSE reaches 0.94 as well.
#
# **Mark scheme.**
#
# * 1 point: names measured numbers of this run which support the statement (accuracies, and not losses,
#   as the common measure).
# * 1 point: states the mechanism correctly: the values of different losses have different scales, and
#   accuracy is comparable; the gradient of cross entropy stays large for confident mistakes (or: that of
#   MSE and L1 is smaller at the same learning rate, since they average over all classes).
# * 1 point: names one limit: one seed, one learning rate, few epochs, small data, accuracy on training
#   data only.
#
# No deduction for other wording.
#
# ### END SOLUTION

# %% [markdown]
# ## Summary
#
# * A loss function makes one number of output and target. Give both the same shape: broadcasting spoils a
#   loss, and only a warning tells.
# * The graph of a loss leads back, operation by operation, to the parameters; `backward()` follows it.
# * For classes take cross entropy: raw scores in, whole numbers as target. The first loss is about log C.
# * The loss of an epoch is the mean over its samples: weigh each batch by its size, keep plain numbers.
# * Losses of different loss functions cannot be compared; accuracies of networks can.
#
# Next: what `loss.backward()` leaves in the parameters, and how to look at it.
