"""What several branches have in common, and where they part: plain values, nothing is read here.

``keys`` says what makes two events alike, ``matching`` pairs two branches, ``profile`` adds one
branch after the other, ``alignment`` is the result, ``texts`` and ``values`` compare contents.
"""
