"""Models as providers of replies: OpenAI, Anthropic, servers that speak as they do, GGUF files.

``model_provider`` is the way through: it takes a request's body from ``wire``, reaches the
endpoint (``local`` starts a file's server, ``keys`` has the key), and has ``exchange`` send it:
``transport`` puts our bytes on the wire, the library reads the stream, ``replying`` and
``failing`` turn what it reads into ours. The libraries are imported when something is sent.
"""
