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
# # Neural networks 6: train on handwritten digits
#
# In the last of the six notebooks the parts come together: a network learns to read handwritten digits. At
# the end you can
#
# * load images with torchvision, prepare them, and serve them in shuffled batches,
# * write a training loop, and say what the loss that it prints is and what it is not,
# * evaluate a network on data it was not trained on,
# * see what the batch size changes, stop training at the right time, and split off validation data.
#
# **How to work.** Read from the top and run each cell. Change the demonstration cells and run them again:
# nothing there is graded. Each exercise has a cell marked `# YOUR CODE HERE`: replace the mark and the line
# `raise NotImplementedError()` by your code, and keep the names and arguments that are given. Helper
# functions are welcome, in the same cell or in a new one above it. Then run the tests below the exercise.
# Cells with tests, the imports, the data and the network are fixed: if one of them is changed, the original
# is put back before grading. Before you hand in, choose **Kernel > Restart & Run All** and see that
# everything still works.
#
# **How it is graded.** Each of the three exercises gives 10 points. The tests you see check the first things
# that can go wrong. After you hand in, hidden checks try your code on other models and other data, so write
# it for *any* model and data set, not for those on this page. The docstring of each function says all that is
# asked; what it does not say is yours to choose. Every check gives its own share of the points, so a part
# that works counts even if another does not. One short written answer (exercise 6.1) is read by your teacher.

# %% nbgrader={"grade": false, "grade_id": "imports_6", "locked": true, "schema_version": 3, "solution": false, "task": false}
import copy

import matplotlib.pyplot as plt
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset
from torchvision import datasets, transforms

# %% [markdown]
# ## 1. The digits
#
# MNIST is the best-known collection of handwritten digits: 70,000 grey images of 28 x 28 pixels, each with a
# label from 0 to 9. `torchvision.datasets.MNIST` reads it from a folder, and downloads it if the folder does
# not have it.
#
# **The digits that came with this notebook are not MNIST.** So that nothing has to be downloaded, the folder
# `data/MNIST/raw` holds 1,797 other handwritten digits in MNIST's file format: 1,500 for training and 297 for
# testing. Thirteen people wrote them. They are the test set of *Optical Recognition of Handwritten Digits* by
# E. Alpaydin and C. Kaynak (1998, UCI Machine Learning Repository,
# [doi.org/10.24432/C50P49](https://doi.org/10.24432/C50P49), licence CC BY 4.0). The originals are only 8 x 8
# pixels; they were enlarged to 20 x 20 and put in the middle of 28 x 28, where MNIST has its digits too. That
# is why they look blurred.
#
# *To use the real MNIST*, delete the folder `data/MNIST/raw` and run the notebook: the line with
# `download=True` then fetches it (about 12 MB). Everything works with it in the same way, but the numbers you
# see will differ from those in the text. If the folder is missing, as it may be in an online notebook, the
# same happens by itself.
#
# Each image passes through a **transform** when it is taken out. `ToTensor` makes a tensor of shape
# (1, 28, 28) with values from 0 to 1. `Normalize` subtracts a mean and divides by a standard deviation, so
# that the inputs lie around 0 with a spread of about 1, which suits the way layers are initialized. The two
# constants are those of the real MNIST; for our digits they fit nearly as well, as the next cells show.

# %% nbgrader={"grade": false, "grade_id": "load_digits", "locked": true, "schema_version": 3, "solution": false, "task": false}
MEAN, STD = 0.1307, 0.3081

transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((MEAN,), (STD,))])
mnist_train = datasets.MNIST(root="./data", train=True, download=True, transform=transform)
mnist_test = datasets.MNIST(root="./data", train=False, download=True, transform=transform)

# %%
print(f"{len(mnist_train):,} digits for training, {len(mnist_test):,} for testing")

image, label = mnist_train[0]
print(f"the first one: {tuple(image.shape)}, {image.dtype}, a {label}")

pixels = mnist_train.data / 255  # all images at once, untouched by the transform
print(f"mean {pixels.mean():.4f}, standard deviation {pixels.std():.4f} (real MNIST: {MEAN} and {STD})")


