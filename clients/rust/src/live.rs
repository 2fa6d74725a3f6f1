//! Having sound heard as it is played.

use std::{
    io,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{
    FutureExt, Stream, StreamExt,
    future::{self, Either},
    stream,
};
use tokio::{sync::oneshot, task::JoinSet};

use crate::{
    Bytes, Client, Result, ResultStream,
    answers::{Answers, Ask},
    tape::Tape,
    v1::{
        self, AnalyzeLiveRequest, AnalyzeLiveResponse, LiveConfig, SampleFormat,
        analysis_service_client::AnalysisServiceClient, analyze_live_request::Message,
        analyze_live_response::Update,
    },
};

impl Client {
    /// What is heard of `sound`, which comes in pieces of any size as `config` says; its end last. Dropping the stream
    /// ends it.
    ///
    /// After a break it goes on from the frame that the daemon names; `config.resume_token` is left empty. Sound is
    /// kept until the daemon has it: who plays is held up while there are 35 s of it, and so where the stream is not
    /// read.
    ///
    /// # Errors
    /// [`Error::UNREADABLE`](crate::Error::UNREADABLE) where `sound` fails, besides what the daemon says.
    pub fn play<S>(&self, config: LiveConfig, sound: S) -> ResultStream<Update>
    where
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    {
        let tape = Tape::new(frame_bytes(&config), config.sample_rate_hz);
        let mut filling = JoinSet::new();
        filling.spawn({
            let tape = Arc::clone(&tape);
            async move { tape.fill(sound).await }
        });
        let gate = Arc::default();
        let answers = Answers::new(&self.line, config, ask(Arc::clone(&tape), Arc::clone(&gate)));
        let playing = Playing { answers, tape, gate, over: false, _filling: filling };
        let next = async |mut playing: Playing| Ok(playing.next().await?.map(|update| (update, playing)));
        stream::try_unfold(playing, next).boxed()
    }
}

/// Where the frame is said that the open stream begins with.
type Gate = Arc<Mutex<Option<oneshot::Sender<i64>>>>;

/// A sound that is played.
struct Playing {
    answers: Answers<LiveConfig, AnalyzeLiveResponse>,
    tape: Arc<Tape>,
    gate: Gate,
    over: bool,
    _filling: JoinSet<()>, // ends when it is dropped
}

impl Playing {
    async fn next(&mut self) -> Result<Option<Update>> {
        while !self.over {
            let message = match future::select(pin!(self.answers.next()), pin!(self.tape.failed())).await {
                Either::Left((message, _)) => message?,
                Either::Right((error, _)) => return Err(error),
            };
            self.answers.tries.renew();
            if let Some(update) = message.update {
                self.heed(&update);
                return Ok(Some(update));
            }
        }
        Ok(None)
    }

    /// Learns where to begin, by what name to go on, what has arrived, and when it is over.
    fn heed(&mut self, update: &Update) {
        match update {
            Update::Started(started) => {
                self.answers.request.resume_token.clone_from(&started.resume_token);
                self.tape.forget(started.next_frame);
                if let Some(start) = self.gate.lock().unwrap_or_else(PoisonError::into_inner).take() {
                    let _ = start.send(started.next_frame); // else the stream has broken again
                }
            }
            Update::Progress(now) => self.tape.forget(now.received_frames),
            Update::End(_) => self.over = true,
            _ => {}
        }
    }
}

/// How a stream is opened: with the config, and what is played from the frame on that is expected.
fn ask(tape: Arc<Tape>, gate: Gate) -> Ask<LiveConfig, AnalyzeLiveResponse> {
    Box::new(move |channel, request| {
        let (sender, start) = oneshot::channel();
        *gate.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        let request = request.map(|config| messages(config, Arc::clone(&tape), start));
        async move { AnalysisServiceClient::new(channel).analyze_live(request).await }.boxed()
    })
}

fn messages(
    config: LiveConfig,
    tape: Arc<Tape>,
    start: oneshot::Receiver<i64>,
) -> impl Stream<Item = AnalyzeLiveRequest> + Send + 'static {
    let config = stream::iter([Message::Config(config)]);
    let start = stream::once(start).filter_map(async |frame| frame.ok());
    let pieces = start.flat_map(move |frame| Arc::clone(&tape).read(frame));
    let audio = pieces.map(|piece| Message::Audio(v1::LiveAudio { frame: piece.frame, data: piece.data }));
    let finish = stream::iter([Message::Finish(v1::LiveFinish {})]);
    config.chain(audio).chain(finish).map(|message| AnalyzeLiveRequest { message: Some(message) })
}

