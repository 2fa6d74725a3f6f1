//! The messages that answer a request, however often their stream breaks.

use futures_util::future::BoxFuture;
use tonic::{Request, Response, Status, Streaming, transport::Channel};

use crate::{Error, Result, line::Line, tries::Tries};

/// Opens a stream.
pub(crate) type Ask<Q, A> =
    Box<dyn Fn(Channel, Request<Q>) -> BoxFuture<'static, Result<Response<Streaming<A>>, Status>> + Send>;

/// A stream that goes on after a break with what `request` is then. Whoever reads it knows when it is over, and gives
/// `tries` back as there is progress.
pub(crate) struct Answers<Q, A> {
    line: Line,
    pub request: Q,
    pub tries: Tries,
    ask: Ask<Q, A>,
    open: Option<Streaming<A>>,
}

impl<Q: Clone, A> Answers<Q, A> {
    pub fn new(line: &Line, request: Q, ask: Ask<Q, A>) -> Self {
        Self { line: line.clone(), request, tries: line.tries(), ask, open: None }
    }

    /// The next message. A stream that ends has broken, too.
    pub async fn next(&mut self) -> Result<A> {
        loop {
            let answer = match self.open.take() {
                Some(stream) => read(stream).await,
                None => {
                    let request = self.line.sign(self.request.clone(), &mut self.tries).await?;
                    match (self.ask)(self.line.channel.clone(), request).await {
                        Ok(response) => read(response.into_inner()).await,
                        Err(status) => Err(status.into()),
                    }
                }
            };
            match answer {
                Ok((message, stream)) => {
                    self.open = Some(stream);
                    return Ok(message);
                }
                Err(error) => self.line.recover(error, &mut self.tries).await?,
            }
        }
    }
}

async fn read<A>(mut stream: Streaming<A>) -> Result<(A, Streaming<A>)> {
    match stream.message().await? {
        Some(message) => Ok((message, stream)),
        None => Err(Error::broken("The stream ended.")),
    }
}
