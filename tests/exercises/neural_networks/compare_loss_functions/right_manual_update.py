# SGD by hand, in place and without gradients; accuracy from all batches at once.
def loss_functions():
    def mse(logits, labels):
        one_hot = F.one_hot(labels, logits.shape[1]).float()
        return F.mse_loss(logits, one_hot)

    def l1(logits, labels):
        one_hot = F.one_hot(labels, logits.shape[1]).float()
        return F.l1_loss(logits, one_hot)

    return {"cross_entropy": nn.CrossEntropyLoss(), "mse": mse, "l1": l1}


def compare_loss_functions(model, loader, loss_fns, num_epochs=5, lr=0.1):
    results = {name: {"loss": [], "accuracy": []} for name in loss_fns}
    for name, loss_fn in loss_fns.items():
        net = copy.deepcopy(model)
        for _ in range(num_epochs):
            net.train()
            batch_losses, sizes = [], []
            for x, y in loader:
                net.zero_grad()
                loss = loss_fn(net(x), y)
                loss.backward()
                with torch.no_grad():
                    for parameter in net.parameters():
                        parameter -= lr * parameter.grad
                batch_losses.append(loss.item())
                sizes.append(len(y))
            results[name]["loss"].append(sum(b * s for b, s in zip(batch_losses, sizes)) / sum(sizes))
            net.eval()
            with torch.inference_mode():
                inputs = torch.cat([x for x, _ in loader])
                labels = torch.cat([y for _, y in loader])
                results[name]["accuracy"].append((net(inputs).argmax(-1) == labels).float().mean().item())
    return results
