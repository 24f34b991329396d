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
# # Neural networks 1: define the network
#
# This is the first of six notebooks in which you build, inspect and train neural networks with PyTorch.
# Here you define a small convolutional network and learn to look inside it. At the end you can
#
# * write a network as an `nn.Module`, and say what its `forward` has to do and what autograd does for you,
# * work out the size of the data between any two layers,
# * find the learnable parameters of any model, and count them,
# * add dropout, and measure what it does to the output.
#
# **How to work.** Read from the top and run each cell. Change the demonstration cells and run them again:
# nothing there is graded. Each exercise has a cell marked `# YOUR CODE HERE`: replace the mark and the line
# `raise NotImplementedError()` by your code, and keep the names and arguments that are given. Helper
# functions are welcome, in the same cell or in a new one above it. Then run the tests below the exercise.
# Cells with tests, the imports and the network itself are fixed: if one of them is changed, the original is
# put back before grading. Before you hand in, choose **Kernel > Restart & Run All** and see that everything
# still works.
#
# **How it is graded.** Each of the three exercises gives 10 points. The tests you see check the first things
# that can go wrong. After you hand in, hidden checks try your code on other models and other inputs, so write
# it for *any* model, not for the one on this page. The docstring of each function says all that is asked;
# what it does not say is yours to choose. Every check gives its own share of the points, so a part that works
# counts even if another does not. One short written answer (exercise 1.2) is read by your teacher.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import torch
import torch.nn as nn
import torch.nn.functional as F

# %% [markdown]
# ## 1. Neural networks in PyTorch
#
# A neural network is a function with many adjustable numbers in it, its *parameters*. Training adjusts them
# until the outputs are good. Two parts of PyTorch share the work: **autograd** records what is computed and
# finds the gradient of the result with respect to every parameter, and **`torch.nn`** supplies the layers
# that own the parameters.
#
# The unit of `torch.nn` is the **module**, a class derived from `nn.Module`. A module holds layers (which are
# modules too), and its method `forward(input)` computes the output. Because every operation in `forward` is
# one that autograd knows, a network can be differentiated as soon as it is written.
#
# Training follows the same six steps for nearly every network:
#
# 1. Define a network with learnable parameters. *(this notebook)*
# 2. Go through a data set, batch by batch. *(notebook 6)*
# 3. Pass each batch through the network. *(notebook 2)*
# 4. Compute the loss: one number for how wrong the output is. *(notebook 3)*
# 5. Go backwards from the loss to the gradient of each parameter. *(notebook 4)*
# 6. Move each parameter a little against its gradient, in the simplest case by
#    `weight = weight - learning_rate * gradient`. *(notebook 5)*
#
# Steps 2 to 6 are repeated until the loss is small enough.

# %% [markdown]
# ## 2. Define the network
#
# Our network looks at a grey image of 32 x 32 pixels and gives one score for each of ten classes. It is a
# *feed-forward* network: data enters at one end, passes each layer once, and leaves at the other end.
#
# Its first half is a **convnet** (convolutional network). The same stroke can stand anywhere in an image, so
# a convolution slides one small 3 x 3 filter over all positions. That needs very few parameters, and it finds
# the stroke wherever it is. Pooling then keeps the largest value of each 2 x 2 window, which makes the maps
# smaller and lets the next convolution see more of the image at once. The second half is fully connected: it
# weighs everything that was found and arrives at ten scores.
#
# Here is the plan. Each block is the data at one point, written as channels x height x width, and above it
# stands what produced it. Where there are more than six channels, six are drawn.

# %%
plan = [
    ("input", (1, 32, 32)),
    ("conv1\nReLU", (6, 30, 30)),
    ("max pool", (6, 15, 15)),
    ("conv2\nReLU", (16, 13, 13)),
    ("max pool", (16, 6, 6)),
    ("flatten", (576,)),
    ("fc1\nReLU", (120,)),
    ("fc2\nReLU", (84,)),
    ("fc3", (10,)),
]


