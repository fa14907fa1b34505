"""Boosted trees as plain arrays: exported from scikit-learn once, read and run with numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LEAF = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """Nodes of all trees in one row: go to `left` where the feature is at most `threshold`, else `right`.

    `feature` is -1 at a leaf, whose `value` counts; `roots` are the first nodes; the sum of the leaves and
    `base` is the raw score (log-odds).
    """

    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    roots: NDArray[np.int32]
    base: float

    def raw(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Log-odds of each row of `features` (rows x features, nothing missing)."""
        rows = np.arange(len(features))[None, :]
        at = np.repeat(self.roots[:, None], len(features), axis=1)
        while True:
            tested = self.feature[at]
            inner = tested != _LEAF
            if not inner.any():
                return np.asarray(self.base + self.value[at].sum(axis=0, dtype=np.float64))
            low = features[rows, np.maximum(tested, 0)] <= self.threshold[at]
            at = np.where(inner, np.where(low, self.left[at], self.right[at]), at)


def exported(model: object) -> Trees:
    """The trees of a fitted binary HistGradientBoostingClassifier without categories."""
    parts: dict[str, list[NDArray[np.generic]]] = {name: [] for name in ("f", "t", "l", "r", "v")}
    roots, count = [], 0
    for (predictor,) in model._predictors:  # type: ignore[attr-defined] # scikit-learn has no public way
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        roots.append(count)
        parts["f"].append(np.where(leaf, _LEAF, nodes["feature_idx"]).astype(np.int16))
        # Rounded down to 32 bits the test stays the same for 32-bit features.
        parts["t"].append(_rounded_down(nodes["num_threshold"]))
        parts["l"].append(np.where(leaf, 0, nodes["left"] + count).astype(np.int32))
        parts["r"].append(np.where(leaf, 0, nodes["right"] + count).astype(np.int32))
        parts["v"].append(np.where(leaf, nodes["value"], 0).astype(np.float32))
        count += len(nodes)
    joined = {name: np.concatenate(found) for name, found in parts.items()}
    return Trees(
        feature=joined["f"],
        threshold=joined["t"],
        left=joined["l"],
        right=joined["r"],
        value=joined["v"],
        roots=np.array(roots, np.int32),
        base=float(model._baseline_prediction.ravel()[0]),  # type: ignore[attr-defined] # as above
    )


def _rounded_down(values: NDArray[np.float64]) -> NDArray[np.float32]:
    near = values.astype(np.float32)
    return np.where(near > values, np.nextafter(near, np.float32(-np.inf)), near).astype(np.float32)
