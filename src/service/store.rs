//! Traces behind a URL: web servers, Amazon S3 and what speaks its language, Google Cloud Storage.
//!
//! Credentials and endpoints come from the environment, under the names that the clouds' own tools
//! use (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, `GOOGLE_SERVICE_ACCOUNT`, …).

use std::io::{self, Write};
use std::time::Duration;

use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, parse_url_opts};
use tokio::runtime::Handle;
use tokio::time::timeout;
use url::Url;

use super::source::{Artifact, version};

/// Bytes of a download.
const MOST: u64 = 4 << 30;
/// For a look, attempts included.
const LOOK: Duration = Duration::from_secs(30);
/// For a download, attempts included.
const FETCH: Duration = Duration::from_secs(600);

/// An object in a store.
#[derive(Debug)]
pub struct Store {
    store: Box<dyn ObjectStore>,
    path: Path,
    runtime: Handle,
}

/// Why an object cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{url:?} is no URL of a trace: {problem}; use https://, http://, s3:// or gs://")]
    Url { url: String, problem: String },
    #[error(transparent)]
    Store(#[from] object_store::Error),
    #[error("the trace's store did not answer within {0:?}")]
    TimedOut(Duration),
    #[error("the trace has {0} bytes, more than the {MOST} that are downloaded")]
    TooLarge(u64),
    #[error("cannot keep the download: {0}; it needs room in the folder for temporary files")]
    Io(#[from] io::Error),
}

impl Store {
    /// The object of a URL. Called on a runtime, which carries the requests.
    ///
    /// # Errors
    /// When the URL is of no known kind, or the environment lacks what its store needs.
    pub fn new(text: &str) -> Result<Self, StoreError> {
        let unusable = |problem: String| StoreError::Url {
            url: text.into(),
            problem,
        };
        let url = Url::parse(text).map_err(|error| unusable(error.to_string()))?;
        // Other names could mean anything to other programs.
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            let named = name.starts_with("AWS_") || name.starts_with("GOOGLE_");
            Some((name, value.into_string().ok()?)).filter(|_| named)
        });
        let mut options: Vec<(String, String)> = environment.collect();
        // Of a single request; a look and a download have limits of their own.
        options.push(("timeout".into(), format!("{} s", FETCH.as_secs())));
        if url.scheme() == "http" {
            options.push(("allow_http".into(), "true".into()));
        }
        let parsed = parse_url_opts(&url, options);
        let (store, path) = parsed.map_err(|error| unusable(error.to_string()))?;
        Ok(Self {
            store,
            path,
            runtime: Handle::current(),
        })
    }

    /// The object's ETag, or when it was written and its length where it has none.
    ///
    /// # Errors
    /// When the store cannot be reached or has no such object.
    pub fn look(&self) -> Result<String, StoreError> {
        let look = async { timeout(LOOK, self.store.head(&self.path)).await };
        let answered = self.runtime.block_on(look);
        let object = answered.map_err(|_| StoreError::TimedOut(LOOK))??;
        Ok(tag(&object))
    }

    /// The object as a file of its own.
    ///
    /// # Errors
    /// When the store cannot be reached, the object is too large, or there is no room for it.
    pub fn fetch(&self) -> Result<Artifact, StoreError> {
        let fetch = async { timeout(FETCH, self.download()).await };
        let fetched = self.runtime.block_on(fetch);
        fetched.map_err(|_| StoreError::TimedOut(FETCH))?
    }

    async fn download(&self) -> Result<Artifact, StoreError> {
        let object = self.store.get(&self.path).await?;
        let tag = tag(&object.meta);
        if object.meta.size > MOST {
            return Err(StoreError::TooLarge(object.meta.size));
        }
        let mut file = tempfile::Builder::new().suffix(".nc").tempfile()?;
        let mut pieces = object.into_stream();
        let mut length = 0;
        while let Some(piece) = pieces.try_next().await? {
            length += piece.len() as u64;
            if length > MOST {
                return Err(StoreError::TooLarge(length));
            }
            file.write_all(&piece)?;
        }
        let download = file.into_temp_path();
        Ok(Artifact {
            path: download.to_path_buf(),
            tag,
            version: version(&download)?,
            _download: Some(download),
        })
    }
}

fn tag(object: &ObjectMeta) -> String {
    let written = || format!("{}-{}", object.last_modified, object.size);
    object.e_tag.clone().unwrap_or_else(written)
}
