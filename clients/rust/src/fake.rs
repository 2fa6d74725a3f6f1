//! A daemon for tests, of a few calls.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tonic::{
    body::Body,
    codegen::{Service, http},
    server::NamedService,
    transport::server::{Server, TcpIncoming},
};

use crate::Client;

/// What a fake saw, for the test to look at.
pub(crate) struct Seen<T>(Arc<Mutex<Vec<T>>>);

impl<T> Seen<T> {
    pub fn add(&self, one: T) -> usize {
        let mut all = self.all();
        all.push(one);
        all.len()
    }

    pub fn all(&self) -> MutexGuard<'_, Vec<T>> {
        self.0.lock().unwrap()
    }
}

impl<T> Clone for Seen<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// A client of a service that listens on a free port; it tries again without waiting.
pub(crate) fn serve<S>(service: S) -> Client
where
    S: Service<http::Request<Body>, Response = http::Response<Body>, Error = Infallible>
        + NamedService
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send,
{
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = incoming.local_addr().unwrap();
    tokio::spawn(Server::builder().serve_with_incoming(service, incoming));
    impatient(&address.to_string())
}

/// A client that tries again without waiting.
pub(crate) fn impatient(server: &str) -> Client {
    let mut client = Client::new(server).unwrap();
    client.line.delays = [Duration::ZERO; 5].into();
    client
}
