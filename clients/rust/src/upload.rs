//! Bringing a file to the daemon, in pieces that need be sent once only.

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{Stream, stream};

use crate::{
    Client, Error, Result,
    client::request_id,
    line::Line,
    source::Source,
    tries::Tries,
    v1::{self, audio_service_client::AudioServiceClient, create_upload_response::Outcome},
};

const PIECE: i64 = 64 * 1024; // bytes in a message
const STRETCH: i64 = 16 * 1024 * 1024; // bytes in one stream: after each the daemon says how far it is
const STRETCH_DEADLINE: Duration = Duration::from_secs(300);
const FINISH_DEADLINE: Duration = Duration::from_secs(120); // the daemon hashes and syncs the whole file

/// Why a stream ended where that is not clear: ask where the upload stands, and go on from there.
const UNCLEAR: [&str; 3] = [
    "WRONG_OFFSET", // our last stream was not over yet, there
    "STILL_SENDING",
    "DEADLINE_EXCEEDED", // a slow line
];

/// A sound that was brought to the daemon.
#[derive(Debug, Clone, PartialEq)]
pub struct Uploaded {
    /// The sound that the file's bytes are now, or were already.
    pub audio: v1::Audio,
    /// Bytes that went over the line: none where the daemon had them, more than the file has after a break.
    pub sent_bytes: u64,
}

impl Client {
    /// Brings a file to the daemon, which keeps it and queues its analysis. After a break it goes on where the daemon
    /// says.
    ///
    /// # Errors
    /// [`Error::UNREADABLE`] and [`Error::FILE_CHANGED`], besides what the daemon says.
    pub async fn upload(&self, path: impl AsRef<Path>) -> Result<Uploaded> {
        let source = Source::open(path.as_ref()).await?;
        let request = v1::CreateUploadRequest {
            request_id: request_id(),
            name: source.name.clone(),
            size_bytes: source.size_bytes,
            sha256: source.sha256.clone(),
        };
        let ask = async |channel, request| AudioServiceClient::new(channel).create_upload(request).await;
        match self.line.call(request, ask).await?.outcome {
            Some(Outcome::Audio(audio)) => Ok(Uploaded { audio, sent_bytes: 0 }),
            Some(Outcome::Upload(upload)) => {
                let mut sending = Sending { line: &self.line, source, id: upload.id, sent: Arc::default() };
                sending.send(upload.committed_bytes).await?;
                sending.finish().await
            }
            None => Err(Error::incomplete("an upload")),
        }
    }
}

/// A file on its way.
struct Sending<'a> {
    line: &'a Line,
    source: Arc<Source>,
    id: String,
    sent: Arc<Mutex<Sent>>,
}

/// The pieces of one stream.
struct Pieces {
    source: Arc<Source>,
    upload_id: String,
    sent: Arc<Mutex<Sent>>,
    end: i64,
}

/// What went over the line, and what ended it on this side.
#[derive(Default)]
struct Sent {
    bytes: u64,
    wrong: Option<Error>,
}

impl Sending<'_> {
    /// Sends from what is committed to the end; after a break, from what is committed then.
    async fn send(&mut self, mut committed: i64) -> Result<()> {
        let mut tries = self.line.tries();
        while committed < self.source.size_bytes {
            let reached = self.send_stretch(committed, &mut tries).await?;
            if reached > committed {
                tries.renew();
            }
            committed = reached;
        }
        Ok(())
    }

    /// How far the upload is after one stream, whether it broke or not.
    async fn send_stretch(&self, start: i64, tries: &mut Tries) -> Result<i64> {
        let ask = async |channel, request: tonic::Request<()>| {
            let request = request.map(|()| self.pieces(start));
            AudioServiceClient::new(channel).upload_chunks(request).await
        };
        let answer = self.line.call_once(STRETCH_DEADLINE, (), ask, tries).await?;
        if let Some(wrong) = lock(&self.sent).wrong.take() {
            return Err(wrong);
        }
        match answer {
            Ok(answer) => {
                let reached = committed(answer.upload)?;
                if reached <= start {
                    self.line.recover(Error::broken("The daemon took nothing of the file."), tries).await?;
                }
                Ok(reached)
            }
            Err(error) => {
                if !UNCLEAR.contains(&error.reason()) {
                    self.line.recover(error, tries).await?;
                } else if !tries.wait(None).await {
                    return Err(error);
                }
                self.committed().await
            }
        }
    }

    /// The messages of one stream.
    fn pieces(&self, start: i64) -> impl Stream<Item = v1::UploadChunksRequest> + Send + 'static {
        let pieces = Pieces {
            source: Arc::clone(&self.source),
            upload_id: self.id.clone(),
            sent: Arc::clone(&self.sent),
            end: (start + STRETCH).min(self.source.size_bytes),
        };
        stream::unfold((pieces, start), async |(pieces, offset)| {
            let piece = pieces.next(offset).await?;
            let after = offset + piece.data.len() as i64;
            Some((piece, (pieces, after)))
        })
    }

    /// What the daemon says is safely stored.
    async fn committed(&self) -> Result<i64> {
        let request = v1::GetUploadRequest { upload_id: self.id.clone() };
        let ask = async |channel, request| AudioServiceClient::new(channel).get_upload(request).await;
        committed(self.line.call(request, ask).await?.upload)
    }

    async fn finish(self) -> Result<Uploaded> {
        let request = v1::FinishUploadRequest { request_id: request_id(), upload_id: self.id };
        let ask = async |channel, request| AudioServiceClient::new(channel).finish_upload(request).await;
        let answer = self.line.call_within(FINISH_DEADLINE, request, ask).await?;
        let audio = answer.audio.ok_or_else(|| Error::incomplete("a sound"))?;
        let sent_bytes = lock(&self.sent).bytes;
        Ok(Uploaded { audio, sent_bytes })
    }
}

