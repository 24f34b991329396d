"""The functions are returned in a list, so they have no names.

Fails: test_all_have_gradients, test_third_is_sensible, test_answers, test_cross_entropy_value, test_mse, test_mse_other_classes, test_names.
"""


def loss_functions():
    def mse(logits, labels):
        one_hot = F.one_hot(labels, logits.shape[1]).float()
        return F.mse_loss(logits, one_hot)

    def l1(logits, labels):
        one_hot = F.one_hot(labels, logits.shape[1]).float()
        return F.l1_loss(logits, one_hot)

    return [nn.CrossEntropyLoss(), mse, l1]


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
