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
# # Neural networks 2: inputs and layers
#
# This is the second of six notebooks. In the first you defined a network and looked at its parameters. Now
# data goes through it: forward as an image, and backward as gradients. At the end you can
#
# * pass one image or a batch of images through a network, and check that it handles a batch correctly,
# * say what `zero_grad()` and `backward(gradient)` do,
# * follow the feature maps from layer to layer, and adapt a network to another image size,
# * add batch normalization, and say how it behaves in training and afterwards.
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
# that can go wrong. After you hand in, hidden checks try your code on other inputs and other models. The
# docstrings say all that is asked; what they do not say is yours to choose. Every check gives its own share
# of the points, so a part that works counts even if another does not.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision.utils import make_grid

# %% [markdown]
# The network is that of notebook 1: two convolutions, each with ReLU and pooling, then three linear layers.


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
# ## 1. One random image
#
# To see whether a network runs at all, you need no data set. Random numbers of the right shape will do:
# `torch.randn` draws them from a normal distribution with mean 0 and standard deviation 1. The shape is that
# of a batch of one grey image, *batch x channels x height x width*.
#
# `torch.manual_seed` makes the random numbers, and so the numbers you see, the same in each run. Without it
# both the image and the parameters of a new network would be others each time.

# %%
torch.manual_seed(0)
net = network()
image = torch.randn(1, 1, 32, 32)
scores = net(image)

print("image: ", image.shape, image.dtype)
print("scores:", scores.shape)
print(scores)

_, (left, right) = plt.subplots(1, 2, figsize=(8, 2.8))
left.imshow(image[0, 0], cmap="gray")
left.set(title="a random image", xticks=[], yticks=[])
right.bar(range(10), scores[0].detach())
right.axhline(0, color="#444444", linewidth=0.8)
right.set(title="its scores", xlabel="class", xticks=range(0, 10, 3), yticks=[-0.2, 0, 0.2])
plt.show()

# %% [markdown]
# The ten scores are small and mean nothing yet, since the network has learnt nothing. They are raw scores:
# they may be negative, and they do not add up to 1. `grad_fn=<AddmmBackward0>` says that autograd remembers
# how they were computed; we come to that in a moment.
#
# The input has to be 32 x 32 pixels, for `fc1` was built for what the convolutions make of such an image.
# The digits of MNIST have 28 x 28, so they must be enlarged first. There are two usual ways. Which of them
# changes the digit itself?

