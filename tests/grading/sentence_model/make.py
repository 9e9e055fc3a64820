"""Makes the two small sentence models beside it and their tokenizer: `pip install onnx tokenizers`, then run it.

Words of one group point one way, all others nowhere. Filling points a way of its own, so that whoever averages over
it hears every sentence as alike. As published: model.onnx gives a vector for each piece and takes three inputs,
pooled.onnx gives one for the sentence and takes two; the tokenizer fills every sentence up to 128 pieces.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

HERE = Path(__file__).parent
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
GROUPS = [
    "compare compares put next beside against shapes distribution",
    "inputs data training",
    "undo roll rolls back previous change fallback",
    "pipeline deployment",
    "retrain fitting again train",
    "cause reason known why",
]
VOCABULARY = [*SPECIAL, *(word for group in GROUPS for word in group.split())]


def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordLevel({word: at for at, word in enumerate(VOCABULARY)}, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    made.enable_truncation(128)
    made.enable_padding(length=128)
    return made


def table() -> np.ndarray:
    """A row for each word: the axis of its group, and one more for filling."""
    rows = np.zeros((len(VOCABULARY), len(GROUPS) + 1), dtype=np.float32)
    for axis, group in enumerate(GROUPS):
        for word in group.split():
            rows[VOCABULARY.index(word), axis] = 1
    rows[0, -1] = 1
    return rows


def model(*, pooled: bool) -> onnx.ModelProto:
    names = ["input_ids", "attention_mask", *([] if pooled else ["token_type_ids"])]
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["states" if pooled else "last_hidden_state"])]
    output, shape = "last_hidden_state", ["batch", "sequence", len(GROUPS) + 1]
    if pooled:
        nodes.append(helper.make_node("ReduceMean", ["states"], ["sentence_embedding"], axes=[1], keepdims=0))
        output, shape = "sentence_embedding", ["batch", len(GROUPS) + 1]
    graph = helper.make_graph(
        nodes,
        "sentence",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"]) for name in names],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(table(), "table")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(made)
    return made


if __name__ == "__main__":
    tokenizer().save(str(HERE / "tokenizer.json"))
    for name, pooled in (("model.onnx", False), ("pooled.onnx", True)):
        (HERE / name).write_bytes(model(pooled=pooled).SerializeToString())
