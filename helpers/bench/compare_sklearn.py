#!/usr/bin/env python3
"""Fits scikit-learn's PCA on what `run pca --write FOLDER` wrote, and holds Verger's result against it."""

import argparse
import os
import time
from pathlib import Path

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_info, threadpool_limits


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what --write named")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)),
                        help="of BLAS; default: one a core")
    parser.add_argument("--rounds", type=int, default=2, help="the least of them counts; default: 2")
    parser.add_argument("--solver", choices=["covariance_eigh", "full"], default="covariance_eigh",
                        help="scikit-learn's svd_solver; default: covariance_eigh, its fastest exact one")
    options = parser.parse_args()
    if not (options.folder / "data.npy").is_file():
        parser.error(f"there is no data.npy in {options.folder}: "
                     f"write it with helpers/bench/run pca --write {options.folder}")
    data = np.load(options.folder / "data.npy")

    contestants = {
        f"scikit-learn {sklearn.__version__}, {options.solver}": lambda: of_sklearn(data, options.solver),
        f"numpy {np.__version__}, XᵀX and eigh": lambda: of_numpy(data),
    }
    times = {name: [] for name in contestants}
    with threadpool_limits(options.threads):
        blas = sorted({f"{pool['internal_api']} {pool['version']}" for pool in threadpool_info()
                       if pool["user_api"] == "blas"})
        for _ in range(options.rounds):
            for name, fit in contestants.items():
                wall, cpu = time.perf_counter(), time.process_time()
                result = fit()
                times[name].append((time.perf_counter() - wall, time.process_time() - cpu))
                if name.startswith("scikit-learn"):
                    reference = result

    print(f"n = {data.shape[0]:,}, d = {data.shape[1]:,}, BLAS {', '.join(blas)} on {options.threads} threads, "
          f"least of {options.rounds} rounds\n")
    print("| contestant | wall s | CPU s |\n|---|---:|---:|")
    for name, rounds in times.items():
        print(f"| {name} | {min(wall for wall, _ in rounds):.2f} | {min(cpu for _, cpu in rounds):.2f} |")

    print("\nLargest relative difference from scikit-learn's:\n")
    print("| Verger | eigenvalues, first 100 | eigenvalues, all | mean | components, first 100 |")
    print("|---|---:|---:|---:|---:|")
    for precision in ("double", "float"):
        if (options.folder / f"{precision}-mean.npy").is_file():
            found = tuple(np.load(options.folder / f"{precision}-{part}.npy")
                          for part in ("explained-variance", "mean", "components"))
            print(f"| {precision} | " + " | ".join(f"{value:.1e}" for value in differences(found, reference)) + " |")


def of_sklearn(data, solver):
    """Explained variance ratios, mean, components (one a row)."""
    pca = PCA(svd_solver=solver).fit(data)
    return pca.explained_variance_ratio_, pca.mean_, pca.components_


def of_numpy(data):
    """The same in the fewest calls."""
    mean = data.mean(axis=0)
    centred = data - mean
    variances, vectors = np.linalg.eigh(centred.T @ centred / (len(data) - 1))
    return variances[::-1] / variances.sum(), mean, vectors.T[::-1]


def differences(found, reference):
    """The largest relative difference of the first and all eigenvalues, the mean, the components up to their sign."""
    shares = np.abs(found[0] / reference[0] - 1)
    mean = np.abs(found[1] - reference[1]).max() / np.abs(reference[1]).max()
    components = reference[2][:len(found[2])]
    signs = np.sign(np.sum(found[2] * components, axis=1, keepdims=True))
    # Components are of length 1, so the length of the difference is a relative one.
    return shares[:100].max(), shares.max(), mean, np.linalg.norm(found[2] - signs * components, axis=1).max()


if __name__ == "__main__":
    main()