impl Pieces {
    /// The piece from there on; None at the end, or where the file cannot be read, and then `sent` says why.
    async fn next(&self, offset: i64) -> Option<v1::UploadChunksRequest> {
        let length = usize::try_from((self.end - offset).min(PIECE)).ok().filter(|length| *length > 0)?;
        let read = self.source.read(offset, length).await;
        let mut sent = lock(&self.sent);
        match read {
            Ok(data) => {
                sent.bytes += data.len() as u64;
                Some(v1::UploadChunksRequest { upload_id: self.upload_id.clone(), offset, data })
            }
            Err(error) => {
                sent.wrong = Some(error);
                None
            }
        }
    }
}

fn lock(sent: &Mutex<Sent>) -> MutexGuard<'_, Sent> {
    sent.lock().unwrap_or_else(PoisonError::into_inner)
}

fn committed(upload: Option<v1::Upload>) -> Result<i64> {
    upload.map(|upload| upload.committed_bytes).ok_or_else(|| Error::incomplete("an upload"))
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use tonic::{Request, Response, Status, Streaming};

    use super::*;
    use crate::{
        fake::{Seen, serve},
        v1::audio_service_server::{AudioService, AudioServiceServer},
    };

    const COMMITTED: i64 = 3 * PIECE; // when the first stream breaks

    /// Breaks the first stream; notes the offset and length of each piece.
    #[derive(Default)]
    struct Breaking {
        pieces: Seen<(i64, usize)>,
        streams: Seen<()>,
    }

    #[tonic::async_trait]
    impl AudioService for Breaking {
        async fn create_upload(
            &self,
            _: Request<v1::CreateUploadRequest>,
        ) -> Result<Response<v1::CreateUploadResponse>, Status> {
            let upload = v1::Upload { id: "upload".into(), ..Default::default() };
            Ok(Response::new(v1::CreateUploadResponse { outcome: Some(Outcome::Upload(upload)) }))
        }

        async fn upload_chunks(
            &self,
            request: Request<Streaming<v1::UploadChunksRequest>>,
        ) -> Result<Response<v1::UploadChunksResponse>, Status> {
            let (mut pieces, mut end) = (request.into_inner(), 0);
            let first = self.streams.add(()) == 1;
            while let Some(piece) = pieces.message().await? {
                self.pieces.add((piece.offset, piece.data.len()));
                end = piece.offset + piece.data.len() as i64;
                if first && end > COMMITTED {
                    return Err(Status::unavailable("broken"));
                }
            }
            let upload = v1::Upload { committed_bytes: end, ..Default::default() };
            Ok(Response::new(v1::UploadChunksResponse { upload: Some(upload) }))
        }

        async fn get_upload(
            &self,
            _: Request<v1::GetUploadRequest>,
        ) -> Result<Response<v1::GetUploadResponse>, Status> {
            let upload = v1::Upload { committed_bytes: COMMITTED, ..Default::default() };
            Ok(Response::new(v1::GetUploadResponse { upload: Some(upload) }))
        }

        async fn finish_upload(
            &self,
            _: Request<v1::FinishUploadRequest>,
        ) -> Result<Response<v1::FinishUploadResponse>, Status> {
            Ok(Response::new(v1::FinishUploadResponse { audio: Some(v1::Audio::default()) }))
        }
    }

    #[tokio::test]
    async fn an_upload_goes_on_from_what_is_committed() {
        let path = env::temp_dir().join(format!("{}.wav", request_id()));
        let size = 10 * PIECE + 1;
        fs::write(&path, vec![7; size as usize]).unwrap();
        let fake = Breaking::default();
        let pieces = fake.pieces.clone();
        let sent = serve(AudioServiceServer::new(fake)).upload(&path).await;
        fs::remove_file(&path).unwrap();

        let pieces = pieces.all();
        let rest: Vec<_> =
            (3..11).map(|number| (number * PIECE, (size - number * PIECE).min(PIECE) as usize)).collect();
        assert_eq!(pieces[..4], [0, 1, 2, 3].map(|number| (number * PIECE, PIECE as usize)));
        assert_eq!(pieces[4..], rest);
        assert!(sent.unwrap().sent_bytes > size as u64);
    }

    #[tokio::test]
    async fn what_is_no_file_is_said_to_be_unreadable() {
        let client = crate::fake::impatient("localhost:1"); // nobody is asked
        let error = client.upload(env::temp_dir()).await.unwrap_err();
        assert_eq!(error.reason(), Error::UNREADABLE);
    }
}
