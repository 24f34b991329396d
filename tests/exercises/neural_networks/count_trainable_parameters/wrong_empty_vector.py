"""Joins the trainable parameters into one vector, which fails when there are none.

Fails: test_all_frozen.
"""


def count_trainable_parameters(model):
    trainable = [p for p in model.parameters() if p.requires_grad]
    return nn.utils.parameters_to_vector(trainable).numel()
