//! What is played and not yet known to have arrived.

use std::{collections::VecDeque, future, io, pin::pin, sync::Arc};

use futures_util::{Stream, StreamExt, stream};
use prost::bytes::BytesMut;
use tokio::sync::watch;

use crate::{Bytes, Error};

const PIECE: usize = 64 * 1024; // bytes in a message, at most
const KEPT_SECONDS: i64 = 35; // of sound: after a break the daemon waits 30 for us

/// Whole frames, and the number of the first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    pub frame: i64,
    pub data: Bytes,
}

/// What is played, until the daemon says that it has it: what is on its way in a break is lost, however much that is.
/// Who plays is held up while it is full.
pub(crate) struct Tape {
    width: usize, // bytes of a frame
    most: i64,    // frames that are kept
    reel: watch::Sender<Reel>,
}

#[derive(Default)]
struct Reel {
    pieces: VecDeque<Piece>,
    end: i64, // frames
    over: bool,
    wrong: Option<Error>,
}

impl Tape {
    /// A tape for frames of so many bytes (1 or more), so many a second.
    pub fn new(width: usize, rate_hz: i32) -> Arc<Self> {
        let most = KEPT_SECONDS * i64::from(rate_hz.max(1));
        Arc::new(Self { width, most, reel: watch::Sender::default() })
    }

    /// Takes in all that is played, in pieces of any size. What is less than a frame at the end is left out.
    pub async fn fill(&self, sound: impl Stream<Item = io::Result<Bytes>>) {
        let (mut sound, mut rest) = (pin!(sound), Bytes::new());
        while let Some(data) = sound.next().await {
            match data {
                Ok(data) => rest = self.add(join(rest, data)).await,
                Err(error) => {
                    let wrong = Error::unreadable("The sound that is played", error);
                    return self.reel.send_modify(|reel| reel.wrong = Some(wrong));
                }
            }
        }
        self.reel.send_modify(|reel| reel.over = true);
    }

    /// Forgets what comes before this frame: the daemon has it.
    pub fn forget(&self, frame: i64) {
        self.reel.send_modify(|reel| {
            let passed = reel.pieces.partition_point(|piece| self.after(piece) <= frame);
            reel.pieces.drain(..passed);
        });
    }

    /// What is played from this frame on, or from the first that is still here. It never ends where the sound could not
    /// be read to its end.
    pub fn read(self: Arc<Self>, frame: i64) -> impl Stream<Item = Piece> + Send + 'static {
        stream::unfold(frame, move |frame| {
            let tape = Arc::clone(&self);
            async move {
                let piece = tape.next(frame).await?;
                let after = tape.after(&piece);
                Some((piece, after))
            }
        })
    }

    /// Why the sound cannot be read on; waits for ever where it can.
    pub async fn failed(&self) -> Error {
        let mut news = self.reel.subscribe();
        let wrong = news.wait_for(|reel| reel.wrong.is_some()).await.ok().and_then(|reel| reel.wrong.clone());
        match wrong {
            Some(error) => error,
            None => future::pending().await,
        }
    }

    /// The piece with this frame, once it is there; None where all has been played.
    async fn next(&self, frame: i64) -> Option<Piece> {
        let mut news = self.reel.subscribe();
        let reel = news.wait_for(|reel| reel.end > frame || reel.over).await.ok()?;
        let passed = reel.pieces.partition_point(|piece| self.after(piece) <= frame);
        reel.pieces.get(passed).cloned()
    }

    /// Keeps the whole frames, and gives back what is left.
    async fn add(&self, mut data: Bytes) -> Bytes {
        let step = (PIECE / self.width).max(1) * self.width;
        while data.len() >= self.width {
            let whole = data.len() / self.width * self.width;
            let data = data.split_to(whole.min(step));
            let mut news = self.reel.subscribe();
            drop(news.wait_for(|reel| reel.kept_frames() < self.most).await); // the tape is here, so there is news
            self.reel.send_modify(|reel| {
                let piece = Piece { frame: reel.end, data };
                reel.end = self.after(&piece);
                reel.pieces.push_back(piece);
            });
        }
        data
    }

    fn after(&self, piece: &Piece) -> i64 {
        piece.frame + (piece.data.len() / self.width) as i64
    }
}

impl Reel {
    fn kept_frames(&self) -> i64 {
        self.end - self.pieces.front().map_or(self.end, |first| first.frame)
    }
}

fn join(rest: Bytes, data: Bytes) -> Bytes {
    if rest.is_empty() {
        return data;
    }
    let mut joined = BytesMut::from(rest);
    joined.extend_from_slice(&data);
    joined.freeze()
}

#[cfg(test)]
mod tests {
    use futures_util::future::poll_immediate;

    use super::*;

    #[tokio::test]
    async fn who_plays_is_held_up_until_the_daemon_has_what_is_kept() {
        let tape = Tape::new(2, 1); // a frame of two bytes a second
        let sound = stream::iter((0..100).map(|_| Ok(Bytes::from_static(&[0, 0]))));
        let mut filling = pin!(tape.fill(sound));
        for had in [0, 10, 30, 64] {
            tape.forget(had);
            assert!(poll_immediate(&mut filling).await.is_none());
            assert_eq!(tape.reel.borrow().end, had + KEPT_SECONDS);
        }
        tape.forget(65);
        assert!(poll_immediate(&mut filling).await.is_some());
        let first = Arc::clone(&tape).read(0).map(|piece| piece.frame).boxed().next().await;
        assert_eq!(first, Some(65));
    }
}