# %%
digit = torch.zeros(1, 1, 28, 28)  # a seven, drawn by hand
digit[:, :, 6:9, 8:20] = 1
for step in range(14):
    digit[:, :, 8 + step, 18 - step // 2 : 21 - step // 2] = 1

resized = F.interpolate(digit, size=(32, 32), mode="bilinear", align_corners=False)
padded = F.pad(digit, (2, 2, 2, 2))  # two more pixels on each side: left, right, top, bottom

_, axes = plt.subplots(1, 3, figsize=(9, 3), gridspec_kw={"wspace": 0.04})
versions = {"as it is": digit, "resized": resized, "padded": padded}
for ax, (name, picture) in zip(axes, versions.items(), strict=True):
    height, width = picture.shape[2:]
    ax.imshow(picture[0, 0], cmap="gray")
    ax.set(title=f"{name}: {height} x {width}", xticks=[], yticks=[])
plt.show()

print("28 x 28: ", end="")
try:
    net(digit)
except RuntimeError as error:
    print(error)
print("resized:", net(resized).shape)
print("padded: ", net(padded).shape)

# %% [markdown]
# The error message tells a lot: the 28 x 28 image arrives at `fc1` as one row of 400 numbers, and the weight
# of `fc1` takes 576. Section 4 shows where the two numbers come from.

# %% [markdown]
# ## 2. Zero the gradients, then go backward
#
# `backward()` goes from a result back to the parameters and leaves in `.grad` of each one how the result
# changes with it. Called on a single number, such as a loss, it needs no argument. We have ten scores and no
# loss yet. So we must say how much each score counts, with a tensor of the same shape as `scores`. Here it is
# random, only to see the machinery run:

# %%
torch.manual_seed(1)
print("before:", net.conv1.bias.grad)

net.zero_grad()
scores.backward(torch.randn(1, 10))

print("after: ", net.conv1.bias.grad)

# %% [markdown]
# What was computed? If $g$ is the tensor you pass, `scores.backward(g)` gives the gradient of the single
# number $g_0\,\mathrm{scores}_0 + \dots + g_9\,\mathrm{scores}_9$. In notebook 3 a loss function takes the
# place of this sum, and $g$ is no longer random. You can see that the two are the same:

# %%
torch.manual_seed(1)
g = torch.randn(1, 10)
net.zero_grad()
(g * net(image)).sum().backward()
print("after: ", net.conv1.bias.grad)

# %% [markdown]
# Why `zero_grad()` first? Because `backward()` **adds** to what is in `.grad`. That is useful at times
# (notebook 4), but if you forget it, the gradients of earlier batches stay in. Note that `zero_grad()` does
# not write zeros: it removes the old gradient, so that `.grad` is `None`, as before the first `backward()`.
# Zeros are what you get from `zero_grad(set_to_none=False)`, which was the default before PyTorch 2.0.

# %%
net.zero_grad()
net(image).backward(g)
once = net.conv1.bias.grad.clone()
net(image).backward(g)
print("ratio without zero_grad:", (net.conv1.bias.grad / once).tolist())

net.zero_grad()
print("after zero_grad():      ", net.conv1.bias.grad)

# %% [markdown]
# Gradients exist for more than parameters. Ask for one of the *image*, and you learn how strongly each pixel
# moves the scores. A bright pixel in this picture is one that matters. A single image leaves gaps, because
# pooling passes on only the largest of four values, so the picture is a mean over 100 random images.

# %%
torch.manual_seed(2)
many = torch.randn(100, 1, 32, 32, requires_grad=True)
net(many).backward(torch.randn(100, 10))
influence = many.grad.abs().mean(dim=0)[0]

plt.figure(figsize=(3.6, 3))
plt.imshow(influence, cmap="viridis")
plt.colorbar(label="mean influence on the scores", ticks=[0, 0.001, 0.002, 0.003])
plt.xticks([0, 10, 20, 30])
plt.yticks([0, 10, 20, 30])
plt.title("which pixels matter")
plt.show()
print("influence of the last three columns:", influence.mean(dim=0)[-3:].tolist())

# %% [markdown]
# The last two rows and columns have no influence at all! They are lost where a size is halved and does not
# divide by two. You will find the place in section 4.

# %% [markdown]
# ## 3. The batch dimension
#
# Networks work on batches: several images stacked into one tensor of shape (N, 1, 32, 32). That is much
# faster than image by image, and gradients averaged over a batch are less noisy. Each layer treats every
# image in the same way and by itself, so row $i$ of the output belongs to image $i$, whatever else is in the
# batch.

# %%
torch.manual_seed(3)
batch = torch.randn(7, 1, 32, 32)
with torch.no_grad():  # nothing to differentiate: save the time and the memory
    together = net(batch)
    alone = torch.cat([net(batch[i : i + 1]) for i in range(7)])
print("together:", together.shape, "  alone:", alone.shape)
print("largest difference:", (together - alone).abs().max().item())
print("exactly equal:     ", torch.equal(together, alone))
print("equal up to 1e-5:  ", torch.allclose(together, alone, atol=1e-5))

# %% [markdown]
# The difference is zero or less than 0.000001, depending on your machine. With another batch size the sums
# in a matrix product may be taken in another order, and floating-point numbers round differently then. So
# never ask whether two results are *exactly* equal; ask whether they are close.
#
# What if you have a single image without the batch dimension? `unsqueeze(0)` adds one of size 1 in front, and
# that is always right. Older texts say that `torch.nn` takes batches only. That is no longer so: since
# PyTorch 1.11 a convolution also takes a single image (channels, height, width). A whole network need not:
# ours flattens everything from dimension 1 on, and without a batch that is the wrong place.

# %%
single = torch.randn(1, 32, 32)  # channels, height, width
print("conv1 alone:     ", net.conv1(single).shape)
print("with unsqueeze(0):", net(single.unsqueeze(0)).shape)
try:
    net(single)
except RuntimeError as error:
    print("whole network:   ", error)

# %% [markdown]
# The 16 channels were taken for 16 images of 36 numbers each. Indexing has the same pitfall: `batch[0]` has
# shape (1, 32, 32), and `batch[0:1]` keeps the batch dimension.

# %% [markdown]
# ## 4. Feature maps and their sizes
#
# What do the layers make of an image? Each filter of a convolution gives one **feature map**, an image of
# where its pattern was found. These are the maps of the seven from above. The filters are random, as the
# network is untrained; still they answer to edges and strokes of some directions more than of others. A black
# map belongs to a filter that found nothing: ReLU has cut off all its values.

# %%
with torch.no_grad():
    maps1 = F.max_pool2d(F.relu(net.conv1(padded)), 2)
    maps2 = F.max_pool2d(F.relu(net.conv2(maps1)), 2)

_, axes = plt.subplots(1, 3, figsize=(10, 4), width_ratios=(1, 0.67, 1), gridspec_kw={"wspace": 0.06})
stages = {"input": (padded, 1), "after conv1": (maps1, 2), "after conv2": (maps2, 4)}
for ax, (stage, (maps, columns)) in zip(axes, stages.items(), strict=True):
    channels, height, width = maps.shape[1:]
    # One picture of all maps, each with a range of its own from black to white.
    sheet = make_grid(maps[0].unsqueeze(1), columns, padding=1, normalize=True, scale_each=True, pad_value=1)
    ax.imshow(sheet.permute(1, 2, 0))
    ax.set_title(f"{stage}\n{channels} x {height} x {width}")
    ax.axis("off")
plt.show()

# %% [markdown]
# Two rules give all sizes: a 3 x 3 convolution without padding takes 2 off, and 2 x 2 pooling halves and
# rounds down. In general, a layer with kernel size $k$, padding $p$ and stride $s$ turns $n$ pixels into
#
# $$\left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1,$$
#
# where pooling has $s = k$ unless you say otherwise. So it is $32 \to 30 \to 15 \to 13 \to 6$. In the last
# step 13 rows become 6, which need only 12: the thirteenth is dropped, and with it the last two rows of the
# image. Now you know why they had no influence.
#
# What if the image is twice as large? It is tempting to say that 6 becomes 12. See for yourself:


# %%
def sizes(pixels):
    """Return what becomes of an image's side: input, conv1, pooling, conv2, pooling."""
    steps = [pixels]
    for _ in range(2):
        steps.append(steps[-1] - 2)  # a 3 x 3 convolution
        steps.append(steps[-1] // 2)  # 2 x 2 pooling
    return steps


def draw_sizes(ax, pixels):
    """Draw the feature maps of an image with the sides in `sizes(pixels)`, to scale."""
    names = ("input", "conv1", "pool", "conv2", "pool")
    left, gap, arrows = 0.0, 18.0, []
    for name, channels, side in zip(names, (1, 6, 6, 16, 16), sizes(pixels), strict=True):
        drawn = min(channels, 6)  # as in notebook 1: at most six of the maps are drawn
        for layer in reversed(range(drawn)):
            corner = (left + 1.5 * layer, 1.5 * layer - side / 2)
            ax.add_patch(plt.Rectangle(corner, side, side, facecolor="#9ecae1", edgecolor="#444444", lw=0.8))
        right = left + side + 1.5 * (drawn - 1)
        ax.text((left + right) / 2, 46, name, ha="center", va="center", weight="bold")
        ax.text((left + right) / 2, -42, f"{channels} x {side} x {side}", ha="center", va="center")
        arrows.append(right + 2)
        left = right + gap
    numbers = channels * side * side
    height = numbers / 50  # every 50 numbers are one unit high
    bar = plt.Rectangle((left, -height / 2), 4, height, facecolor="#fdae6b", edgecolor="#444444", lw=0.8)
    ax.add_patch(bar)
    ax.text(left + 2, 46, "flatten", ha="center", va="center", weight="bold")
    ax.text(left + 2, -42, f"{numbers:,}", ha="center", va="center")
    ax.quiver(arrows, [0] * 5, gap - 4, 0, angles="xy", scale_units="xy", scale=1, width=0.0015, headwidth=6)
    ax.set(xlim=(-8, 330), ylim=(-50, 54), aspect="equal")
    ax.set_title(f"{pixels} x {pixels} pixels", loc="left")
    ax.axis("off")


_, axes = plt.subplots(2, 1, figsize=(13, 8))
for ax, pixels in zip(axes, (32, 64), strict=True):
    draw_sizes(ax, pixels)
plt.show()

for pixels in (28, 30, 32, 64):
    side = sizes(pixels)[-1]
    print(f"{' -> '.join(map(str, sizes(pixels))):<28}16 * {side} * {side} = {16 * side * side}")

# %% [markdown]
# Twice the pixels give 14 and not 12, for the borders that convolutions take off do not grow with the image.
# You also see why 28 x 28 fails, with 400 numbers instead of 576, and that 30 x 30 works by chance.
#
# The convolutions do not mind: their filters slide over any size, and none of their parameters changes. It is
# the first linear layer that has one weight for every number that arrives. There are two ways out:
#
# * **More weights.** Build `fc1` for what arrives. Count by the rules, or send one image through the
#   convolutions and look at the shape. (`nn.LazyLinear(120)` does the latter by itself, at its first call.)
# * **Smaller maps.** Bring the maps down to the old size: another pooling layer, another convolution, a
#   stride, or `nn.AdaptiveAvgPool2d(6)`, which makes 6 x 6 maps from any size by averaging.
#
# And there is one way into trouble. Older code flattens with `x.view(-1, 576)`, where -1 means "as many rows
# as it takes". With the maps of 64 x 64 images it usually fails. But look what 9 images give:

# %%
nine = torch.randn(9, 16, 14, 14)  # the feature maps of nine images of 64 x 64 pixels
print("view(-1, 576):", nine.view(-1, 576).shape)
print("flatten(1):   ", torch.flatten(nine, 1).shape)

# %% [markdown]
# Nine images become 49 rows, with pieces of different images in one row, and no error tells you. `flatten`
# from dimension 1 on cannot mix images, because it never touches the batch dimension. If a network is wrong,
# an error is the best that can happen to you; exercise 2.1 is about noticing when there is none.

# %% [markdown]
# ## 5. Batch normalization
#
# The numbers that leave a layer can lie anywhere: one unit gives values around 5, another between 0.1 and
# 0.2. While the layers before it learn, they drift, and the next layer has to follow all the time. **Batch
# normalization** puts every unit on the same footing. It takes the values $x$ that one unit gives for all
# images of the batch, subtracts their mean and divides by their standard deviation:
#
# $$y = \gamma\,\frac{x - \mathrm{mean}}{\sqrt{\mathrm{var} + \varepsilon}} + \beta .$$
#
# $\gamma$ (called `weight`, at first 1) and $\beta$ (`bias`, at first 0) are learnable, one pair for each
# unit, so that the layer can choose another scale if that is better. $\varepsilon$ is small (0.00001) and
# avoids a division by zero. Networks with batch normalization usually learn faster and allow larger steps.
#
# `nn.BatchNorm1d(120)` does this for the (N, 120) values of a linear layer. After convolutions,
# `nn.BatchNorm2d(channels)` takes the mean over the images and all pixels of a map. Here are five units of
# `fc1` for 256 images that differ in brightness and contrast:

# %%
torch.manual_seed(4)
brightness, contrast = 2 * torch.randn(256, 1, 1, 1), 0.5 + torch.rand(256, 1, 1, 1)
pictures = contrast * torch.randn(256, 1, 32, 32) + brightness

torch.manual_seed(5)
net = network()
features = nn.Sequential(net.conv1, nn.ReLU(), nn.MaxPool2d(2), net.conv2, nn.ReLU(), nn.MaxPool2d(2))
norm = nn.BatchNorm1d(120)
with torch.no_grad():
    before = net.fc1(torch.flatten(features(pictures), 1))
    after = norm(before)  # a new module is in train mode

_, axes = plt.subplots(1, 2, figsize=(9, 3))
histograms = {"fc1": before, "fc1, then batch normalization": after}
for ax, (title, values) in zip(axes, histograms.items(), strict=True):
    for unit in range(5):
        ax.hist(values[:, unit], bins=40, histtype="step", linewidth=1.5, label=f"unit {unit}")
    ax.set(title=title, xlabel="value", ylabel="images")
    ax.locator_params(nbins=4)
axes[0].legend()
plt.show()

for name, values in (("before", before), ("after", after)):
    means, stds = values.mean(dim=0), values.std(dim=0)
    print(f"{name:<7}means {means.min():6.3f} to {means.max():.3f}, ", end="")
    print(f"standard deviations {stds.min():.3f} to {stds.max():.3f}")

# %% [markdown]
# The shapes of the distributions stay. Only their place and width change: all means become 0, and all
# standard deviations 1 (1.002 with the $N - 1$ that `std` divides by).
#
# In use there is not always a batch: there may be a single image, and its scores should not depend on what
# else happens to be there. So batch normalization has two modes, as dropout has:
#
# * **train mode:** mean and variance are those of the batch. In passing, the layer keeps *running* averages
#   of both: at each pass `running = 0.9 * running + 0.1 * batch`. (The 0.1 is its argument `momentum`.)
# * **eval mode:** the running averages are used, and stay as they are.
#
# The running averages are buffers, not parameters (see notebook 1). They start with mean 0 and variance 1,
# which change nothing, and take some passes to arrive:

# %%
norm = nn.BatchNorm1d(120)
passes, running_mean, running_std = range(61), [0.0], [1.0]
with torch.no_grad():
    for _ in passes[1:]:
        chosen = torch.randperm(256)[:64]  # another batch of 64 in each pass
        norm(before[chosen])
        running_mean.append(norm.running_mean[4].item())
        running_std.append(norm.running_var[4].item() ** 0.5)

plt.figure(figsize=(6.5, 3))
for color, name, values, goal in (
    ("C0", "mean", running_mean, before[:, 4].mean()),
    ("C1", "standard deviation", running_std, before[:, 4].std()),
):
    plt.plot(passes, values, color=color, label=f"running {name}")
    plt.axhline(goal, color=color, linestyle=":", label=f"{name} over all images")
plt.xlabel("passes in train mode")
plt.xticks([0, 20, 40, 60])
plt.yticks([0, 0.5, 1])
plt.title("unit 4 of fc1")
plt.legend()
plt.show()

# %% [markdown]
# Three things follow, and they cause most of the trouble with batch normalization:
#
# * In train mode the output for an image depends on the rest of the batch. A network that is used without
#   `model.eval()` gives different scores for the same image.
# * A batch of *one* has no variance: each value minus the mean of itself is 0. In train mode PyTorch refuses
#   it. This happens in the last batch of an epoch, if the number of images is a multiple of the batch size
#   plus one.
# * Whatever constant is added to a unit goes away with the mean. This concerns the bias of the layer just
#   before.

# %%
try:
    norm.train()(before[:1])
except ValueError as error:
    print("train mode, one image:", error)
print("eval mode, one image: ", norm.eval()(before[:1]).shape)

# %% [markdown]
# **So far** you have sent images through a network, one or many, and gradients back; you know what determines
# the size of every layer, and what batch normalization does between them. Next come the exercises; the loss
# follows in notebook 3.
#
# ## 6. Exercises
#
# ### Exercise 2.1 - A batch of five
#
# Give the network five images at once and check whether it runs correctly. "It printed something" is not
# enough: section 4 showed nine images that became 49 rows without an error. So write down what *correctly*
# means, as a function that can be used on any model:
#
# * `make_batch(batch_size, height, width)` draws a batch of random images.
# * `runs_correctly(model, x, num_classes)` says whether `model` handles the batch `x` as it should.
#
# The hidden checks hand it good models and broken ones; it must tell them apart. Section 3 has most of what
# you need. Two hints: dropout and batch normalization behave in train mode as if something was wrong, and a
# number that is infinite or not a number (`nan`) is no score. `torch.isfinite` finds those.
#
# *Left free:* the distribution of the random pixels, and how you compare. You may work on a copy of the model
# (`copy.deepcopy`). What you do about errors other than the two named below is up to you, and so are
# differences between 0.00001 and 0.001: the hidden checks keep out of this range.


# %% nbgrader={"grade": false, "grade_id": "batch_input", "locked": false, "schema_version": 3, "solution": true, "task": false}
def make_batch(batch_size: int = 5, height: int = 32, width: int = 32) -> torch.Tensor:
    """Return a float32 tensor of shape (batch_size, 1, height, width): a batch of random grey images.

    Every pixel is drawn at random and is a finite number, so no two images are equal.
    """
    ### BEGIN SOLUTION
    return torch.randn(batch_size, 1, height, width)
    ### END SOLUTION


def runs_correctly(model: nn.Module, x: torch.Tensor, num_classes: int = 10) -> bool:
    """Say whether `model` handles the batch `x` of one or more images correctly: True or False.

    True if all of this holds, in eval mode:

    * `model(x)` has the shape (len(x), num_classes), and all its numbers are finite.
    * Row i of it is the output for image i alone, passed as a batch of one. Differences of up to 1e-5 are
      rounding and do not count.

    False otherwise, and also if the model raises a RuntimeError or ValueError in any of these passes: the
    error must not get out. No gradients are recorded. Afterwards the model is in the mode in which it came
    (train or eval), even if it raised an error, and nothing else in it has changed.
    """
    ### BEGIN SOLUTION
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            together = model(x)
            if together.shape != (len(x), num_classes) or not torch.isfinite(together).all():
                return False
            alone = torch.cat([model(x[i : i + 1]) for i in range(len(x))])
        return together.shape == alone.shape and torch.allclose(together, alone, atol=1e-5)
    except (RuntimeError, ValueError):
        return False
    finally:
        model.train(was_training)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_batch_input", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
try:
    five = make_batch()
except NotImplementedError:
    raise AssertionError("make_batch is not written yet: it still holds the stub.") from None
assert isinstance(five, torch.Tensor), f"make_batch returns a tensor. Yours returned {type(five).__name__}."
assert five.shape == (5, 1, 32, 32), (
    "Five grey images of 32 x 32 pixels are a tensor of shape (5, 1, 32, 32): batch, channel, height, width. "
    f"Yours has the shape {tuple(five.shape)}."
)
assert not torch.equal(five[0], five[1]), "The images of a batch must differ. The first two of yours do not."

tried_net = network()
try:
    verdicts = {"five images": runs_correctly(tried_net, torch.randn(5, 1, 32, 32))}
    verdicts["five images of 28 x 28"] = runs_correctly(tried_net, torch.randn(5, 1, 28, 28))
except NotImplementedError:
    raise AssertionError("runs_correctly is not written yet: it still holds the stub.") from None
except RuntimeError as error:
    raise AssertionError(f"runs_correctly must return False if the model raises an error: {error}") from None
for case, verdict in verdicts.items():
    assert isinstance(verdict, bool), (
        f"runs_correctly returns True or False. For {case} yours returned {verdict!r}; bool(...) turns a "
        "tensor of one number into True or False."
    )
assert verdicts["five images"], "`network` handles five images correctly, but your function says False."
assert not verdicts["five images of 28 x 28"], (
    "`network` raises an error for images of 28 x 28 pixels. Your function says that all is well."
)
assert tried_net.training, "The model came in train mode. Your function left it in eval mode."
print("Exercise 2.1: all tests of this cell passed.")


# %% [markdown]
# ### Exercise 2.2 - Images of 64 x 64
#
# Change the input size to 64 x 64 pixels and modify the network accordingly. If you only make `fc1` larger,
# you get 388,394 parameters in place of 81,194: work out why.
#
# The network is what you change, not the image: your first convolution must see all 64 x 64 pixels. Shrinking
# or cropping the image before it would make the old network run, but then the details are lost that the
# larger image was taken for. When you have it, try your `runs_correctly` on it.
#
# *Left free:* the rest of the architecture: number and sizes of layers, their names, pooling, strides,
# padding, activations, dropout, batch normalization, and how you find out the size of `fc1`.


# %% nbgrader={"grade": false, "grade_id": "larger_input", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Net64(nn.Module):
    """A convolutional network: grey images (N, 1, 64, 64) in, scores for ten classes (N, 10) out.

    It works for every N from 1 on, and in eval mode the scores of an image do not depend on the other images
    of the batch. The first convolution sees the whole image: nothing crops or shrinks it before, and every
    region of the image has an influence on the scores. The scores are raw, so each of them can be any number,
    positive or negative: no softmax or other activation function comes after the last layer.

    The model can be trained: its layers belong to it, so that `parameters()` and `state_dict()` have all of
    their numbers, and `backward()` gives each parameter a gradient.
    """

    def __init__(self) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 14 * 14, 120)  # 64 -> 62 -> 31 -> 29 -> 14
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        ### BEGIN SOLUTION
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)  # (N, 3136)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_larger_input", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
try:
    net64 = Net64()
    net64.eval()
    sizes_out = {}
    for number in (1, 4):
        output = net64(torch.randn(number, 1, 64, 64))
        assert isinstance(output, torch.Tensor), f"forward must return the output. Yours returned {output!r}."
        sizes_out[number] = tuple(output.shape)
