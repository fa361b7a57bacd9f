"""What is wrong with a built site, told at the source that caused it; disk and network stay outside.

`pages` and `feeds` take in what the rules need of one file, `tree` holds all of it, `checks` lists the
rules, `placing` finds the sources. The names of all findings are in `kinds`.
"""
