"""``python -m unio`` is the command ``unio``."""

from unio.cli.main import main

if __name__ == "__main__":
    main()
