"""The words of papers and of the curator: safe HTML, plain text and links out.

`prose`, `teaser`, `summary` and `plain` take raw titles and abstracts, which are neither Markdown nor
LaTeX; `markdown` takes what the curator wrote.
"""

from sitegen.text.markdown import Markdown, markdown
from sitegen.text.prose import plain, prose, summary, teaser

__all__ = ["Markdown", "markdown", "plain", "prose", "summary", "teaser"]