def draw_plan(plan):
    """Draw feature maps as stacks of squares and vectors as bars, with the name of each step above."""
    _, ax = plt.subplots(figsize=(14, 4))
    left, gap, arrows = 0.0, 14.0, []
    for step, size in plan:
        is_map = len(size) == 3
        width, height = size[1:] if is_map else (4, 10 + size[0] / 16)
        layers = min(size[0], 6) if is_map else 1
        for layer in reversed(range(layers)):
            corner = (left + 1.2 * layer, 1.2 * layer - height / 2)
            color = "#9ecae1" if is_map else "#fdae6b"
            ax.add_patch(
                plt.Rectangle(corner, width, height, facecolor=color, edgecolor="#444444", linewidth=0.8)
            )
        right = left + width + 1.2 * (layers - 1)
        ax.text((left + right) / 2, 31, step, ha="center", va="center", weight="bold")
        ax.text((left + right) / 2, -31, " x ".join(map(str, size)), ha="center", va="center")
        arrows.append(right + 2)
        left = right + gap
    starts, heights = arrows[:-1], [0] * (len(plan) - 1)
    ax.quiver(starts, heights, gap - 4, 0, angles="xy", scale_units="xy", scale=1, width=0.0015, headwidth=6)
    ax.set(xlim=(-3, left - gap + 3), ylim=(-36, 36), aspect="equal")
    ax.axis("off")
    plt.show()


draw_plan(plan)


# %% [markdown]
# The plan resembles LeNet-5, with which LeCun and others read handwritten digits in 1998: also 32 x 32
# pixels, two convolutions, three fully connected layers. It is LeNet-*like* only, since LeNet uses 5 x 5
# filters; with them this network would have 61,706 parameters, with 3 x 3 filters it has 81,194.
#
# A module is written in two parts. `__init__` creates the layers that own parameters and stores them as
# attributes: this is how PyTorch gets to know them. `forward` says how the data flows. Operations without
# parameters, such as ReLU and pooling, need no attribute and can be called as functions.

# %% nbgrader={"grade": false, "grade_id": "define_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
class network(nn.Module):
    """Grey images (N, 1, 32, 32) in, one score for each of ten classes (N, 10) out."""

    def __init__(self):
        super().__init__()
        # Convolutions: channels in, channels out, side of the square filter.
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        # Fully connected layers: numbers in, numbers out. conv2 and pooling leave 16 maps of 6 x 6.
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)  # one row per image: all dimensions but the batch become one
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


# %%
net = network()
print(net)


# %% [markdown]
# Some remarks on the code:
#
# * `nn.Linear` computes $y = x W^T + b$, with a matrix $W$ of shape (numbers out, numbers in) and a vector
#   $b$.
# * The last layer has no ReLU. Its outputs are raw scores, also called *logits*, and may be negative.
# * The first dimension of the data is always the batch, here called N. `torch.flatten(x, 1)` leaves it alone.
#   Older code has `x.view(-1, 576)` in this place; that can mix up images when a size is not what was
#   expected, so prefer `flatten`.
# * By convention Python classes are written in PascalCase. `network` is small only because it is the common
#   name for this model throughout the six notebooks; name your own classes like `DropoutNet`.
# * `print(net)` lists the layers as created in `__init__`. It knows nothing of `forward`: ReLU and pooling
#   are missing, and the order of the lines need not be the order of the computation.

# %% [markdown]
# ## 3. Follow the sizes
#
# Where does `16 * 6 * 6` come from? Two rules give every size in the plan:
#
# * A 3 x 3 filter without padding cannot be centred on the outermost pixels, so height and width shrink by
#   two: $n \to n - 2$.
# * 2 x 2 pooling halves height and width and drops what is left over: $n \to \lfloor n / 2 \rfloor$.
#
# So $32 \to 30 \to 15 \to 13 \to 6$, and 16 channels of 6 x 6 make 576 numbers. Do not just believe it: run
# the layers one by one and compare with the picture. Whenever a shape error puzzles you, this is how to find
# the layer that causes it.

# %%
def trace_sizes(net, x):
    """Run the layers of `net` one by one on the images `x` and print the size of each result."""

    def show(step, x):
        print(f"{step:<18}{' x '.join(str(side) for side in x.shape)}")
        return x

    x = show("input", x)
    x = show("conv1, ReLU", F.relu(net.conv1(x)))
    x = show("max pool", F.max_pool2d(x, 2))
    x = show("conv2, ReLU", F.relu(net.conv2(x)))
    x = show("max pool", F.max_pool2d(x, 2))
    x = show("flatten", torch.flatten(x, 1))
    x = show("fc1, ReLU", F.relu(net.fc1(x)))
    x = show("fc2, ReLU", F.relu(net.fc2(x)))
    show("fc3", net.fc3(x))