except NotImplementedError:
    raise AssertionError("Net64 is not written yet: __init__ or forward still holds the stub.") from None
except RuntimeError as error:
    raise AssertionError(
        f"A batch of {number} image(s) of 64 x 64 pixels does not go through Net64: {error}. "
        "Print x.shape before each layer to see which one gets another size than it was built for."
    ) from None
for number, size in sizes_out.items():
    assert size == (number, 10), f"The output for {number} image(s) has shape ({number}, 10), not {size}."
print("Exercise 2.2: all tests of this cell passed.")


# %% [markdown]
# ### Exercise 2.3 - Batch normalization after each linear layer
#
# Add batch normalization to the network of 32 x 32 pixels. It belongs after the linear layers `fc1` and
# `fc2`. Literally "each linear layer" includes `fc3`, but common practice leaves the scores as they are:
# whether you normalize them too is your choice, both count as right.
#
# Should it stand before or after the ReLU? Both are used, and there is no settled answer; choose one. What
# matters is that the training mode uses the batch and the eval mode the running averages.
#
# *Left free:* all of that, `bias=False` in a layer just before a batch normalization, arguments such as
# `eps`, `momentum` and `affine`, batch normalization after the convolutions as well, and with what you do it:
# `nn.BatchNorm1d`, `nn.LazyBatchNorm1d`, `F.batch_norm` with your own buffers, or your own formula.
# `BatchNormNet` may inherit from `network` in place of `nn.Module`.


