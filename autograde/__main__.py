"""`python -m autograde`: the same as the `autograde` command."""

from autograde.cli import main

if __name__ == "__main__":
    main()