trace_sizes(net, torch.randn(1, 1, 32, 32))

# %% [markdown]
# The 1 in front is the batch: one image. Try a batch of 7, and then an image of 28 x 28 pixels, the size of
# the MNIST digits. The convolutions accept any size, but `fc1` was built for exactly 576 numbers. Which sizes
# besides 32 x 32 work by chance, and why?

# %% [markdown]
# ## 4. You write forward, autograd does backward
#
# There is no `backward` in the class, and none is needed. While `forward` runs, autograd records each
# operation on the tensors. Asked for gradients, it goes through this record from the end to the beginning and
# applies the chain rule. That is why `forward` may contain any tensor operation, and even `if` and `for`.
#
# Call the network like a function, `net(image)`, and not `net.forward(image)`: the call runs `forward` and
# also everything that may have been attached to the module.

# %%
image = torch.randn(1, 1, 32, 32)
scores = net(image)
print("scores:", scores.shape)
print("recorded last:", scores.grad_fn.name())  # the matrix product and bias of fc3

print("gradient of conv1.weight before backward:", net.conv1.weight.grad)
scores.sum().backward()  # any single number can be differentiated; from notebook 3 on it will be a loss
print("gradient of conv1.weight after backward: ", net.conv1.weight.grad.shape)
net.zero_grad()  # forget the gradients again

# %% [markdown]
# ## 5. Learnable parameters
#
# The parameters are what training changes and what takes up memory, so you will often want to know them.
# `parameters()` goes through all parameter tensors of a model, also those of the layers inside layers.
# `named_parameters()` gives the name of each as well. Our five layers own ten tensors: a weight and a bias
# each.

# %%
params = list(net.parameters())
print(len(params), "parameter tensors")

for name, parameter in net.named_parameters():
    print(f"{name:<14}{tuple(parameter.shape)!s:<16}trainable: {parameter.requires_grad}")

# %% [markdown]
# The weight of `conv1` has shape (6, 1, 3, 3): six filters, for one input channel each, of 3 x 3 numbers. The
# method `numel()` of a tensor gives how many numbers that is, here 6 * 1 * 3 * 3 = 54.
#
# Each parameter has a switch, `requires_grad`. If it is off, autograd computes no gradient for this
# parameter, and training leaves it as it is: it is *frozen*. This is usual when a network that was trained on
# one task is reused for another. `requires_grad_(False)`, called on a parameter or on a whole module, freezes
# it.

# %%
print("numbers in conv1.weight:", net.conv1.weight.numel())

half_frozen = network()
half_frozen.conv1.requires_grad_(False)
for name, parameter in half_frozen.named_parameters():
    if name.startswith("conv"):
        print(f"{name:<14}trainable: {parameter.requires_grad}")

# %% [markdown]
# Modules can hold modules to any depth. `named_modules()` visits all of them, first the model itself under
# the empty name `''`, and writes the path to each with dots: `features.0` is the first module inside
# `features`. For any of them, `parameters()` includes what the modules inside it own, unless its argument
# `recurse` says otherwise.
#
# Some modules also hold **buffers**: numbers which belong to their state but are not learnt by gradients.
# Batch normalization, for example, keeps a running mean and variance. They are saved with the model, but they
# are no parameters.

# %%
example = nn.ModuleDict(
    {
        "features": nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU()),
        "classifier": nn.Linear(8, 3),
    }
)

print("modules")
for name, module in example.named_modules():
    print(f"    {name!r:<16}{type(module).__name__}")

print("buffers")
for name, buffer in example.named_buffers():
    print(f"    {name:<32}{tuple(buffer.shape)}")


# %% [markdown]
# ## 6. Exercises
#
# The three practice questions. What you need for each was shown above, or stands right before it.

# %% [markdown]
# ### Exercise 1.1 - Count the parameters of each layer
#
# Print how many parameters each layer of a model has. A glance at such a list often shows that one single
# layer holds most of a network: which one is it here?
#
# Write `count_layer_parameters(model)`. It prints one line for each layer, with the layer's name and its
# number, and returns the same as a dictionary. It must work for any model, also if layers lie inside other
# modules, as in `example` above.
#
# *Left free:* how you walk through the model, and the format of the printed lines (`69,240` is as good as
# `69240`). Layers without parameters, such as a ReLU module, may be left out or listed with 0.