# %% nbgrader={"grade": false, "grade_id": "batch_norm_net", "locked": false, "schema_version": 3, "solution": true, "task": false}
class BatchNormNet(nn.Module):
    """The network of this notebook with batch normalization after the linear layers fc1 and fc2.

    It has the layers conv1, conv2, fc1, fc2 and fc3 as attributes, with weights of the same shapes as in
    `network`. Input: (N, 1, 32, 32). Output: (N, 10).

    In train mode each unit is normalized with its mean and variance over the batch, and the running averages
    of both are updated. In eval mode the running averages are used and not changed, so that a single image
    works as well. They start with mean 0 and variance 1, as in `nn.BatchNorm1d`: in eval mode, a new
    BatchNormNet computes what `network` computes with the same weights and biases.

    `state_dict()` has all that the model has learnt, the running averages included, and `backward()` gives
    each parameter a gradient.
    """

    def __init__(self) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.norm1 = nn.BatchNorm1d(120)
        self.fc2 = nn.Linear(120, 84)
        self.norm2 = nn.BatchNorm1d(84)
        self.fc3 = nn.Linear(84, 10)
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        ### BEGIN SOLUTION
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.norm1(self.fc1(x)))
        x = F.relu(self.norm2(self.fc2(x)))
        return self.fc3(x)
        ### END SOLUTION


