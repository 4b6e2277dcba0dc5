"""What the readers of data exports of chat services share: archives of conversations, each a tree.

Read from top to bottom: ``conversation`` (what a service's module makes of one), ``archives``
(files and archives as one stream), ``ways`` (in which order a tree is told), ``reader``.
"""
