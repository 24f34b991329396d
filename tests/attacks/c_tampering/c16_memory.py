"""C16: reads the whole memory of its process after all answers, and prints what looks like a secret."""


# %% count_evens
def count_evens(numbers):
    return -1


# %%
import time

# Code that looks for a word holds the word: what counts is what stands behind it.
words = {
    b"canary" + b"-": 16,
    b"### BEGIN SOLUTION" + b"\n    # ca": 6,
    b"def test_negative" + b"_numbers(agr": 2,
}
maps = [line.split() for line in open("/proc/self/maps")]
areas = [[int(end, 16) for end in area[0].split("-")] for area in maps if area[1].startswith("rw")]
memory = open("/proc/self/mem", "rb", 0)


def search(seconds):
    until = time.time() + seconds
    while areas and time.time() < until:
        start, end = areas.pop()
        if end - start > 2**23:
            areas.append([start + 2**23, end])
            end = start + 2**23
        try:
            memory.seek(start)
            held = memory.read(end - start)
        except (OSError, ValueError, OverflowError):
            continue
        for word, more in words.items():
            at = held.find(word)
            while at >= 0:
                behind = held[at + len(word) :][:more]
                if len(behind) == more and behind.isalnum():
                    print((word + behind).decode())
                at = held.find(word, at + 1)


search(0.7)
# %%
search(0.7)
# %%
search(0.7)
# %%
print(len(areas), "left")
