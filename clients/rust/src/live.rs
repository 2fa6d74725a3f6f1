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
    /// What is heard of `sound`, which comes in pieces of any size as `config` says; its end last. After a break it goes
    /// on from the frame that the daemon names: up to 35 s of sound are kept for that, and another 35 s are taken in
    /// before who plays is held up. `config.resume_token` is left empty. Dropping the stream ends it.
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

    /// Learns where to begin, by what name to go on, and when it is over.
    fn heed(&mut self, update: &Update) {
        match update {
            Update::Started(started) => {
                self.answers.request.resume_token.clone_from(&started.resume_token);
                if let Some(start) = self.gate.lock().unwrap_or_else(PoisonError::into_inner).take() {
                    let _ = start.send(started.next_frame); // else the stream has broken again
                }
            }
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
