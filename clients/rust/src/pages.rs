//! Lists and searches, with no more than a page in memory.

use std::future::Future;

use futures_util::{StreamExt, TryStreamExt, stream};
use tonic::{Request, Response, Status, transport::Channel};

use crate::{
    Client, Error, Result, ResultStream,
    line::Line,
    v1::{self, audio_service_client::AudioServiceClient, library_service_client::LibraryServiceClient},
};

impl Client {
    /// One sound.
    pub async fn sound(&self, audio_id: impl Into<String>) -> Result<v1::Audio> {
        let request = v1::AudioServiceGetRequest { audio_id: audio_id.into() };
        let ask = async |channel, request| AudioServiceClient::new(channel).get(request).await;
        self.line.call(request, ask).await?.audio.ok_or_else(|| Error::incomplete("a sound"))
    }

    /// The caller's sounds, newest first unless the request says otherwise.
    pub fn sounds(&self, request: v1::AudioServiceListRequest) -> ResultStream<v1::Audio> {
        let each = |page: v1::AudioServiceListResponse| stream::iter(page.audios).map(Ok);
        self.sound_pages(request).map_ok(each).try_flatten().boxed()
    }

    /// The caller's sounds, by page; a page is fetched when it is asked for.
    pub fn sound_pages(
        &self,
        request: v1::AudioServiceListRequest,
    ) -> ResultStream<v1::AudioServiceListResponse> {
        let ask = async |channel, request| AudioServiceClient::new(channel).list(request).await;
        pages(&self.line, request, ask, |request, page| {
            let page_token = some(&page.next_page_token)?;
            Some(v1::AudioServiceListRequest { page_token, ..request })
        })
    }

    /// The sounds that a query finds.
    pub fn search(&self, request: v1::QueryRequest) -> ResultStream<v1::Found> {
        let each = |page: v1::QueryResponse| stream::iter(page.found).map(Ok);
        self.search_pages(request).map_ok(each).try_flatten().boxed()
    }

    /// What a query finds, by page, with counts; a page is fetched when it is asked for.
    pub fn search_pages(&self, request: v1::QueryRequest) -> ResultStream<v1::QueryResponse> {
        let ask = async |channel, request| LibraryServiceClient::new(channel).query(request).await;
        pages(&self.line, request, ask, |request, page| {
            let page_token = some(&page.next_page_token)?;
            Some(v1::QueryRequest { page_token, ..request })
        })
    }
}

/// Pages from the first on; `turn` makes the request for the page after one, or None after the last.
fn pages<Q, A, F>(
    line: &Line,
    first: Q,
    ask: impl Fn(Channel, Request<Q>) -> F + Copy + Send + Sync + 'static,
    turn: fn(Q, &A) -> Option<Q>,
) -> ResultStream<A>
where
    Q: Clone + Send + 'static,
    A: Send + 'static,
    F: Future<Output = Result<Response<A>, Status>> + Send,
{
    let line = line.clone();
    stream::try_unfold(Some(first), move |request| {
        let line = line.clone();
        async move {
            let Some(request) = request else { return Ok(None) };
            let page = line.call(request.clone(), ask).await?;
            let next = turn(request, &page);
            Ok(Some((page, next)))
        }
    })
    .boxed()
}

fn some(token: &str) -> Option<String> {
    (!token.is_empty()).then(|| token.to_owned())
}
