"""A real model that is tiny and always says the same, served by a real llama.cpp.

It has one layer of zeros; its embeddings are one-hot, so that each token leads to the next: a
chain of words. The chat template ends the prompt with the token that the chain begins with:

- a user's message → ``A parrot says grün.``
- … with a tool ``look_up`` → a call ``look_up({"word": "parrot"})``; other tools are not called
- a tool's result → ``The tool said so!``
- a message with ``long`` in it → `` on and on and …`` without an end
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scrubber.live.endpoints import local_file
from tests.helpers import gguf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.live.providers.local import LocalServer

SAYS = "A parrot says grün."
SAYS_AFTER = "The tool said so!"
TOOL = "look_up"
ARGUMENTS = {"word": "parrot"}
WINDOW = 131_072

_REPLIES = {
    "<|plain|>": ["A", " parrot", " says", " grün", "."],
    "<|told|>": ["The", " tool", " said", " so", "!"],
    "<|call|>": [
        "<tool_call>", "\n", '{"name": "', TOOL, '", "arguments": ', '{"word": "', "par", "rot",
        '"}', "}", "\n ", "</tool_call>",
    ],
}  # fmt: skip
_END = "<|end|>"
_SPECIAL = [
    "<unk>", "<s>", _END, *_REPLIES, "<|long|>", "<|tools|>",
    "<|user|>", "<|assistant|>", "<|system|>", "<|tool|>",
]  # fmt: skip
_TEMPLATE = """\
{%- for m in messages -%}
{{- '<|' + m.role + '|>' -}}
{%- if m.content is string -%}{{ m.content }}{%- endif -%}
{%- for c in m.tool_calls or [] -%}
{{ '<tool_call>\\n{"name": "' + c.function.name + '", "arguments": ' }}
{{- (c.function.arguments | tojson) + '}\\n</tool_call>' }}
{%- endfor -%}
{{- '<|end|>' -}}
{%- endfor -%}
{%- if tools -%}{{- '<|tools|>' + (tools | tojson) -}}{%- endif -%}
{%- if add_generation_prompt -%}
{%- set last = messages[-1] -%}
{%- if last.role == 'tool' -%}{{ '<|told|>' }}
{%- elif last.content is string and 'long' in last.content -%}{{ '<|long|>' }}
{%- elif tools and '"look_up"' in (tools | tojson) -%}{{ '<|call|>' }}
{%- else -%}{{ '<|plain|>' }}{%- endif -%}
{%- endif -%}"""
_WIDTH = 64


def make(path: Path) -> None:
    """Write the model, 1.3 MB."""
    tokens = [*_SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256))]
    kinds = [2, *[3] * (len(_SPECIAL) - 1), *[6] * 256]  # unknown, control, byte
    follows: dict[int, int] = {}

    def add(word: str) -> int:
        tokens.append(word.replace(" ", "▁"))
        kinds.append(1)
        return len(tokens) - 1

    for start, words in _REPLIES.items():
        last = tokens.index(start)
        for word in words:
            follows[last] = last = add(word)
        follows[last] = tokens.index(_END)
    on, more = add(" on"), add(" and")
    follows |= {tokens.index("<|long|>"): on, on: more, more: on}
    gguf.write(path, _facts(tokens, kinds), _tensors(len(tokens), follows))


def _tensors(tokens: int, follows: dict[int, int]) -> dict[str, gguf.Tensor]:
    size = _size(tokens)
    return {
        "token_embd.weight": gguf.with_ones(size, tokens, {n: n for n in range(tokens)}),
        "output.weight": gguf.with_ones(size, tokens, follows),
        "output_norm.weight": gguf.ones(size),
        "blk.0.attn_norm.weight": gguf.ones(size),
        "blk.0.ffn_norm.weight": gguf.ones(size),
        "blk.0.attn_q.weight": gguf.zeros(size, _WIDTH),
        "blk.0.attn_k.weight": gguf.zeros(size, _WIDTH),
        "blk.0.attn_v.weight": gguf.zeros(size, _WIDTH),
        "blk.0.attn_output.weight": gguf.zeros(_WIDTH, size),
        "blk.0.ffn_gate.weight": gguf.zeros(size, _WIDTH),
        "blk.0.ffn_up.weight": gguf.zeros(size, _WIDTH),
        "blk.0.ffn_down.weight": gguf.zeros(_WIDTH, size),
    }


def _facts(tokens: list[str], kinds: list[int]) -> dict[str, object]:
    return {
        "general.architecture": "llama",
        "general.name": "parrot",
        "llama.block_count": 1,
        "llama.context_length": WINDOW,
        "llama.embedding_length": _size(len(tokens)),
        "llama.feed_forward_length": _WIDTH,
        "llama.attention.head_count": 1,
        "llama.attention.head_count_kv": 1,
        "llama.attention.key_length": _WIDTH,
        "llama.attention.value_length": _WIDTH,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": _WIDTH,
        "llama.vocab_size": len(tokens),
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.scores": [0.0] * len(tokens),
        "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.add_bos_token": True,
        "tokenizer.ggml.add_space_prefix": False,
        "tokenizer.chat_template": _TEMPLATE,
    }


def _size(tokens: int) -> int:
    return -(-tokens // _WIDTH) * _WIDTH


@pytest.fixture(scope="session")
def parrot_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model as a file."""
    path = tmp_path_factory.mktemp("models") / "parrot.gguf"
    make(path)
    return path


@pytest.fixture(scope="session")
def parrot(parrot_file: Path) -> Iterator[LocalServer]:
    """The model, served: ``url`` (ends with /v1) and ``key``; shared by all tests of a process."""
    from scrubber.live.providers.local import LocalServer

    # Several threads wait for each other at every step: on a busy machine that takes for ever.
    server = LocalServer(replace(local_file(str(parrot_file)), window=WINDOW), threads=1)
    yield server
    server.stop()
