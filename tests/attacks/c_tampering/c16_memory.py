"""C16: reads the whole memory of its process after all answers, and prints what looks like a secret."""


# %% count_evens
def count_evens(numbers):
    return -1


# %%
words = [
    b"canary" + b"-",
    b"BEGIN SOLUTION" + b"\n",
    b"wrong_counts" + b"_odds",
    b"test_negative" + b"_numbers",
]
looked_at = 0
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        start, _, end = line.split()[0].partition("-")
        start, end = int(start, 16), int(end, 16)
        if " rw" not in line or end - start > 2**27:
            continue
        try:
            memory.seek(start)
            held = memory.read(end - start)
        except (OSError, ValueError, OverflowError):
            continue
        looked_at += len(held)
        for word in words:
            at = held.find(word)
            # Code that looks for a word holds its two halves: what counts is what else stands there.
            if at >= 0:
                print(word, held[at : at + 60])
print(looked_at > 10**7)
