"""The Python side of benches/compare_service: a forecast service with FastAPI and NumPy, as one writes it.

    compare_service.py TRACE PORT
"""

import sys

import h5netcdf
import numpy as np
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, Field

NAMES = ["intercept", "slope", "amplitude", "period", "sigma"]

with h5netcdf.File(sys.argv[1]) as trace:
    posterior = {name: np.asarray(trace["posterior"][name]).reshape(-1, 1) for name in NAMES}
    n_train = len(next(iter(trace["observed_data"].variables.values())))
random = np.random.default_rng()


class ForecastRequest(BaseModel):
    horizon: int = Field(..., gt=0, le=365, description="Number of days ahead to forecast")
    credible_interval: float = Field(default=0.94, gt=0, lt=1, description="Width of the credible interval")


class ForecastPoint(BaseModel):
    day: int
    mean: float
    lower: float
    upper: float


class ForecastResponse(BaseModel):
    horizon: int
    credible_interval: float
    forecasts: list[ForecastPoint]


app = FastAPI(title="Bayesian Forecast API", description="Serves forecasts from a PyMC time series model")


@app.post("/forecast", response_model=ForecastResponse)
async def forecast(request: ForecastRequest):
    t = np.arange(n_train, n_train + request.horizon)
    season = posterior["amplitude"] * np.sin(2 * np.pi * t / posterior["period"])
    mean = posterior["intercept"] + posterior["slope"] * t + season
    draws = random.normal(mean, posterior["sigma"])
    tail = (1 - request.credible_interval) / 2
    lower, upper = np.quantile(draws, [tail, 1 - tail], axis=0)
    points = [
        ForecastPoint(day=int(day), mean=float(m), lower=float(low), upper=float(high))
        for day, m, low, high in zip(t, draws.mean(axis=0), lower, upper)
    ]
    return ForecastResponse(horizon=request.horizon, credible_interval=request.credible_interval, forecasts=points)


@app.get("/health")
async def health():
    return {"status": "ok", "model_loaded": True}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]))
