"""The words of papers and of the curator: safe HTML, plain text and links out.

`title` and `plain` take raw titles, `prose`, `teaser` and `summary` raw abstracts, which are neither
Markdown nor LaTeX; `markdown` takes what the curator wrote; `told` says what the addresses of a source
lead to; `in_feeds` sets the HTML of `markdown` for feeds.
"""

from sitegen.text.links import told
from sitegen.text.markdown import Markdown, markdown
from sitegen.text.maths import in_feeds
from sitegen.text.prose import plain, prose, summary, teaser, title

__all__ = ["Markdown", "in_feeds", "markdown", "plain", "prose", "summary", "teaser", "title", "told"]
