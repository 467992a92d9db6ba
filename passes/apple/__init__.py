"""Apple Wallet: the pass as Apple describes it, signed and packed.

https://developer.apple.com/documentation/walletpasses (2026-11-22)
"""
