"""The forecast that `fanchart forecast --json` prints, the way one would write it in Python.

Reads a trace of the model `sine` with ArviZ, draws one predictive value a posterior draw and day, and
prints mean and equal-tailed interval of each day.
"""

import argparse
import json
import sys

import arviz
import numpy


def forecast(path, horizon, interval, seed):
    trace = arviz.from_netcdf(path)
    draws = {name: trace.posterior[name].values.reshape(-1, 1) for name in trace.posterior.data_vars}
    start = next(iter(trace.observed_data.data_vars.values())).size
    days = numpy.arange(start, start + horizon)

    mean = draws["intercept"] + draws["slope"] * days
    mean = mean + draws["amplitude"] * numpy.sin(2 * numpy.pi * days / draws["period"])
    noise = numpy.random.default_rng(seed).standard_normal(mean.shape)
    predictive = mean + draws["sigma"] * noise

    tail = (1 - interval) / 2
    lower, upper = numpy.quantile(predictive, [tail, 1 - tail], axis=0)
    rows = zip(days.tolist(), predictive.mean(axis=0).tolist(), lower.tolist(), upper.tolist())
    return {
        "horizon": horizon,
        "credible_interval": interval,
        "forecasts": [
            {"day": day, "mean": mean, "lower": lower, "upper": upper}
            for day, mean, lower, upper in rows
        ],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trace")
    parser.add_argument("--horizon", type=int, default=30)
    parser.add_argument("--interval", type=float, default=0.94)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    json.dump(forecast(args.trace, args.horizon, args.interval, args.seed), sys.stdout)
    print()


main()
