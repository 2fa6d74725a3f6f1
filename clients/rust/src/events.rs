//! What happens at the daemon, in order and without a gap.

use futures_util::{FutureExt, StreamExt, stream};

use crate::{Client, ResultStream, answers::Answers, v1, v1::event_service_client::EventServiceClient};

impl Client {
    /// The events after a cursor, then those that happen, each once, however often the stream breaks.
    ///
    /// An empty cursor means from now on; `"0"` means all that is kept; an event's `cursor` goes on after it. `kinds`
    /// are such as `"audio.completed"` or `"audio."`; all if empty.
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

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;
    use tonic::{Request, Response, Status, codegen::BoxStream};

    use super::*;
    use crate::{
        Result,
        fake::{Seen, serve},
        v1::event_service_server::{EventService, EventServiceServer},
    };

    /// Says one event and a heartbeat a stream, and breaks it; notes the cursors that are asked for.
    struct Breaking(Seen<String>);

    #[tonic::async_trait]
    impl EventService for Breaking {
        async fn subscribe(
            &self,
            request: Request<v1::SubscribeRequest>,
        ) -> Result<Response<BoxStream<v1::SubscribeResponse>>, Status> {
            let number = self.0.add(request.into_inner().cursor) * 10;
            let event = v1::Event { cursor: number.to_string(), ..Default::default() };
            let said = v1::SubscribeResponse { cursor: number.to_string(), event: Some(event) };
            let heartbeat = v1::SubscribeResponse { cursor: (number + 5).to_string(), event: None };
            let broken = Status::unavailable("broken");
            Ok(Response::new(stream::iter([Ok(said), Ok(heartbeat), Err(broken)]).boxed()))
        }
    }

    #[tokio::test]
    async fn events_go_on_after_the_last_cursor_that_was_seen() {
        let asked = Seen::default();
        let client = serve(EventServiceServer::new(Breaking(asked.clone())));
        let events: Vec<_> = client.events("0", &[]).take(8).try_collect().await.unwrap();
        assert_eq!(events.last().unwrap().cursor, "80"); // more breaks than there are tries without progress
        assert_eq!(asked.all()[..3], ["0", "15", "25"]);
    }
}