# %%
def show_digits(images, labels, predictions=None, columns=16):
    """Show images side by side with their labels; where a prediction differs, it is shown in red."""
    rows = -(-len(images) // columns)
    sheet = torch.zeros(rows * 36, columns * 28)
    _, ax = plt.subplots(figsize=(columns * 0.9, rows * 1.2))
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        top, left = 36 * (number // columns), 28 * (number % columns)
        sheet[top + 8 : top + 36, left : left + 28] = image.squeeze()
        text, color = str(int(label)), "white"
        if predictions is not None and predictions[number] != label:
            text, color = f"{int(label)}, not {int(predictions[number])}", "#ff8080"
        ax.text(left + 14, top + 4, text, color=color, ha="center", va="center", size=9)
    ax.imshow(sheet, cmap="gray", vmin=0, vmax=1)
    ax.axis("off")
    plt.show()


show_digits(mnist_train.data[:16] / 255, mnist_train.targets[:16])

# %% [markdown]
# ## 2. Batches
#
# For a quick demonstration we take the first 1,000 digits only. `Subset` is a view of a data set with chosen
# positions, and `DataLoader` goes through a data set in batches. With `shuffle=True` it draws a new order
# each time it is used in a `for` loop. Without shuffling, each epoch would show the same batches in the order
# in which the data were collected: here writer by writer.
#
# 1,000 is not a multiple of 64. Count the batches, and look at the last one.

# %%
demo_loader = DataLoader(Subset(mnist_train, range(1000)), batch_size=64, shuffle=True)

batch_lengths = [len(positions) for positions in demo_loader.batch_sampler]  # reads no image
print(f"{len(batch_lengths)} batches of", batch_lengths)

images, labels = next(iter(demo_loader))
print("images", tuple(images.shape), "labels", tuple(labels.shape), labels.dtype)


# %% [markdown]
# Each batch is a pair: the images, (64, 1, 28, 28), and their labels, 64 whole numbers. Fifteen batches are
# full, and the last has the 40 digits that are left over. Such a short batch is easily forgotten, and three
# times in this notebook it will matter.

# %% [markdown]
# ## 3. The network
#
# A plain feed-forward network will do: no convolutions, just three linear layers (a *multilayer perceptron*).
# It looks at an image as a row of 28 * 28 = 784 numbers and does not know which pixels are neighbours. Its
# ten outputs are one score (*logit*) for each digit, and the largest score is the network's answer.

# %% nbgrader={"grade": false, "grade_id": "define_simple_mnist_net", "locked": true, "schema_version": 3, "solution": false, "task": false}
class SimpleMNISTNet(nn.Module):
    """Images of 28 x 28 pixels (N, 1, 28, 28) in, one score for each of ten digits (N, 10) out."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(28 * 28, 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, 10)

    def forward(self, x):
        x = torch.flatten(x, 1)  # (N, 784)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


# %%
model = SimpleMNISTNet()
for name, layer in model.named_children():
    print(f"{name}: {layer.in_features} -> {layer.out_features}, ", end="")
    print(f"{sum(parameter.numel() for parameter in layer.parameters()):,} parameters")
print(f"total: {sum(parameter.numel() for parameter in model.parameters()):,}")

# %% [markdown]
# ## 4. The training loop
#
# All earlier notebooks lead to these few lines. For each batch: clear the gradients, pass the images through
# the network, compute the loss, go backwards, update the weights. `nn.CrossEntropyLoss` takes the raw scores
# and the labels as they are; it applies the softmax itself.
#
# One pass through all batches is an **epoch**. `model.train()` belongs at its beginning: it makes no
# difference for this network, but it does as soon as there is dropout or batch normalization in one.
#
# A seed fixes the weights at the start and the order of the batches. With it you see the same numbers each
# time you run the cell, and nearly the same on another computer. Without it each run is a little different.

# %%
torch.manual_seed(0)
model = SimpleMNISTNet()
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.01)

batch_losses = []
for epoch in range(2):
    model.train()
    running_loss = 0.0
    for number, (images, labels) in enumerate(demo_loader, start=1):
        optimizer.zero_grad()  # clear the gradients of the batch before
        outputs = model(images)  # forward
        loss = criterion(outputs, labels)
        loss.backward()  # backward
        optimizer.step()  # update the weights

        batch_losses.append(loss.item())
        running_loss += loss.item()
        if number % 10 == 0:
            print(f"epoch {epoch + 1}, batch {number}: running loss {running_loss / 10:.4f}")
            running_loss = 0.0

# %% [markdown]
# The loss falls, if slowly: it begins at about 2.30, which is $\ln 10$, the loss of somebody who thinks all
# ten digits equally likely.
#
# What exactly was printed? The average over the last ten batches, each with the weights it met. It says that
# training is under way. It is **not** the loss of the epoch: after batch 10 the sum starts again from zero,
# and batches 11 to 16 are never reported. The picture shows what went into the two numbers and what did not.

# %%
_, ax = plt.subplots(figsize=(8, 3))
per_epoch = len(demo_loader)
for epoch in range(2):
    first = epoch * per_epoch
    numbers = range(first + 1, first + per_epoch + 1)
    losses = batch_losses[first : first + per_epoch]
    ax.plot(numbers[:10], losses[:10], "o", color="C0", label="in the printed average" if epoch == 0 else None)
    ax.plot(numbers[10:], losses[10:], "o", color="C0", fillstyle="none", label="left out" if epoch == 0 else None)
    ax.hlines(sum(losses[:10]) / 10, first + 1, first + 10, color="C1", label="printed" if epoch == 0 else None)
ax.axvline(per_epoch + 0.5, color="grey", linewidth=0.8)
ax.set(xlabel="batch (the grey line separates the epochs)", ylabel="loss of the batch")
ax.set(xticks=range(0, 33, 8), yticks=[2.2, 2.25, 2.3])
ax.legend()
plt.show()

# %% [markdown]
# The loss of a whole epoch is the mean over its *samples*. The mean of the batch losses is something else as
# soon as the batches differ in size: the last batch has 40 samples but would count as much as one of 64. So
# multiply the loss of each batch by the number of its samples, add all up, and divide by the number of all
# samples.

# %%
lengths = batch_lengths  # 15 times 64, and 40
losses = batch_losses[:per_epoch]
epoch_loss = sum(loss * length for loss, length in zip(losses, lengths, strict=True)) / sum(lengths)
print(f"loss of the first epoch: {epoch_loss:.4f}")
print(f"mean of its batch losses: {sum(losses) / len(losses):.4f}")


# %% [markdown]
# Here the two are close, because all losses are alike. With one hard sample in a short last batch they are
# not, and in the exercises they will not be.

# %% [markdown]
# ## 5. Train longer, and evaluate
#
# After two epochs at this learning rate little is learnt. Let us take a larger one and six epochs. To keep
# that quick, `as_tensors` reads the images once and normalizes them all together, where the transform would
# treat every image again in every epoch. What comes out is a data set like the one before, only faster.

# %% nbgrader={"grade": false, "grade_id": "as_tensors", "locked": true, "schema_version": 3, "solution": false, "task": false}
def as_tensors(dataset: datasets.MNIST, count: int) -> TensorDataset:
    """Return the first `count` digits (or all, if there are fewer), normalized as `transform` does it."""
    images = dataset.data[:count].unsqueeze(1) / 255
    return TensorDataset((images - MEAN) / STD, dataset.targets[:count])


digits = as_tensors(mnist_train, 1000)  # for training
test_digits = as_tensors(mnist_test, 1000)  # for evaluation only

# %%
torch.manual_seed(0)
model = SimpleMNISTNet()
optimizer = optim.SGD(model.parameters(), lr=0.1)
loader = DataLoader(digits, batch_size=64, shuffle=True)

epoch_losses = []
for _ in range(6):
    model.train()
    total_loss = 0.0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        total_loss += loss.item() * len(images)  # the sum over the samples of this batch
    epoch_losses.append(total_loss / len(digits))

_, ax = plt.subplots(figsize=(5, 3))
ax.plot(range(1, 7), epoch_losses, "o-")
ax.set(xlabel="epoch", ylabel="training loss", xticks=range(1, 7), yticks=[0, 1, 2])
plt.show()

# %% [markdown]
# The training loss says how well the network knows the digits it has practised with. What we want to know is
# how well it reads *others*: that is what the test digits are for. Ours are from the end of a collection that
# goes writer by writer, so most of them are by other hands.
#
# Evaluation needs three things. `model.eval()` switches layers like dropout off. `torch.no_grad()` keeps
# autograd from recording what no one will differentiate. And `argmax(1)` finds, in each row, which of the ten
# scores is the largest.

# %%
images, labels = test_digits.tensors

model.eval()
with torch.no_grad():
    predictions = model(images).argmax(1)

right = predictions == labels  # one True or False for each digit
print(f"{right.sum()} of {len(labels)} test digits are read correctly: {right.float().mean():.1%}")
print(f"loss of the last training epoch: {epoch_losses[-1]:.3f}")

# %% [markdown]
# Compare `predictions` and `labels` only if both have the shape (N,). With (N, 1) on one side, `==` would
# compare every prediction with every label and return a table of N x N, without a word of warning.
#
# Look at what the network sees: first some digits as they come, then some of those it got wrong. Above each
# stands what it is; a red one says what the network took it for.

# %%
show_digits(images[:16] * STD + MEAN, labels[:16], predictions[:16])
missed = (~right).nonzero().flatten()[:8]
if len(missed):
    show_digits(images[missed] * STD + MEAN, labels[missed], predictions[missed], columns=8)

# %% [markdown]
# Which mistakes would you have made too? A network that is right on nearly every digit it has practised with
# still misses some of those it has never seen. That gap is why there are test data.

# %% [markdown]
# ## 6. Exercises
#
# The three practice questions. What you need for each was shown above, or stands right before it.

# %% [markdown]
# ### Exercise 6.1 - Change the batch size
#
# How many samples should share one update of the weights? A large batch gives a steady gradient, a small one
# a noisy gradient and more updates from the same data. Write `compare_batch_sizes`, which trains a copy of a
# model with each batch size and returns how the loss went and how many updates were made.
#
# A comparison is fair if nothing else differs. All batch sizes must begin with the same weights, so each needs
# its own copy: `copy.deepcopy(model)` makes one. Mind the last, short batch: no sample is left out, and the
# loss is the mean over the samples.
#
# To make the shuffling reproducible, either call `torch.manual_seed(seed)` at the right moment or give the
# `DataLoader` a generator of its own: `generator=torch.Generator().manual_seed(seed)`.
#
# *Left free:* how you shuffle, whether the batch sizes share one order of the samples or not, and how you
# apply SGD (`optim.SGD` or by hand).

# %% nbgrader={"grade": false, "grade_id": "compare_batch_sizes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compare_batch_sizes(
    model: nn.Module,
    dataset: Dataset,
    batch_sizes: list[int],
    num_epochs: int = 3,
    lr: float = 0.01,
    seed: int = 0,
) -> dict[int, dict]:
    """Train a copy of `model` with each batch size, and return the losses and the number of updates.

    `dataset` has `len(dataset)` samples, and `dataset[i]` is a pair: an input tensor and a label. Each copy
    starts from the parameters of `model` and is trained in train mode for `num_epochs` epochs with
    `nn.CrossEntropyLoss` and plain SGD (no momentum), with the learning rate `lr` for every batch size.

    In each epoch every sample is used exactly once, in batches of the given size; only the last batch may be
    smaller. Each epoch has a new random order. The same `seed` gives the same orders in each call, whatever
    random numbers were drawn before; another seed gives other orders.

    Returns `{batch size: {"loss": [...], "num_updates": n}}`. The list has one number for each epoch: the
    mean over all its samples of the loss, as it was computed for the update of their batch. `num_updates` is
    the number of updates in all epochs together. `model` itself keeps its parameters, buffers and mode.
    """
    ### BEGIN SOLUTION
    results = {}
    for batch_size in batch_sizes:
        trained = copy.deepcopy(model).train()
        optimizer = optim.SGD(trained.parameters(), lr=lr)
        criterion = nn.CrossEntropyLoss()
        generator = torch.Generator().manual_seed(seed)
        loader = DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=generator)
        losses, num_updates = [], 0
        for _ in range(num_epochs):
            total = 0.0
            for inputs, labels in loader:
                optimizer.zero_grad()
                loss = criterion(trained(inputs), labels)
                loss.backward()
                optimizer.step()
                num_updates += 1
                total += loss.item() * len(labels)
            losses.append(total / len(dataset))
        results[batch_size] = {"loss": losses, "num_updates": num_updates}
    return results
    ### END SOLUTION


# %% [markdown]
# See what your function finds. Both pictures show the same losses: on the left by epoch, on the right by
# update. (Each loss is an average over its epoch; on the right it is drawn where the epoch ends.)

# %%
torch.manual_seed(0)
try:
    some_digits = Subset(digits, range(600))
    batch_results = compare_batch_sizes(SimpleMNISTNet(), some_digits, [16, 64, 256], lr=0.02)
except NotImplementedError:
    print("Write compare_batch_sizes first. Then this cell shows your numbers.")
else:
    _, (by_epoch, by_update) = plt.subplots(1, 2, figsize=(10, 3), sharey=True, gridspec_kw={"wspace": 0.06})
    for batch_size, result in batch_results.items():
        losses, updates = result["loss"], result["num_updates"]
        print(f"batch size {batch_size:>3}: {updates:>3} updates, last loss {losses[-1]:.3f}")
        epochs = range(1, len(losses) + 1)
        by_epoch.plot(epochs, losses, "o-", label=f"batch size {batch_size}")
        by_update.plot([epoch * updates / len(losses) for epoch in epochs], losses, "o-")
    by_epoch.set(xlabel="epoch", ylabel="training loss", xticks=epochs, yticks=[1, 1.5, 2])
    by_update.set(xlabel="updates", xticks=range(0, 101, 50))
    by_epoch.legend()
    plt.show()

# %% nbgrader={"grade": false, "grade_id": "answers_6_1", "locked": false, "schema_version": 3, "solution": true, "task": false}
# Replace each None by one of the answers given for the question, as it stands there.
#
# a) Batch sizes 16, 64 and 256, with the same number of epochs and the same learning rate:
#    the most updates were made with batch size ...  16, 64 or 256
# b) The lowest training loss in the last epoch was reached with batch size ...  16, 64 or 256
# c) For as many updates as the smallest batch makes, the largest batch would have to be trained
#    for ...  "more epochs", "fewer epochs" or "as many epochs"
# d) Or, to get further with the few updates it makes, the largest batch could be given
#    a ...  "larger learning rate" or "smaller learning rate"
answers_6_1 = {
    "a": None,
    "b": None,
    "c": None,
    "d": None,
}

# Leave the rest as it is: while a None is left above, it ends this cell with a NotImplementedError.
if None in answers_6_1.values():
    ### BEGIN SOLUTION
    answers_6_1 = {"a": 16, "b": 16, "c": "more epochs", "d": "larger learning rate"}
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_compare_batch_sizes", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
few_samples = TensorDataset(torch.randn(10, 3), torch.arange(10) % 2)
small_model = nn.Linear(3, 2)
weight_before = small_model.weight.detach().clone()
try:
    found = compare_batch_sizes(small_model, few_samples, [4, 10], num_epochs=2, lr=0.1, seed=1)
except NotImplementedError:
    raise AssertionError("compare_batch_sizes is not written yet: it still holds the stub.") from None

assert isinstance(found, dict), f"Return a dictionary. Your function returned a {type(found).__name__}."
assert set(found) == {4, 10}, f"The keys are the batch sizes, here 4 and 10. Yours are {list(found)}."
for batch_size, result in found.items():
    is_complete = isinstance(result, dict) and {"loss", "num_updates"} <= set(result)
    assert is_complete, (
        f'For each batch size there is a dictionary with "loss" and "num_updates". For {batch_size} yours is '
        f"{result!r}."
    )
    assert len(result["loss"]) == 2, (
        f"Two epochs give two losses. For batch size {batch_size} yours are {result['loss']}."
    )
assert found[10]["num_updates"] == 2, (
    "Ten samples in one batch of 10 give one update in each epoch, so two in two epochs. "
    f"Yours: {found[10]['num_updates']!r}."
)
assert found[4]["num_updates"] == 6, (
    "Ten samples in batches of 4, 4 and 2 give three updates in each epoch, so six in two epochs. "
    f"Yours: {found[4]['num_updates']!r}."
)
assert torch.equal(small_model.weight, weight_before), (
    "After the call `model` has other weights. Train a copy of it: copy.deepcopy(model)."
)

again = compare_batch_sizes(small_model, few_samples, [4, 10], num_epochs=2, lr=0.1, seed=1)
for batch_size in found:
    first, second = (torch.tensor(result[batch_size]["loss"]) for result in (found, again))
    assert torch.allclose(first, second, atol=1e-5), "Two calls with the same seed gave different losses."

assert isinstance(answers_6_1, dict), "answers_6_1 must stay a dictionary with the keys a, b, c and d."
choices = {
    "a": (16, 64, 256),
    "b": (16, 64, 256),
    "c": ("more epochs", "fewer epochs", "as many epochs"),
    "d": ("larger learning rate", "smaller learning rate"),
}
for question, words in choices.items():
    assert str(answers_6_1.get(question)) in map(str, words), (
        f'Question {question}) has no valid answer yet: set answers_6_1["{question}"] to one of {words}.'
    )
print("Exercise 6.1: all tests of this cell passed.")


# %% [markdown] nbgrader={"grade": true, "grade_id": "written_6_1", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# **Exercise 6.1, in your own words (3 points).** How does the batch size affect training, and why? Support
# what you say with the numbers you measured above, and name one thing that this experiment cannot tell. Three
# to six sentences will do.
#
# ### BEGIN SOLUTION
#
# **Model answer.** With 600 digits and 3 epochs, batch size 16 made 114 updates and came down to a loss of
# about 1.0 in the last epoch, while 64 made 30 updates (about 2.1) and 256 made 9 (about 2.3, hardly below
# the loss at the start). An epoch has N / batch size updates, rounded up, and at the same learning rate each
# update moves the weights about equally far, so the small batch simply went further. Its gradients are
# noisier, since they average over fewer samples, but that did not matter here. By update instead of by epoch
# the curves lie close together. The experiment has one seed and one learning rate and looks at the training
# loss only: with a larger learning rate or more epochs the large batch could catch up, and which of them reads
# new digits best is not measured.
#
# **Mark scheme.**
#
# * 1 point: names measured numbers of this run which support the statement (updates or losses of at least two
#   batch sizes).
# * 1 point: states the mechanism correctly: the number of updates in an epoch is N / batch size (rounded up),
#   so small batches make more updates at the same learning rate. The noise of their gradients, or that the
#   learning rate has to be chosen along with the batch size, counts instead if it is said correctly.
# * 1 point: names one limit: one seed, training loss only, one learning rate, few epochs, small data.
#
# No deduction for other wording.
#
# ### END SOLUTION

# %% [markdown]
# ### Exercise 6.2 - Stop early
#
# Trained for long enough, a network learns its training data by heart. The training loss goes on falling, but
# the loss on data kept apart, the **validation loss**, stops falling at some point and then rises: from there
# on the network is *overfitting*. **Early stopping** watches the validation loss and ends training when it
# has not improved for some epochs in a row; that number is the *patience*. At the end it goes back to the
# weights of the best epoch.
#
# Write two things:
#
# * `EarlyStopping` makes the decision. It knows nothing of networks: it is told one loss after the other and
#   says when to stop. Example with `patience=2`: for the losses 0.9, 0.7, 0.8, 0.75 its answers are False,
#   False, False, True. The best is 0.7, and neither of the two after it was better.
# * `train_with_early_stopping` is the training loop around it.
#
# To remember the weights, it is not enough to keep `model.state_dict()`: its tensors are those of the model,
# and training goes on changing them. Keep a copy, and hand it back with `model.load_state_dict(...)`:

# %%
layer = nn.Linear(1, 1)
kept = layer.state_dict()
really_kept = copy.deepcopy(layer.state_dict())
with torch.no_grad():
    layer.weight.fill_(100.0)  # as if training went on
print("kept:", kept["weight"].item(), " really kept:", round(really_kept["weight"].item(), 3))


# %% [markdown]
# *Left free:* what the attributes of `EarlyStopping` are called, how you copy the state, whether the loop asks
# an `EarlyStopping` or counts by itself (it must behave the same), and the mode in which the model ends.

# %% nbgrader={"grade": false, "grade_id": "early_stopping", "locked": false, "schema_version": 3, "solution": true, "task": false}
class EarlyStopping:
    """Says when to stop: when `patience` epochs in a row (at least 1) have brought no improvement.

    The first loss is the best so far. From then on a loss is an improvement only if it is smaller than
    `best - min_delta`, and only an improvement becomes the new `best`. So with `min_delta=0.0` a loss equal to
    the best is no improvement, and a loss that is not a number (NaN) never is one. An improvement sets the
    count of epochs without improvement back to 0.
    """

    def __init__(self, patience: int = 3, min_delta: float = 0.0) -> None:
        ### BEGIN SOLUTION
        self.patience = patience
        self.min_delta = min_delta
        self.best = float("inf")
        self.count = 0
        ### END SOLUTION

    def step(self, val_loss: float) -> bool:
        """Take the validation loss of the next epoch, and return True if training has to stop now."""
        ### BEGIN SOLUTION
        if val_loss < self.best - self.min_delta:
            self.best = val_loss
            self.count = 0
        else:
            self.count += 1
        return self.count >= self.patience
        ### END SOLUTION


def train_with_early_stopping(
    model: nn.Module,
    train_loader: DataLoader,
    val_loader: DataLoader,
    criterion: nn.Module,
    optimizer: optim.Optimizer,
    max_epochs: int,
    patience: int = 3,
    min_delta: float = 0.0,
) -> dict:
    """Train `model` until its validation loss stops improving, and leave it in the state of its best epoch.

    In each epoch, train on every batch of `train_loader` with `criterion` and `optimizer`, in train mode.
    Then compute the validation loss, in eval mode and without gradients: the mean of the loss over all
    samples of `val_loader`. (`criterion(outputs, targets)` is the mean over one batch; the last batch may be
    smaller.) Training ends when `EarlyStopping(patience, min_delta)` says so, and after `max_epochs` epochs
    at the latest.

    In both cases the model ends with the parameters and buffers it had after the best epoch, which is the one
    of the last improvement.

    Returns `{"val_loss": [...], "best_epoch": n}`: the validation loss of each epoch that was run, as Python
    numbers, and the number of the best epoch, counted from 1. More keys are allowed.
    """
    ### BEGIN SOLUTION
    stopper = EarlyStopping(patience, min_delta)
    val_losses, best_epoch, best_state = [], 0, None
    for epoch in range(1, max_epochs + 1):
        model.train()
        for inputs, targets in train_loader:
            optimizer.zero_grad()
            criterion(model(inputs), targets).backward()
            optimizer.step()

        model.eval()
        total, samples = 0.0, 0
        with torch.no_grad():
            for inputs, targets in val_loader:
                total += criterion(model(inputs), targets).item() * len(targets)
                samples += len(targets)
        val_losses.append(total / samples)

        stop = stopper.step(val_losses[-1])
        if stopper.count == 0:
            best_epoch, best_state = epoch, copy.deepcopy(model.state_dict())
        if stop:
            break
    if best_state is not None:
        model.load_state_dict(best_state)
    return {"val_loss": val_losses, "best_epoch": best_epoch}
    ### END SOLUTION


# %% [markdown]
# Try it on the digits: 800 for training, the 200 after them for validation. Where does training end, and what
# if you give it more patience, or another seed?

# %%
torch.manual_seed(4)
model = SimpleMNISTNet()
optimizer = optim.SGD(model.parameters(), lr=0.1)
train_part = DataLoader(Subset(digits, range(800)), batch_size=64, shuffle=True)
val_part = DataLoader(Subset(digits, range(800, 1000)), batch_size=64)
try:
    history = train_with_early_stopping(model, train_part, val_part, criterion, optimizer, max_epochs=40)
except NotImplementedError:
    print("Write EarlyStopping and train_with_early_stopping first. Then this cell shows your numbers.")
else:
    val_losses, best_epoch = history["val_loss"], history["best_epoch"]
    print(f"{len(val_losses)} epochs, the best was epoch {best_epoch}: {val_losses[best_epoch - 1]:.3f}")
    _, ax = plt.subplots(figsize=(6, 3))
    ax.plot(range(1, len(val_losses) + 1), val_losses, "o-")
    ax.axvline(best_epoch, color="C1", linestyle="--", label="best epoch")
    ax.set(xlabel="epoch", ylabel="validation loss", yticks=[0, 0.5, 1, 1.5])
    ax.legend()
    plt.show()

# %% nbgrader={"grade": true, "grade_id": "test_early_stopping", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
try:
    stopper = EarlyStopping(patience=2)
    said = [stopper.step(val_loss) for val_loss in (0.9, 0.7, 0.8, 0.75)]
except NotImplementedError:
    raise AssertionError("EarlyStopping is not written yet: __init__ or step still holds the stub.") from None
assert said == [False, False, False, True], (
    "With patience=2, the losses 0.9, 0.7, 0.8, 0.75 must give False, False, False, True: after 0.7 there "
    f"were two epochs without improvement. Yours gave {said}."
)
stopper = EarlyStopping(patience=2)
said = [stopper.step(val_loss) for val_loss in (0.9, 0.8, 0.7, 0.6, 0.5)]
assert not any(said), f"While the loss improves in every epoch, training goes on. Yours gave {said}."

# One weight, which training moves from 0 towards 1, while the validation data would like it to be 0.5.
one_weight = nn.Linear(1, 1, bias=False)
nn.init.zeros_(one_weight.weight)
towards_one = DataLoader(TensorDataset(torch.ones(4, 1), torch.ones(4, 1)), batch_size=4)
towards_half = DataLoader(TensorDataset(torch.ones(3, 1), torch.full((3, 1), 0.5)), batch_size=2)
slow_sgd = optim.SGD(one_weight.parameters(), lr=0.1)
try:
    history = train_with_early_stopping(
        one_weight, towards_one, towards_half, nn.MSELoss(), slow_sgd, max_epochs=20, patience=2
    )
except NotImplementedError:
    raise AssertionError("train_with_early_stopping is not written yet: it still holds the stub.") from None
assert isinstance(history, dict), f"Return a dictionary. Your function returned a {type(history).__name__}."
assert {"val_loss", "best_epoch"} <= set(history), (
    f'The dictionary has the keys "val_loss" and "best_epoch". Yours has {list(history)}.'
)
assert history["best_epoch"] == 3, (
    "Here the validation loss is 0.09, 0.02, 0.0001, 0.01, 0.03, ..., so epoch 3 is the best. "
    f"Your function says {history['best_epoch']!r}."
)
assert len(history["val_loss"]) == 5, (
    "The best epoch is number 3, so with patience=2 training stops after epoch 5. "
    f"Yours has the losses of {len(history['val_loss'])} epochs."
)
print("Exercise 6.2: all tests of this cell passed.")

# %% [markdown]
# ### Exercise 6.3 - Split off validation data
#
# The test digits must not take part in any decision, or they say nothing any more about new digits. Whatever
# we watch during training, such as the accuracy after each epoch, is measured on **validation data** instead:
# a part of the training data that is not used for training. Write three functions:
#
# * `make_loaders` splits a data set at random into the two parts,
# * `accuracy` says which share of the samples a model gets right,
# * `train_with_validation` trains, and measures the accuracy on the validation data after each epoch.
#
# Some things to look out for. The split has to be drawn at random: our digits go writer by writer, so the last
# fifth would be by other people than the rest. No sample may be in both parts: a network remembers what it was
# trained with. And the last batch is short again, so count the right answers of all batches, and divide once
# at the end.
#
# *Left free:* the tools for the split (`random_split`, `Subset` with `torch.randperm`, `SubsetRandomSampler`,
# ...), whether its size is rounded up or down, and in what batches and order the validation data come.

# %% nbgrader={"grade": false, "grade_id": "validation_split", "locked": false, "schema_version": 3, "solution": true, "task": false}
def make_loaders(
    dataset: Dataset, val_fraction: float = 0.2, batch_size: int = 64, seed: int = 0
) -> tuple[DataLoader, DataLoader]:
    """Split `dataset` at random, and return a loader of the training part and one of the validation part.

    `dataset` has `len(dataset)` samples, and `dataset[i]` is a pair: an input tensor and a label. Every
    sample is in exactly one of the parts, and `len(dataset) * val_fraction` samples, give or take one, are in
    the validation part. The same `seed` gives the same split in each call, whatever random numbers were drawn
    before; another seed gives another split.

    Each pass through a loader gives every sample of its part once; nothing is dropped. The training loader
    gives batches of `batch_size` (only the last may be smaller), in a new random order in each pass.
    """
    ### BEGIN SOLUTION
    order = torch.randperm(len(dataset), generator=torch.Generator().manual_seed(seed)).tolist()
    val_size = round(len(dataset) * val_fraction)
    train_loader = DataLoader(Subset(dataset, order[val_size:]), batch_size=batch_size, shuffle=True)
    val_loader = DataLoader(Subset(dataset, order[:val_size]), batch_size=batch_size)
    return train_loader, val_loader
    ### END SOLUTION


def accuracy(model: nn.Module, loader: DataLoader) -> float:
    """Return the share of the samples that `model` classifies correctly, a Python number from 0 to 1.

    The samples are all those that one pass through `loader` gives: (inputs, labels), with labels of shape
    (N,). `model(inputs)` has the shape (N, classes), and the largest score is the answer. The model is
    evaluated in eval mode and without gradients. Afterwards it is as it was: same mode (train or eval), same
    parameters, buffers and gradients.
    """
    ### BEGIN SOLUTION
    was_training = model.training
    model.eval()
    correct, samples = 0, 0
    with torch.no_grad():
        for inputs, labels in loader:
            correct += (model(inputs).argmax(1) == labels).sum().item()
            samples += len(labels)
    model.train(was_training)
    return correct / samples
    ### END SOLUTION


def train_with_validation(
    model: nn.Module,
    train_loader: DataLoader,
    val_loader: DataLoader,
    criterion: nn.Module,
    optimizer: optim.Optimizer,
    num_epochs: int,
) -> dict[str, list[float]]:
    """Train `model` for `num_epochs` epochs, and measure the validation accuracy after each.

    Train on every batch of `train_loader` with `criterion` and `optimizer`, in train mode in each epoch. The
    batches of `val_loader` serve for measuring only.

    Returns `{"train_loss": [...], "val_accuracy": [...]}` with one Python number for each epoch: the mean over
    the samples of the loss, as it was computed for the update of their batch (`criterion(outputs, labels)` is
    the mean over one batch; the last batch may be smaller), and the accuracy on `val_loader` after the epoch.
    """
    ### BEGIN SOLUTION
    history = {"train_loss": [], "val_accuracy": []}
    for _ in range(num_epochs):
        model.train()
        total, samples = 0.0, 0
        for inputs, labels in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
            samples += len(labels)
        history["train_loss"].append(total / samples)
        history["val_accuracy"].append(accuracy(model, val_loader))
    return history
    ### END SOLUTION


# %% [markdown]
# Watch both curves. They need not be smooth: the learning rate is large, and a few unlucky updates can throw
# the network back for an epoch. At the very end, when nothing is to be decided any more, the test digits may
# be used, once. With our digits they come out lower than the validation digits. Why? Think of who wrote them.

# %%
torch.manual_seed(0)
model = SimpleMNISTNet()
optimizer = optim.SGD(model.parameters(), lr=0.1)
try:
    train_part, val_part = make_loaders(digits)
    history = train_with_validation(model, train_part, val_part, criterion, optimizer, num_epochs=6)
    test_accuracy = accuracy(model, DataLoader(test_digits, batch_size=64))
except NotImplementedError:
    print("Write the three functions first. Then this cell shows your numbers.")
else:
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 3))
    epochs = range(1, 7)
    left.plot(epochs, history["train_loss"], "o-")
    left.set(xlabel="epoch", ylabel="training loss", xticks=epochs, yticks=[0, 1, 2])
    right.plot(epochs, history["val_accuracy"], "o-", color="C2", label="validation")
    right.axhline(test_accuracy, color="C3", linestyle="--", label="test, at the end")
    right.set(xlabel="epoch", ylabel="accuracy", xticks=epochs, yticks=[0, 0.5, 1])
    right.legend()
    print(f"validation accuracy {history['val_accuracy'][-1]:.3f}, test accuracy {test_accuracy:.3f}")
    plt.show()

# %% nbgrader={"grade": true, "grade_id": "test_validation_split", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
twenty = TensorDataset(torch.arange(20.0).unsqueeze(1), torch.arange(20) % 2)
try:
    parts = make_loaders(twenty, val_fraction=0.25, batch_size=4, seed=3)
except NotImplementedError:
    raise AssertionError("make_loaders is not written yet: it still holds the stub.") from None
are_two = isinstance(parts, tuple | list) and len(parts) == 2
assert are_two, "make_loaders returns two loaders: return train_loader, val_loader."
train_inputs, val_inputs = ([int(x) for inputs, _ in part for x in inputs] for part in parts)
assert len(val_inputs) in (4, 5, 6), (
    f"A quarter of 20 samples is for validation: 5, give or take one. Yours has {len(val_inputs)}."
)
assert not set(train_inputs) & set(val_inputs), (
    f"These samples are in both parts: {sorted(set(train_inputs) & set(val_inputs))}."
)
assert sorted(train_inputs + val_inputs) == list(range(20)), (
    "Each of the 20 samples has to come once, in one of the parts. "
    f"Training: {sorted(train_inputs)}, validation: {sorted(val_inputs)}."
)

# This "model" returns its input, so the scores are written down here: the answers are 0, 1, 1, 1, 1.
scores = torch.tensor([[2.0, 1.0], [0.0, 1.0], [0.0, 3.0], [-1.0, 1.0], [1.0, 5.0]])
five = DataLoader(TensorDataset(scores, torch.tensor([0, 1, 0, 0, 1])), batch_size=4)
try:
    share = accuracy(nn.Identity(), five)
except NotImplementedError:
    raise AssertionError("accuracy is not written yet: it still holds the stub.") from None
assert not isinstance(share, torch.Tensor), f"accuracy returns a Python number: {share} has to go through .item()."
assert abs(share - 0.6) < 1e-6, f"Three of five answers are right here: 0.6. Your function says {share}."

tiny_model = nn.Linear(1, 2)
tiny_sgd = optim.SGD(tiny_model.parameters(), lr=0.001)
try:
    history = train_with_validation(tiny_model, *parts, nn.CrossEntropyLoss(), tiny_sgd, num_epochs=2)
except NotImplementedError:
    raise AssertionError("train_with_validation is not written yet: it still holds the stub.") from None
assert isinstance(history, dict), f"Return a dictionary. Your function returned a {type(history).__name__}."
for key in ("train_loss", "val_accuracy"):
    assert key in history, f'The dictionary has the keys "train_loss" and "val_accuracy", not {list(history)}.'
    assert len(history[key]) == 2, f'Two epochs give two numbers. history["{key}"] is {history[key]}.'
print("Exercise 6.3: all tests of this cell passed.")

# %% [markdown]
# ## Summary
#
# * A data set gives samples, a loader gives shuffled batches, and the last batch may be short: weight by
#   samples, not by batches.
# * `model.train()` before every epoch, `model.eval()` and `no_grad()` for every measurement.
# * Small batches make more updates in an epoch. The learning rate has to be chosen along with the batch size.
# * Training data for learning, validation data for decisions such as when to stop, test data for one honest
#   number at the end.
#
# This was the last of the six notebooks. You have defined networks, fed them, measured their loss, followed
# its gradient, and trained them on real handwriting. To go on, put a network with convolutions in the place
# of `SimpleMNISTNet`, or the real MNIST in the place of our digits.