# %% nbgrader={"grade": false, "grade_id": "count_layer_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_layer_parameters(model: nn.Module) -> dict[str, int]:
    """Print one line per layer with its name and number of parameters, and return `{name: number}`.

    A layer is a module that holds parameters directly (convolution, linear, normalization, ...). Its name is
    the one in `model.named_modules()`, for example "conv1" or "features.0". The dictionary is in the order in
    which the model defines its layers.

    The weight and the bias of a layer are counted together. Frozen parameters count; buffers (such as the
    running statistics of batch normalization) do not. Layers without parameters may be left out or have the
    number 0. The model is not changed.
    """
    ### BEGIN SOLUTION
    counts = {}
    for name, module in model.named_modules():
        number = sum(parameter.numel() for parameter in module.parameters(recurse=False))
        if number:
            counts[name] = number
            print(f"{name}: {number:,}")
    return counts
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_count_layer_parameters", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
try:
    layer_counts = count_layer_parameters(network())
except NotImplementedError:
    raise AssertionError("count_layer_parameters is not written yet: it still holds the stub.") from None

assert isinstance(layer_counts, dict), (
    f"Return a dictionary {{name: number}}. Your function returned a {type(layer_counts).__name__}."
)
layers_found = {name for name, number in layer_counts.items() if number}
assert layers_found == {"conv1", "conv2", "fc1", "fc2", "fc3"}, (
    "The layers of the network are conv1, conv2, fc1, fc2 and fc3, and these are the keys: one for each "
    f"layer, not one for each parameter tensor. Your keys are {sorted(layers_found)}."
)
assert layer_counts["conv1"] == 60, (
    "conv1 has 6 * 1 * 3 * 3 = 54 weights and 6 biases, together 60 parameters. "
    f"Your function says {layer_counts['conv1']!r}."
)

nested_counts = count_layer_parameters(
    nn.ModuleDict({"features": nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU()), "classifier": nn.Linear(8, 3)})
)
nested_counts = {name: number for name, number in nested_counts.items() if number}
assert nested_counts == {"features.0": 20, "classifier": 27}, (
    "Here a convolution of 20 parameters lies inside `features`, next to a linear layer `classifier` of 27. "
    'The convolution is called "features.0", and `features` itself, which only contains it, is no layer. '
    f"Your function says {nested_counts}."
)
print("Exercise 1.1: all tests of this cell passed.")

# %% [markdown]
# ### Exercise 1.2 - Add dropout
#
# A large network can learn its training data by heart. **Dropout** works against this: in training, each
# activation is set to zero with probability $p$, drawn anew in every pass, so that no unit can rely on
# another one to be there. `nn.Dropout(p)` does it. Every module knows whether it is being trained:
# `model.train()` and `model.eval()` set the attribute `training` of the model and of all modules inside it,
# and a new model starts in train mode.
#
# See what dropout does with ten ones. Run the cell a few times. The kept ones do not stay ones: why is that?

# %%
dropout = nn.Dropout(p=0.5)
ones = torch.ones(10)

dropout.train()
print("train mode:", dropout(ones).tolist())
print("train mode:", dropout(ones).tolist())

dropout.eval()
print("eval mode: ", dropout(ones).tolist())


# %% [markdown]
# Now build dropout into the network, and measure how it affects the output:
#
# * `DropoutNet(p)` is the network of section 2 with dropout on hidden activations.
# * `dropout_output_std(model, x, n_passes)` passes the same `x` through the model again and again and says
#   how much the output varies from pass to pass, once in train mode and once in eval mode.
#
# *Left free:* which hidden activations get dropout (one place or several), before or after the ReLU, and with
# what: `nn.Dropout`, `nn.Dropout2d` after a convolution, `F.dropout`, or your own mask. `DropoutNet` may
# inherit from `network` in place of `nn.Module`. The standard deviation may be the biased or the unbiased
# one.

