"""The Python side of benches/compare_fit: what PyMC's and nutpie's documentation shows, on the demo's model."""

import csv
import json
import sys
import time


def model(series):
    import numpy as np
    import pymc as pm

    with open(series) as rows:
        y = np.array([float(row["y"]) for row in csv.DictReader(rows)])
    t = np.arange(len(y))
    with pm.Model() as model:
        intercept = pm.Normal("intercept", 0, 10)
        slope = pm.Normal("slope", 0, 1)
        amplitude = pm.HalfNormal("amplitude", 5)
        period = pm.Normal("period", 7, 0.5)
        sigma = pm.HalfNormal("sigma", 2)
        mean = intercept + slope * t + amplitude * pm.math.sin(2 * np.pi * t / period)
        pm.Normal("y", mean, sigma, observed=y)
    return model


def pymc(series, path, seed):
    import pymc as pm

    with model(series):
        trace = pm.sample(2000, tune=1000, chains=2, cores=2, random_seed=int(seed), progressbar=False)
    trace.to_netcdf(path)


def nutpie(series, runs):
    import arviz
    import nutpie

    compiled = nutpie.compile_pymc_model(model(series))
    sample = lambda seed: nutpie.sample(compiled, draws=2000, tune=1000, chains=2, cores=2, seed=seed, progress_bar=False)
    # The first one loads what the others have at hand.
    sample(0)
    # One in two does not converge: so many more that some do.
    for seed in range(1, 4 * int(runs) + 1):
        start = time.perf_counter()
        trace = sample(seed)
        seconds = time.perf_counter() - start
        figures = {
            "ess": float(min(arviz.ess(trace).to_array())),
            "r_hat": float(max(arviz.rhat(trace).to_array())),
            "seconds": seconds,
        }
        print(json.dumps(figures), flush=True)


def seconds(trace):
    import h5py

    with h5py.File(trace) as file:
        print(file["posterior"].attrs["sampling_time"].item())


globals()[sys.argv[1]](*sys.argv[2:])
