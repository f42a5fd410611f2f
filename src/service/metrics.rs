//! What is counted, for Prometheus to fetch.
//!
//! No label is a client's to choose: routes are templates, methods and reasons of a fixed set.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::model::Model;
use super::request::ForecastRequest;

/// The type of what [`Metrics::text`] gives.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Seconds, from what a cached answer takes to what no client waits for.
const SECONDS: [f64; 12] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0,
];
const DAYS: [f64; 9] = [1.0, 7.0, 14.0, 30.0, 60.0, 90.0, 180.0, 270.0, 365.0];
const SHARES: [f64; 8] = [0.5, 0.8, 0.9, 0.94, 0.95, 0.99, 0.999, 1.0];

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: &'static str,
    status: u16,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: &'static str,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ReloadLabels {
    trigger: &'static str,
    result: &'static str,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ModelLabels {
    version: String,
    check: &'static str,
}

/// Every count of a service.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<RouteLabels, Histogram, fn() -> Histogram>,
    rejected: Family<ReasonLabels, Counter>,
    connections: Gauge,
    forecast_seconds: Histogram,
    queue_seconds: Histogram,
    cache_hits: Counter,
    cache_misses: Counter,
    horizon: Histogram,
    interval: Histogram,
    model: Family<ModelLabels, Gauge>,
    model_loaded: Gauge,
    model_draws: Gauge,
    reloads: Family<ReloadLabels, Counter>,
    log_lines_dropped: Counter,
}

impl Metrics {
    /// All of them at nothing; `log_lines_dropped` is counted elsewhere.
    pub fn new(log_lines_dropped: Counter) -> Self {
        let seconds = || Histogram::new(SECONDS);
        let mut metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(seconds),
            rejected: Family::default(),
            connections: Gauge::default(),
            forecast_seconds: seconds(),
            queue_seconds: seconds(),
            cache_hits: Counter::default(),
            cache_misses: Counter::default(),
            horizon: Histogram::new(DAYS),
            interval: Histogram::new(SHARES),
            model: Family::default(),
            model_loaded: Gauge::default(),
            model_draws: Gauge::default(),
            reloads: Family::default(),
            log_lines_dropped,
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        let name = "http_requests";
        let help = "Requests answered, by method, route and status";
        registry.register(name, help, self.requests.clone());
        let (name, help) = (
            "http_request_duration",
            "From the head of a request to its answer",
        );
        let histogram = self.request_seconds.clone();
        registry.register_with_unit(name, help, Unit::Seconds, histogram);
        let (name, help) = (
            "http_rejected",
            "Requests not served, and faults in bodies, by reason",
        );
        registry.register(name, help, self.rejected.clone());
        let (name, help) = ("http_connections", "Connections open");
        registry.register(name, help, self.connections.clone());
        let (name, help) = ("forecast_duration", "Making a forecast, queue left out");
        let histogram = self.forecast_seconds.clone();
        registry.register_with_unit(name, help, Unit::Seconds, histogram);
        let (name, help) = ("forecast_queue", "Waiting for a thread of the pool");
        let histogram = self.queue_seconds.clone();
        registry.register_with_unit(name, help, Unit::Seconds, histogram);
        let (name, help) = (
            "forecast_cache_hits",
            "Forecasts whose interval was at hand",
        );
        registry.register(name, help, self.cache_hits.clone());
        let (name, help) = ("forecast_cache_misses", "Forecasts that were computed");
        registry.register(name, help, self.cache_misses.clone());
        let (name, help) = ("forecast_horizon_days", "Horizons asked for");
        registry.register(name, help, self.horizon.clone());
        let (name, help) = ("forecast_credible_interval", "Intervals asked for");
        registry.register(name, help, self.interval.clone());
        let name = "model_info";
        let help = "1 for the model that is served: its version and whether its checks passed";
        registry.register(name, help, self.model.clone());
        let (name, help) = (
            "model_loaded_timestamp",
            "When the model was loaded, Unix time; 0 while none is",
        );
        let gauge = self.model_loaded.clone();
        registry.register_with_unit(name, help, Unit::Seconds, gauge);
        let (name, help) = (
            "model_draws",
            "Posterior draws that forecasts are made from",
        );
        registry.register(name, help, self.model_draws.clone());
        let (name, help) = (
            "model_reloads",
            "Loads of the model, by what asked for them and how they went",
        );
        registry.register(name, help, self.reloads.clone());
        let (name, help) = (
            "log_lines_dropped",
            "Lines of the log that nobody read fast enough",
        );
        registry.register(name, help, self.log_lines_dropped.clone());
    }

    /// A request was answered.
    pub fn answered(&self, method: &'static str, route: &'static str, status: u16, took: Duration) {
        let labels = RequestLabels {
            method,
            route,
            status,
        };
        self.requests.get_or_create(&labels).inc();
        let labels = RouteLabels { route };
        let seconds = self.request_seconds.get_or_create(&labels);
        seconds.observe(took.as_secs_f64());
    }

    /// A request was not served, or a body had a fault.
    pub fn rejected(&self, reason: &'static str) {
        self.rejected.get_or_create(&ReasonLabels { reason }).inc();
    }

    /// A forecast was made.
    pub fn forecast(
        &self,
        request: &ForecastRequest,
        cached: bool,
        queued: Duration,
        worked: Duration,
    ) {
        self.horizon.observe(request.horizon.steps() as f64);
        self.interval.observe(request.interval.get());
        let counter = if cached {
            &self.cache_hits
        } else {
            &self.cache_misses
        };
        counter.inc();
        self.queue_seconds.observe(queued.as_secs_f64());
        self.forecast_seconds.observe(worked.as_secs_f64());
    }

    /// A connection was opened; it is closed when the guard is dropped.
    pub fn connection(&self) -> impl Drop + Send + use<> {
        struct Open(Gauge);
        impl Drop for Open {
            fn drop(&mut self) {
                self.0.dec();
            }
        }
        self.connections.inc();
        Open(self.connections.clone())
    }

    /// A model was loaded, `Some`, or could not be.
    pub fn loaded(&self, trigger: &'static str, model: Option<&Model>) {
        let result = if model.is_some() { "ok" } else { "failed" };
        self.reloads
            .get_or_create(&ReloadLabels { trigger, result })
            .inc();
        if let Some(model) = model {
            let labels = ModelLabels {
                version: model.version.clone(),
                check: model.verdict.name(),
            };
            // One at a time.
            self.model.clear();
            self.model.get_or_create(&labels).set(1);
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            let seconds = now.map_or(0, |now| now.as_secs());
            self.model_loaded
                .set(seconds.try_into().unwrap_or(i64::MAX));
            self.model_draws
                .set(model.draws.try_into().unwrap_or(i64::MAX));
        }
    }

    /// All of them in OpenMetrics, which Prometheus reads.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Memory takes all there is.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
