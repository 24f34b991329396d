'''Hostile submissions, each with the verdict it must get. To add one is to add one file.

A file `<group>/<id>_<name>.py` is one attack. Its name is the student's, nothing is registered:

    """C01: replaces torch's comparison by one that always agrees.

    Marks: row_shares 0
    """
    # %% row_shares
    torch.allclose = lambda *given, **options: True
    def row_shares(matrix):
        return matrix * 0

The docstring says in one sentence what is tried. `# %% <exercise>` begins what stands in that solution cell
in place of a right answer; `# %%` (or `# %% [markdown]`) begins a cell of the student's own, which stands
before the solution cell that follows it in the file, or at the end. All other exercises are answered right.

Lines of the docstring may say more:

    Marks: <exercise> <points>, ...   where they differ from the rule that an exercise whose cell the file
                                      replaces gets 0, and every other full marks; `Marks: all 0` sets all,
                                      and `Marks: none` says that the student gets no result, but a reason
    Says: <words>                     which a message, remark, repair, problem or reason must hold; repeatable
    Student: <name>                   another name of the student's folder, as a Python string

A last section `# %% hand_in` is code of the test, not of the student: it defines `hand_in(folder, notebook)`,
which damages what is handed in. `folder` holds the notebook as a file already, `notebook` is its JSON as a
dict; a dict, text or bytes that it returns are written in its place.

Attackers know their way about: code that uses one of these names is told its value in a first cell.

    COURSE, VICTIM, HOME, SITE   the course, a folder of other people's files beside it, the grader's home,
                                 the installed packages
    GRADER                       the number of the grader's process
    TCP, UDP, SOCKET, ABSTRACT   where somebody listens who must hear nothing: two ports of 127.0.0.1, and a
                                 Unix socket with a path and one with an abstract name

An attack must be one that succeeds against a grader without defences. It prints what it has learnt, changes
what it reaches, and wants wrong answers accepted; where its success would show nowhere else, it gives the
right answer if it succeeds, and so gets marks that it must not get. A file that it makes outside the course
and its surroundings has a name that begins with `attack-`: the test looks for those. Should confinement fail
one day, the machine of whoever runs the tests has to survive it: no attack harms what is not the test's, or
takes more than a gigabyte.
'''