/// Bytes of a frame; what makes no sense is for the daemon to refuse.
fn frame_bytes(config: &LiveConfig) -> usize {
    let sample = match config.format() {
        SampleFormat::F32le => 4,
        SampleFormat::S24le => 3,
        SampleFormat::S16le => 2,
        SampleFormat::Unspecified => 1,
    };
    sample * usize::try_from(config.channels).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;
    use tonic::{Request, Response, Status, Streaming, codegen::BoxStream};

    use super::*;
    use crate::{
        Error,
        fake::{Seen, serve},
        v1::analysis_service_server::{AnalysisService, AnalysisServiceServer},
    };

    const BREAK: i64 = 500; // the first frame that was not heard when the first stream breaks

    const HEARD: usize = 6; // pieces of it

    /// Breaks the first stream; notes the token of each, and the pieces.
    #[derive(Default)]
    struct Breaking {
        tokens: Seen<String>,
        pieces: Seen<v1::LiveAudio>,
    }

    #[tonic::async_trait]
    impl AnalysisService for Breaking {
        async fn analyze_live(
            &self,
            request: Request<Streaming<AnalyzeLiveRequest>>,
        ) -> Result<Response<BoxStream<AnalyzeLiveResponse>>, Status> {
            let mut messages = request.into_inner();
            let Some(AnalyzeLiveRequest { message: Some(Message::Config(config)) }) =
                messages.message().await?
            else {
                return Err(Status::invalid_argument("the config comes first"));
            };
            let first = self.tokens.add(config.resume_token) == 1;
            let start =
                v1::LiveStarted { resume_token: "token".into(), next_frame: if first { 0 } else { BREAK } };
            let pieces = self.pieces.clone();
            let end = async move {
                while let Some(message) = messages.message().await? {
                    match message.message {
                        Some(Message::Audio(audio)) => pieces.add(audio),
                        Some(Message::Finish(_)) => return Ok(Update::End(v1::LiveEnd::default())),
                        _ => return Err(Status::invalid_argument("only sound")),
                    };
                    if first && pieces.all().len() == HEARD {
                        return Err(Status::unavailable("broken"));
                    }
                }
                Err(Status::aborted("no finish"))
            };
            let updates = stream::iter([Ok(Update::Started(start))]).chain(stream::once(end));
            let each = |update| AnalyzeLiveResponse { update: Some(update) };
            Ok(Response::new(updates.map_ok(each).boxed()))
        }
    }

    /// A stereo sound of ten pieces of 100 frames, whose bytes are cut elsewhere.
    fn sound() -> impl Stream<Item = io::Result<Bytes>> + Send {
        stream::iter((0..10).flat_map(|number: u8| {
            let piece = Bytes::from(vec![number; 400]);
            [Ok(piece.slice(..398)), Ok(piece.slice(398..))]
        }))
    }

    fn config() -> LiveConfig {
        let format = SampleFormat::S16le.into();
        LiveConfig { format, sample_rate_hz: 8_000, channels: 2, ..Default::default() }
    }

    #[tokio::test]
    async fn a_sound_that_is_played_goes_on_from_the_frame_that_the_daemon_names() {
        let fake = Breaking::default();
        let (tokens, pieces) = (fake.tokens.clone(), fake.pieces.clone());
        let client = serve(AnalysisServiceServer::new(fake));
        let updates: Vec<_> = client.play(config(), sound()).try_collect().await.unwrap();
        assert!(
            matches!(updates[..], [Update::Started(_), Update::Started(_), Update::End(_)]),
            "{updates:?}"
        );
        assert_eq!(*tokens.all(), ["", "token"]);
        let (pieces, mut next) = (pieces.all(), BREAK);
        assert_eq!(pieces[0].frame, 0);
        for piece in &pieces[HEARD..] {
            let first = usize::try_from(piece.frame).unwrap();
            let frames = piece.data.chunks(4).enumerate();
            assert_eq!(piece.frame, next);
            assert!(frames.clone().all(|(number, frame)| *frame == [((first + number) / 100) as u8; 4]));
            next += frames.len() as i64;
        }
        assert_eq!(next, 1_000);
    }

    #[tokio::test]
    async fn a_sound_that_fails_ends_with_its_error() {
        let client = serve(AnalysisServiceServer::new(Breaking::default()));
        let sound = stream::iter([Ok(Bytes::from_static(&[0; 400])), Err(io::Error::other("unplugged"))]);
        let error = client.play(config(), sound).try_collect::<Vec<_>>().await.unwrap_err();
        assert_eq!(error.reason(), Error::UNREADABLE);
    }
}
