"""The words of papers and of the curator: safe HTML, plain text and links out.

`title` and `plain` take raw titles, `prose`, `teaser` and `summary` raw abstracts, which are neither
Markdown nor LaTeX; `markdown` takes what the curator wrote; `told` says what the addresses of a source
lead to.
"""

from sitegen.text.links import told
from sitegen.text.markdown import Markdown, markdown
from sitegen.text.prose import plain, prose, summary, teaser, title

__all__ = ["Markdown", "markdown", "plain", "prose", "summary", "teaser", "title", "told"]