# %% [markdown]
# Try your network before you answer the questions. Change the number of images, and look again.

# %%
for number in (8, 1):
    for mode in ("train", "eval"):
        try:
            output = BatchNormNet().train(mode == "train")(torch.randn(number, 1, 32, 32))
            print(f"{number} image(s), {mode} mode: output of shape {tuple(output.shape)}")
        except NotImplementedError:
            print("Write BatchNormNet first. Then this cell shows what it does.")
        except ValueError as error:
            print(f"{number} image(s), {mode} mode: {error}")

# %% nbgrader={"grade": false, "grade_id": "answers_2_3", "locked": false, "schema_version": 3, "solution": true, "task": false}
# Replace each None by one of the words given for the question, in quotation marks.
#
# a) A network with nn.BatchNorm1d after fc1 gets a batch of one image, in train mode.
#    This ... "works" or "fails"
# b) The same network gets a batch of one image, in eval mode.
#    This ... "works" or "fails"
# c) nn.BatchNorm1d stands directly after fc1, before the ReLU. The bias of fc1 is then ...
#    "needed" or "redundant"
answers_2_3 = {
    "a": None,
    "b": None,
    "c": None,
}

# Leave the rest as it is: while a None is left above, it ends this cell with a NotImplementedError.
if None in answers_2_3.values():
    ### BEGIN SOLUTION
    answers_2_3 = {"a": "fails", "b": "works", "c": "redundant"}
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_batch_norm_net", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
try:
    norm_net = BatchNormNet()
    norm_net.train()
    output = norm_net(torch.randn(6, 1, 32, 32))
