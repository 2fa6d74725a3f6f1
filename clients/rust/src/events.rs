//! What happens at the daemon, in order and without a gap.

use futures_util::{FutureExt, StreamExt, stream};

use crate::{Client, ResultStream, answers::Answers, v1, v1::event_service_client::EventServiceClient};

impl Client {
    /// The events after a cursor, then those that happen, each once, however often the stream breaks.
    ///
    /// An empty cursor means from now on; `"0"` means all that is kept; an event's `cursor` goes on after it. `kinds` are
    /// such as `"audio.completed"` or `"audio."`; all if empty.
    pub fn events(&self, cursor: impl Into<String>, kinds: &[&str]) -> ResultStream<v1::Event> {
        let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        let request = v1::SubscribeRequest { cursor: cursor.into(), kinds };
        let ask = |channel, request| {
            async move { EventServiceClient::new(channel).subscribe(request).await }.boxed()
        };
        let answers = Answers::new(&self.line, request, Box::new(ask));
        stream::try_unfold(answers, async |mut answers| {
            loop {
                let message = answers.next().await?;
                answers.tries.renew();
                answers.request.cursor = message.cursor; // a heartbeat moves it, too
                if let Some(event) = message.event {
                    return Ok(Some((event, answers)));
                }
            }
        })
        .boxed()
    }
}
