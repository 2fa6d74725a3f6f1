//! The bytes of a file that is sent.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use sha2::{Digest, Sha256};

use crate::{Bytes, Error, Result};

const BUFFER: usize = 256 * 1024; // bytes, while the digest is made

/// An open file; a stream that is ending may still read while the next one does.
pub(crate) struct Source {
    file: Mutex<File>,
    /// Its name alone; bytes that are no UTF-8 become U+FFFD.
    pub name: String,
    pub size_bytes: i64,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

impl Source {
    /// Opens and measures it. `UNREADABLE` where it is no regular file, or cannot be read.
    pub async fn open(path: &Path) -> Result<Arc<Self>> {
        let path = path.to_owned();
        aside(move || {
            Self::measure(&path).map_err(|error| Error::unreadable(&path.display().to_string(), error))
        })
        .await
    }

    /// So many bytes from there on. `FILE_CHANGED` where they are there no more.
    pub async fn read(self: &Arc<Self>, offset: i64, length: usize) -> Result<Bytes> {
        let source = Arc::clone(self);
        aside(move || {
            let mut data = vec![0; length];
            match source.fill(offset, &mut data) {
                Ok(()) => Ok(data.into()),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(source.changed()),
                Err(error) => Err(Error::unreadable(&source.name, error)),
            }
        })
        .await
    }

    fn measure(path: &PathBuf) -> io::Result<Arc<Self>> {
        if !path.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")); // a pipe may never end
        }
        let mut file = File::open(path)?;
        let (size_bytes, sha256) = digest(&mut file)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Arc::new(Self { file: Mutex::new(file), name, size_bytes, sha256 }))
    }

    fn fill(&self, offset: i64, data: &mut [u8]) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset.unsigned_abs()))?;
        file.read_exact(data)
    }

    fn changed(&self) -> Error {
        let message = format!("{:?} became shorter while it was sent.", self.name);
        Error::new(tonic::Code::FailedPrecondition, Error::FILE_CHANGED, message)
    }
}

/// The length and the SHA-256 of what can be read.
fn digest(file: &mut impl Read) -> io::Result<(i64, String)> {
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; BUFFER]);
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            length => {
                hash.update(&buffer[..length]);
                size += length as i64;
            }
        }
    }
    let hex = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((size, hex))
}

/// What a function answers that waits for a disk.
async fn aside<T: Send + 'static>(read: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let lost = |_| Error::broken("The runtime ended while a file was read.");
    tokio::task::spawn_blocking(read).await.map_err(lost).flatten()
}
