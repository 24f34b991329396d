"""The layers have other names than in `network`, so the parameters of a `network` cannot be loaded.

Fails: test_same_params, test_eval_equals_base, test_p0_is_base, test_p_is_drop_prob, test_default_p,
test_not_on_logits, test_inverted_scale.
"""


class DropoutNet(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 3), nn.ReLU(), nn.MaxPool2d(2)
        )
        self.classifier = nn.Sequential(
            nn.Linear(16 * 6 * 6, 120),
            nn.ReLU(),
            nn.Dropout(p),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Dropout(p),
            nn.Linear(84, 10),
        )

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


def dropout_output_std(model, x, n_passes=100):
    was_training = model.training
    spread = {}
    with torch.no_grad():
        for mode in ("train", "eval"):
            model.train(mode == "train")
            outputs = torch.stack([model(x) for _ in range(n_passes)])
            spread[mode] = outputs.std(dim=0).mean().item()
    model.train(was_training)
    return spread
