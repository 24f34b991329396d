"""One long vector of all trainable parameters, with the empty case looked after."""

from torch.nn.utils import parameters_to_vector


def count_trainable_parameters(model):
    trainable = [p for p in model.parameters() if p.requires_grad]
    if not trainable:
        return 0
    return parameters_to_vector(trainable).shape[0]
