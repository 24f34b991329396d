# Loss functions as modules of their own; Huber with another delta; answers in capitals.
class OneHotLoss(nn.Module):
    def __init__(self, loss):
        super().__init__()
        self.loss = loss

    def forward(self, logits, labels):
        target = F.one_hot(labels, logits.shape[-1]).type_as(logits)
        return self.loss(logits, target)


def loss_functions():
    return {
        "cross_entropy": nn.CrossEntropyLoss(),
        "mse": OneHotLoss(nn.MSELoss()),
        "huber": OneHotLoss(nn.HuberLoss(delta=0.5)),
    }


def compare_loss_functions(model, loader, loss_fns, num_epochs=5, lr=0.1):
    results = {}
    for name, loss_fn in loss_fns.items():
        trained = copy.deepcopy(model)
        optimizer = torch.optim.SGD(trained.parameters(), lr=lr)
        losses, accuracies = [], []
        for epoch in range(num_epochs):
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
            right = 0
            with torch.no_grad():
                for x, labels in loader:
                    predicted = trained(x).argmax(dim=1)
                    right += (predicted == labels).sum().item()
            accuracies.append(right / samples)
        results[name] = {"loss": losses, "accuracy": accuracies}
    return results


answers_3_3 = {"a": "Huber", "b": "cross_entropy ", "c": "No"}
