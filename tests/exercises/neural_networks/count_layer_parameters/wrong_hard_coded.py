"""Has the numbers of the tutorial network written down instead of reading them off the model.

Fails: test_other_net, test_order, test_nested_bn, test_frozen, test_printed.
"""


def count_layer_parameters(model):
    counts = {"conv1": 60, "conv2": 880, "fc1": 69240, "fc2": 10164, "fc3": 850}
    for name, number in counts.items():
        print(name, number)
    return counts
