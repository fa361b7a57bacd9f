"""TeX's names for characters: Greek letters, operators, arrows, accents; and small raised digits.

Shared by the repair of running text and by the reading of formulas.
"""

from __future__ import annotations

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "ell": "ℓ", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
    "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
"""Letters that serve as the base of a power or an index."""

OPERATORS = {
    "cdot": "·", "cdots": "⋯", "leq": "≤", "geq": "≥", "neq": "≠", "propto": "∝", "infty": "∞", "forall": "∀",
    "rightarrow": "→", "leftarrow": "←", "leftrightarrow": "↔",
}  # fmt: skip
"""Names that are no words of the language, so that they are certain even without their backslash."""

LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø",
    "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ",
}  # fmt: skip
"""Letters of names. In TeX the space behind such a command only ends it."""

SYMBOLS = GREEK | OPERATORS | {
    "times": "×", "sim": "~", "approx": "≈", "pm": "±", "mp": "∓", "le": "≤", "ge": "≥", "ne": "≠",
    "ll": "≪", "gg": "≫", "lt": "<", "gt": ">", "to": "→", "in": "∈", "notin": "∉", "subset": "⊂",
    "cup": "∪", "cap": "∩", "equiv": "≡", "circ": "°", "degree": "°", "prime": "′", "star": "⋆", "ast": "*",
    "dagger": "†", "uparrow": "↑", "downarrow": "↓", "Rightarrow": "⇒", "partial": "∂", "nabla": "∇",
    "exists": "∃", "div": "÷", "bullet": "•", "ldots": "…", "dots": "…", "textgreater": ">",
    "textless": "<", "textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_", "textbar": "|",
    "textpm": "±", "texttimes": "×", "textdegree": "°", "textendash": "–", "textemdash": "—",
    "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”",
    "copyright": "©", "texttrademark": "™", "textregistered": "®", "S": "§",
}  # fmt: skip
"""What a command with its backslash stands for in running text."""

ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
}  # fmt: skip
"""The combining character for each of TeX's accents."""

_RAISED = str.maketrans("0123456789+−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def raised(text: str) -> str:
    """Return a power as plain text reads it: "²", else "^d" or "^(1/4)"."""
    return _small(text, "^", _RAISED)


def lowered(text: str) -> str:
    """Return an index as plain text reads it: "₂", else "_d" or "_(ij)"."""
    return _small(text, "_", _LOWERED)


def _small(text: str, mark: str, small: dict[int, int]) -> str:
    if all(ord(char) in small for char in text):
        return text.translate(small)
    return mark + (text if text.replace(".", "").isalnum() else f"({text})")
