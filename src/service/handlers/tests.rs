use std::sync::mpsc;

use hyper::header::HeaderMap;
use tokio::sync::oneshot;

use super::*;
use crate::forecast::Fit;
use crate::trace::{ReadOptions, Trace};

/// A service with one thread and one place in its queue.
fn service(limit: Duration) -> Service {
    Service {
        model: ArcSwapOption::empty(),
        metrics: Metrics::new(Default::default()),
        pool: Pool::new(1, 1).expect("a thread"),
        reloads: Reloads::new().0,
        token: None,
        draining: AtomicBool::new(false),
        limit,
    }
}

fn model() -> Arc<Model> {
    let demo: &[u8] = include_bytes!("../../../artifacts/trace.nc");
    let trace = Trace::from_bytes(demo, &ReadOptions::default()).expect("a trace");
    let fit = Fit::assemble(trace, None, None).expect("a fit");
    // Few draws: nothing here looks at figures.
    Arc::new(Model::new(&fit, "demo".into(), 0, 40).expect("finite"))
}

async fn told(answer: Answer) -> (u16, HeaderMap, String) {
    let (head, body) = answer.into_parts();
    let body = body.collect().await.expect("known whole").to_bytes();
    let text = String::from_utf8(body.to_vec()).expect("UTF-8");
    (head.status.as_u16(), head.headers, text)
}

async fn ask(
    service: &Service,
    body: &str,
    model: Option<&Arc<Model>>,
) -> (u16, HeaderMap, String) {
    told(
        service
            .respond(body.as_bytes(), Some(b"application/json"), model)
            .await,
    )
    .await
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.expect("a runtime").block_on(future)
}

/// Has the pool's one thread wait until the sender is used or dropped.
async fn occupy(service: &Arc<Service>) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let (begin, begun) = oneshot::channel();
    let service = service.clone();
    tokio::spawn(async move {
        let work = move || {
            let _ = begin.send(());
            released.recv().is_ok()
        };
        service
            .pool
            .run(Duration::from_secs(60), work)
            .await
            .map(|_| ())
    });
    begun.await.expect("the thread begins");
    release
}

#[test]
fn without_a_model_a_sound_request_is_told_to_wait() {
    wait(async {
        let service = service(Duration::from_secs(60));
        let (status, headers, text) = ask(&service, r#"{"horizon":7}"#, None).await;
        assert_eq!(
            (status, text.as_str()),
            (503, r#"{"detail":"Model not loaded"}"#)
        );
        assert_eq!(headers[RETRY_AFTER], "1");
        // What is wrong is wrong with a model or without.
        assert_eq!(ask(&service, r#"{"horizon":0}"#, None).await.0, 422);
        assert_eq!(told(service.ready(None)).await.0, 503);
        let model = model();
        assert_eq!(told(service.ready(Some(&model))).await.0, 200);
        service.draining.store(true, Ordering::Relaxed);
        assert_eq!(told(service.ready(Some(&model))).await.0, 503);
    });
}

#[test]
fn when_the_queue_is_full_the_answer_is_429_at_once() {
    wait(async {
        let (service, model) = (Arc::new(service(Duration::from_secs(60))), model());
        let release = occupy(&service).await;
        let waiting = tokio::spawn({
            let (service, model) = (service.clone(), model.clone());
            async move { ask(&service, r#"{"horizon":365}"#, Some(&model)).await.0 }
        });
        tokio::task::yield_now().await;
        let (status, headers, _) = ask(&service, r#"{"horizon":300}"#, Some(&model)).await;
        assert_eq!(
            (status, &headers[RETRY_AFTER]),
            (429, &HeaderValue::from_static("1"))
        );
        // What takes no time needs no thread.
        assert_eq!(ask(&service, r#"{"horizon":7}"#, Some(&model)).await.0, 200);
        release.send(()).expect("it waits");
        assert_eq!(waiting.await.expect("no panic"), 200);
        // Now it is at hand.
        assert!(
            service
                .metrics
                .text()
                .contains("http_rejected_total{reason=\"queue_full\"} 1")
        );
        assert_eq!(
            ask(&service, r#"{"horizon":300}"#, Some(&model)).await.0,
            200
        );
    });
}

#[test]
fn a_forecast_that_is_not_ready_in_time_is_given_up() {
    wait(async {
        let (service, model) = (Arc::new(service(Duration::from_millis(1))), model());
        let _busy = occupy(&service).await;
        let (status, _, text) = ask(&service, r#"{"horizon":365}"#, Some(&model)).await;
        assert_eq!(status, 504, "{text}");
    });
}
