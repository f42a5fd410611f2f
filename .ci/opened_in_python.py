"""Opens the traces of .ci/arviz and holds them to the table and the data they were made with."""

import csv
import json
import math
import sys
import warnings

import arviz
import numpy as np
import xarray

ENGINES = ["h5netcdf", "netcdf4"]
STATS = {
    "diverging": "bool",
    "reached_max_treedepth": "bool",
    "tree_depth": "int64",
    "n_steps": "int64",
    "energy": "float64",
    "lp": "float64",
    "step_size": "float64",
    "acceptance_rate": "float64",
}


def groups_of(name):
    groups = ["posterior", "sample_stats", "observed_data"]
    return groups + (["log_likelihood", "constant_data"] if name == "months" else [])


def rows_of(name):
    with open(f"{name}.csv") as file:
        header, *rows = csv.reader(file)
    number = lambda text: float(text) if text else math.nan
    columns = {
        title: np.array([number(row[i]) for row in rows])
        for i, title in enumerate(header)
        if i > 0
    }
    times = [row[0] for row in rows]
    if header[0] == "date":
        return "time", np.array(times, dtype="datetime64[ns]"), columns
    return "t", np.array(times, dtype="int64"), columns


def check(name, group, where):
    """Holds the groups that `group` gives by name to the data and to the printed table."""
    posterior, stats, observed = (group(g) for g in ["posterior", "sample_stats", "observed_data"])
    with open(f"{name}.json") as file:
        printed = json.load(file)["parameters"]
    assert set(posterior.data_vars) == set(printed), (where, list(posterior.data_vars))
    for parameter, figures in printed.items():
        draws = posterior[parameter]
        assert draws.dims == ("chain", "draw") and draws.shape == (2, 500), (where, draws)
        np.testing.assert_allclose(draws.mean(), figures["mean"], rtol=1e-12)
        np.testing.assert_allclose(draws.std(ddof=1), figures["sd"], rtol=1e-9)
    for dimension, length in {"chain": 2, "draw": 500}.items():
        np.testing.assert_array_equal(posterior[dimension], np.arange(length))
    assert {n: str(v.dtype) for n, v in stats.data_vars.items()} == STATS, (where, stats)
    assert posterior.attrs["inference_library"] == "fanchart"
    assert "sampling_time" in posterior.attrs and posterior.attrs["tuning_steps"] == 1000
    assert "[priors]" in posterior.attrs["fanchart_model"]

    time, times, columns = rows_of(name)
    y = columns.pop("y")
    assert observed["y"].dims == (time,), (where, observed)
    np.testing.assert_array_equal(observed[time].values, times)
    np.testing.assert_array_equal(observed["y"], y)
    if columns:
        constant = group("constant_data")
        assert set(constant.data_vars) == set(columns)
        for title, values in columns.items():
            np.testing.assert_array_equal(constant[title], values)
    if name == "months":
        likelihood = group("log_likelihood")["y"]
        assert likelihood.dims == ("chain", "draw", "time"), (where, likelihood)
        seen = ~np.isnan(y)
        np.testing.assert_array_equal(likelihood["time"].values, times[seen])
        mean = posterior["intercept"] + posterior["slope"] * xarray.DataArray(np.flatnonzero(seen), dims="time")
        z = (xarray.DataArray(y[seen], dims="time") - mean) / posterior["sigma"]
        expected = -0.5 * z**2 - np.log(posterior["sigma"]) - 0.5 * math.log(2 * math.pi)
        np.testing.assert_allclose(likelihood.values, expected.transpose("chain", "draw", "time").values, rtol=1e-9)


for name in sys.argv[1:]:
    path = f"{name}.nc"
    for engine in ENGINES:
        tree = xarray.open_datatree(path, engine=engine)
        assert set(tree.children) == set(groups_of(name)), list(tree.children)
        check(name, lambda group: tree[group].to_dataset(), f"{path} as a tree of {engine}")
        one = lambda group: xarray.open_dataset(path, group=group, engine=engine)
        check(name, one, f"{path} by {engine}")
    data = arviz.from_netcdf(path)
    # A tree's nodes know their dataset under this name; InferenceData holds datasets.
    group = lambda g: data[g].to_dataset() if hasattr(data[g], "to_dataset") else data[g]
    check(name, group, f"{path} by ArviZ")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        summary = arviz.summary(data)
        assert len(summary) == len(group("posterior").data_vars), summary
        if name == "months":
            loo = arviz.loo(data)
            # 1.x and 0.23 call it by different names.
            assert math.isfinite(loo.elpd if hasattr(loo, "elpd") else loo.elpd_loo), loo
    print(f"{path}: ArviZ {arviz.__version__}, xarray {xarray.__version__} with {' and '.join(ENGINES)}")
