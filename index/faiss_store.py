"""The embedded vector store: an exact FAISS index, read and written with Python's own files.

`VectorStore` is all that retrieval asks of a store; a server (Milvus) can stand behind it as well.
Exact search is enough to some 10⁵ paragraphs (384 dimensions: 154 MB per 10⁵).
"""

from __future__ import annotations

import sys
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class VectorStore(Protocol):
    """Unit vectors by row, searched by inner product, which is then the cosine."""

    @property
    def count(self) -> int:
        """Number of vectors; rows are 0 to count - 1."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def search(
        self, question: NDArray[np.float32], k: int, rows: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows of the k nearest vectors and their scores, best first, each (found,).

        `question` is (dimension,). `rows` restricts the search to these; found is the smaller of
        k and the number searched.
        """

    def vectors(self) -> NDArray[np.float32]:
        """Return all vectors, (count, dimension)."""


class FaissStore:
    """A `VectorStore` on FAISS `IndexFlatIP`. Searches may run in several threads at once."""

    def __init__(self, index: Any) -> None:
        """Wrap a `faiss.IndexFlatIP`; use `build` or `from_bytes`."""
        self._index = index

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> FaissStore:
        """Store `vectors`, (count, dimension); count may be 0."""
        index = _faiss().IndexFlatIP(vectors.shape[1])
        if len(vectors):
            index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def from_bytes(cls, content: bytes) -> FaissStore:
        """Return the store that `to_bytes` wrote. Raises ValueError for anything else.

        FAISS notices truncation but loads a flipped byte without complaint: compare a hash first.
        """
        faiss = _faiss()
        try:
            index = faiss.deserialize_index(np.frombuffer(content, dtype=np.uint8))
        except (RuntimeError, AssertionError) as error:
            raise ValueError("not a FAISS index") from error
        if not isinstance(index, faiss.IndexFlatIP):
            raise ValueError(f"{type(index).__name__} is no IndexFlatIP")
        return cls(index)

    def to_bytes(self) -> bytes:
        """Return the content of a file that `from_bytes` reads.

        Not faiss.write_index: its C++ cannot open a path with Chinese characters on Windows.
        """
        content: bytes = _faiss().serialize_index(self._index).tobytes()
        return content

    @property
    def count(self) -> int:
        """Number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def search(
        self, question: NDArray[np.float32], k: int, rows: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows of the k nearest vectors and their scores, best first, each (found,).

        One question at a time: FAISS then takes one thread and the same arithmetic for every row,
        so equal vectors get equal scores.
        """
        found = min(k, self.count if rows is None else len(rows))
        if found <= 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        faiss = _faiss()
        only = None if rows is None else faiss.SearchParameters(sel=faiss.IDSelectorBatch(rows))
        query = np.ascontiguousarray(question[None, :], dtype=np.float32)
        scores, ids = self._index.search(query, found, params=only)
        return ids[0], scores[0]

    def vectors(self) -> NDArray[np.float32]:
        """Return a copy of all vectors, (count, dimension)."""
        if self.count == 0:
            return np.zeros((0, self.dimension), dtype=np.float32)
        copied: NDArray[np.float32] = self._index.reconstruct_n(0, self.count)
        return copied


def _faiss() -> Any:
    """Import FAISS, which `import index` need not wait for."""
    import faiss

    if sys.platform == "darwin":
        # Two OpenMP runtimes, faiss's and torch's, crash there when both start threads. Not
        # elsewhere: on Linux the call also halves torch's threads when torch came first, and a
        # search for one question takes one thread anyway.
        faiss.omp_set_num_threads(1)
    return faiss