except NotImplementedError:
    raise AssertionError("BatchNormNet is not written yet: __init__ or forward still holds the stub.") from None
assert isinstance(output, torch.Tensor), f"forward must return the output. Yours returned {output!r}."
assert output.shape == (6, 10), f"The output for 6 images has shape (6, 10). Yours is {tuple(output.shape)}."

for name in ("conv1", "conv2", "fc1", "fc2", "fc3"):
    weight = getattr(getattr(norm_net, name, None), "weight", None)
    assert weight is not None, f"BatchNormNet needs a layer {name}, as an attribute `self.{name}`."
    expected = tuple(getattr(network(), name).weight.shape)
    assert tuple(weight.shape) == expected, (
        f"The weight of {name} has the shape {expected} in `network`. Yours has {tuple(weight.shape)}."
    )

norm_net.eval()
try:
    output = norm_net(torch.randn(1, 1, 32, 32))
except ValueError as error:
    raise AssertionError(f"In eval mode a single image must work: {error}") from None
assert output.shape == (1, 10), f"The output for 1 image has shape (1, 10). Yours is {tuple(output.shape)}."

assert isinstance(answers_2_3, dict), "answers_2_3 must stay a dictionary with the keys a, b and c."
choices = {"a": ("works", "fails"), "b": ("works", "fails"), "c": ("needed", "redundant")}
for question, words in choices.items():
    assert answers_2_3.get(question) in words, (
        f'Question {question}) has no valid answer yet: set answers_2_3["{question}"] to one of {words}.'
    )
print("Exercise 2.3: all tests of this cell passed.")

# %% [markdown]
# ## Summary
#
# * Data has the shape (N, channels, height, width). `unsqueeze(0)` makes a batch of one image; row $i$ of the
#   output belongs to image $i$, and rows are compared with a tolerance.
# * `backward(g)` sends a gradient back through the network and adds to `.grad`; `zero_grad()` clears it.
# * A convolution takes any image size, a linear layer exactly one. Flatten with `torch.flatten(x, 1)`.
# * Batch normalization uses the batch in train mode and running averages in eval mode.
#
# Next: how wrong are the scores? A loss function says it in one number.
