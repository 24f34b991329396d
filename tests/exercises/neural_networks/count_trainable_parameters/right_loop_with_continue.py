"""A loop that skips the frozen ones; prints the result as well."""


def count_trainable_parameters(model):
    total = 0
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            print(f"{name} is frozen")
            continue
        total += parameter.nelement()
    print(f"{total:,} trainable parameters")
    return total