# %% nbgrader={"grade": false, "grade_id": "dropout_net", "locked": false, "schema_version": 3, "solution": true, "task": false}
class DropoutNet(nn.Module):
    """The network of section 2 with dropout on hidden activations.

    It has the layers conv1, conv2, fc1, fc2 and fc3 with the same shapes as in `network`, so that the
    parameters of a `network` can be loaded into it. `p` is the probability that a value is dropped
    (0 <= p < 1), the same for every dropout in the model; kept values are divided by 1 - p. Dropout is active
    in training mode only, and is never applied to the output. Input: (N, 1, 32, 32). Output: (N, 10).
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.dropout = nn.Dropout(p)
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        ### BEGIN SOLUTION
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = self.dropout(F.relu(self.fc1(x)))
        x = self.dropout(F.relu(self.fc2(x)))
        return self.fc3(x)
        ### END SOLUTION


def dropout_output_std(model: nn.Module, x: torch.Tensor, n_passes: int = 100) -> dict[str, float]:
    """Return `{"train": s, "eval": s}`: how much the output of `model` for `x` varies between passes.

    The model runs `n_passes` times (at least 2) on the same `x` in train mode, and as often in eval mode.
    Each s is a number: the standard deviation over the passes, taken for every single output and then
    averaged over all outputs of all samples. No gradients are computed, and afterwards the model is in the
    mode (train or eval) in which it came.
    """
    ### BEGIN SOLUTION
    was_training = model.training
    spread = {}
    with torch.no_grad():
        for mode in ("train", "eval"):
            model.train(mode == "train")
            outputs = torch.stack([model(x) for _ in range(n_passes)])
            spread[mode] = outputs.std(dim=0).mean().item()
    model.train(was_training)
    return spread
    ### END SOLUTION


# %% [markdown]
# Look at your numbers before you answer the questions. Change `p`, or the image, and look again.

# %%
torch.manual_seed(0)
image = torch.randn(1, 1, 32, 32)
for p in (0.1, 0.5, 0.9):
    torch.manual_seed(0)  # the same weights for each p
    try:
        spreads = dropout_output_std(DropoutNet(p), image, n_passes=30)
    except NotImplementedError:
        print("Write DropoutNet and dropout_output_std first. Then this cell shows your numbers.")
        break
    print(f"p = {p}: spread {spreads['train']:.4f} in train mode, {spreads['eval']:.4f} in eval mode")

# %% nbgrader={"grade": false, "grade_id": "answers_1_2", "locked": false, "schema_version": 3, "solution": true, "task": false}
# Replace each None by one of the words given for the question, in quotation marks.
#
# a) One image passes through a DropoutNet twice, in train mode.
#    The two outputs are ... "equal" or "different"
# b) One image passes through a DropoutNet twice, in eval mode.
#    The two outputs are ... "equal" or "different"
# c) Compared with `network`, the number of trainable parameters of a DropoutNet is ...
#    "smaller", "same" or "larger"
answers_1_2 = {
    "a": None,
    "b": None,
    "c": None,
}

# Leave the rest as it is: while a None is left above, it ends this cell with a NotImplementedError.
if None in answers_1_2.values():
    ### BEGIN SOLUTION
    answers_1_2 = {"a": "different", "b": "equal", "c": "same"}
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_dropout_net", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
images = torch.randn(3, 1, 32, 32)
plain_net = network()
try:
    dropout_net = DropoutNet(p=0.5)
    output = dropout_net(images)
except NotImplementedError:
    raise AssertionError("DropoutNet is not written yet: __init__ or forward still holds the stub.") from None
assert isinstance(output, torch.Tensor), f"forward must return the output. Yours returned {output!r}."
assert output.shape == (3, 10), f"The output for 3 images has shape (3, 10). Yours is {tuple(output.shape)}."

expected_shapes = {name: tuple(parameter.shape) for name, parameter in plain_net.named_parameters()}
shapes = {name: tuple(parameter.shape) for name, parameter in dropout_net.named_parameters()}
assert shapes == expected_shapes, (
    "DropoutNet needs the layers conv1, conv2, fc1, fc2 and fc3 with the sizes they have in `network`. "
    "Compare named_parameters() of both. These differ: "
    f"{sorted({name for name, _ in shapes.items() ^ expected_shapes.items()})}."
)

dropout_net.load_state_dict(plain_net.state_dict(), strict=False)  # your own buffers are allowed
with torch.no_grad():
    dropout_net.train()
    first, second = dropout_net(images), dropout_net(images)
    dropout_net.eval()
    evaluated, expected = dropout_net(images), plain_net(images)
assert not torch.equal(first, second), (
    "In train mode two passes of the same images must differ, and yours are equal. "
    "Does forward use the result of the dropout?"
)
assert torch.allclose(evaluated, expected, atol=1e-5), (
    "In eval mode nothing may be dropped: with the same parameters the output must be that of `network`."
)

try:
    spreads = dropout_output_std(dropout_net, images, n_passes=20)
except NotImplementedError:
    raise AssertionError("dropout_output_std is not written yet: it still holds the stub.") from None
assert isinstance(spreads, dict), f"dropout_output_std returns a dictionary. Yours returned: {spreads!r}."
assert set(spreads) == {"train", "eval"}, f'The keys are "train" and "eval". Yours are {list(spreads)}.'
assert spreads["eval"] < 1e-6 < spreads["train"], (
    "The outputs of your DropoutNet vary in train mode and are constant in eval mode. "
    f"Your function says {spreads}."
)

assert isinstance(answers_1_2, dict), "answers_1_2 must stay a dictionary with the keys a, b and c."
choices = {"a": ("equal", "different"), "b": ("equal", "different"), "c": ("smaller", "same", "larger")}
for question, words in choices.items():
    assert answers_1_2.get(question) in words, (
        f'Question {question}) has no valid answer yet: set answers_1_2["{question}"] to one of {words}.'
    )
print("Exercise 1.2: all tests of this cell passed.")


# %% [markdown] nbgrader={"grade": true, "grade_id": "written_1_2", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# **Exercise 1.2, in your own words (2 points).** Why is dropout switched off when a network is evaluated or
# used? Support what you say with the numbers you measured above. Two to five sentences will do.
#
# ### BEGIN SOLUTION
#
# **Model answer.** With p = 0.5 the same image gave outputs that varied by about 0.07 from pass to pass in
# train mode, and by 0.0 in eval mode. In train mode each pass draws a new random mask, so it runs another
# thinned network; this noise is wanted for training, but an evaluated network should give the same answer to
# the same image, and use all of its units. In eval mode dropout passes everything through unchanged. Nothing
# has to be corrected for that, because in training the kept values were divided by 1 - p, which keeps their
# mean at the value without dropout.
#
# **Mark scheme.**
#
# * 1 point: names measured numbers of this run which support the statement (spread above 0 in train mode, 0
#   in eval mode; any p).
# * 1 point: states the mechanism correctly: a new random mask for each pass in train mode, the identity in
#   eval mode, and the factor 1 / (1 - p) that keeps the mean.
#
# No deduction for other wording.
#
# ### END SOLUTION

# %% [markdown]
# ### Exercise 1.3 - Count the trainable parameters
#
# The total of all parameters that training may change is the number people quote as the size of a model.
# Write `count_trainable_parameters(model)`, which returns it.
#
# Two things make it less simple than it sounds. Frozen parameters (section 5) do not count, and a layer may
# be frozen in part. And two layers may share one parameter: after `b.weight = a.weight` the layers `a` and
# `b` use the same tensor, which is one parameter to learn and counts once. Such weights are called *tied*.
#
# *Left free:* how you do it.

# %% nbgrader={"grade": false, "grade_id": "count_trainable_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_trainable_parameters(model: nn.Module) -> int:
    """Return the total of numbers in those parameters of `model` which have `requires_grad=True`.

    A parameter that several layers share (tied weights) counts once. Buffers never count. If everything is
    frozen, the result is 0. The model is not changed.
    """
    ### BEGIN SOLUTION
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_count_trainable_parameters", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
try:
    total = count_trainable_parameters(network())
except NotImplementedError:
    raise AssertionError("count_trainable_parameters is not written yet: it still holds the stub.") from None

assert total is not None, "Your function returns nothing: end it with `return` and the number."
assert total == 81194, f"`network` has 81,194 trainable parameters. Your function says {total!r}."

frozen_net = network()
frozen_net.conv1.requires_grad_(False)
total = count_trainable_parameters(frozen_net)
assert total == 81134, (
    "With its 60 parameters in conv1 frozen, `network` has 81,134 trainable parameters. "
    f"Your function says {total!r}."
)
print("Exercise 1.3: all tests of this cell passed.")

# %% [markdown]
# ## Summary
#
# * A network is a class derived from `nn.Module`: `__init__` creates the layers, `forward` uses them, and
#   autograd supplies the backward pass.
# * A 3 x 3 convolution without padding takes two off height and width, and 2 x 2 pooling halves them.
# * `named_modules()` and `named_parameters()` show what a model consists of; `requires_grad` says what is
#   trained.
# * `model.train()` and `model.eval()` switch layers like dropout. Forgetting `eval()` makes results random.
#
# Next: what a network accepts as input, and what has to change when the input does.
