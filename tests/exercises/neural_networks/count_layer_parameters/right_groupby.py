"""Groups neighbours with itertools; each line also lists the shapes of the layer's tensors."""

from itertools import groupby


def count_layer_parameters(model):
    def layer_of(item):
        return item[0].rpartition(".")[0]

    counts = {}
    for layer, items in groupby(model.named_parameters(), key=layer_of):
        tensors = [tensor for _, tensor in items]
        counts[layer] = sum(tensor.numel() for tensor in tensors)
        shapes = " + ".join("x".join(map(str, tensor.shape)) for tensor in tensors)
        print(f"{layer!r}: {shapes} = {counts[layer]} parameters in {len(tensors)} tensors")
    print(f"Sum: {sum(counts.values())}")
    return counts
