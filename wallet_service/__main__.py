"""`python -m wallet_service`: the same as the command `wallet-service`."""

from wallet_service.cli import main

if __name__ == "__main__":
    main()
