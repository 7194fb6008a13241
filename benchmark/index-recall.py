"""The curve of recall against the share of the column that is read, from the output of benchmark/index.

    benchmark/index 1000000 > index.txt; python benchmark/index-recall.py index.txt docs/images/index-recall.png
"""

import sys

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot


def main(output: str, picture: str) -> None:
    curves: dict[float, list[tuple[float, float]]] = {}
    with open(output, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("curve "):
                word = line.split()
                curves.setdefault(float(word[2]), []).append((100 * float(word[6]), float(word[8])))
    figure, axes = pyplot.subplots(figsize=(7, 4.2), dpi=110)
    for score, points in curves.items():
        if score in (0.3, 0.4, 0.5, 0.6, 0.7, 0.9):
            axes.plot(*zip(*points), label=f"rows at a cosine of {score} to {score + 0.05:.2f}", linewidth=1.6)
    axes.axhline(0.95, color="grey", linewidth=0.8, linestyle=":")
    axes.axvline(5, color="grey", linewidth=0.8, linestyle=":")
    axes.set_xscale("log")
    axes.set_xlabel("cells read, per cent of all (about the share of the column's bytes)")
    axes.set_ylabel("recall, less its standard error")
    axes.set_ylim(0, 1.02)
    axes.grid(alpha=0.25)
    axes.legend(loc="lower right", frameon=False)
    figure.tight_layout()
    figure.savefig(picture)


if __name__ == "__main__":
    main(*sys.argv[1:])
