# Built upon the function of exercise 3.2, one epoch at a time; numpy numbers.
def loss_functions():
    def mse(logits, labels):
        one_hot = F.one_hot(labels, logits.shape[1]).float()
        return F.mse_loss(logits, one_hot)

    def l1(logits, labels):
        one_hot = F.one_hot(labels, logits.shape[1]).float()
        return F.l1_loss(logits, one_hot)

    return {"cross_entropy": nn.CrossEntropyLoss(), "mse": mse, "l1": l1}


import numpy as np


def compare_loss_functions(model, loader, loss_fns, num_epochs=5, lr=0.1):
    results = {}
    for name, loss_fn in loss_fns.items():
        net = copy.deepcopy(model)
        optimizer = torch.optim.SGD(net.parameters(), lr=lr)
        history = {"loss": [], "accuracy": []}
        for _ in range(num_epochs):
            history["loss"] += train_with_log(net, loader, loss_fn, optimizer, 1)
            net.eval()
            hits = np.concatenate([(net(x).detach().numpy().argmax(1) == y.numpy()) for x, y in loader])
            history["accuracy"].append(hits.mean())
        results[name] = history
    return results
