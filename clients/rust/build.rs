//! Makes the stubs out of `../../proto`, without protoc.
//!
//! It is the build script, which writes where Cargo wants it, and the program of the package `stubs`, which writes into
//! the folder that it is given.

use std::{
    env,
    error::Error,
    fs, io,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    let folder =
        env::args_os().nth(1).or_else(|| env::var_os("OUT_DIR")).ok_or("say which folder to write into")?;
    let proto = proto();
    println!("cargo::rerun-if-changed={}", proto.display());
    let set = protox::compile(files(&proto.join("samplemind/v1"))?, [&proto])?;
    fs::create_dir_all(&folder)?;
    tonic_prost_build::configure()
        .build_transport(false)
        .server_mod_attribute(".", "#[cfg(test)]") // tests have a small daemon of their own
        .generate_default_stubs(true)
        .bytes(".")
        .out_dir(&folder)
        .compile_fds(set)?;
    Ok(())
}

/// The folder of the .proto files, from wherever this is built.
fn proto() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let up = if here.ends_with("stubs") { "../../../proto" } else { "../../proto" };
    here.join(up)
}

/// The .proto files of a folder, by name.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut files = entries.collect::<io::Result<Vec<_>>>()?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "proto"));
    files.sort();
    Ok(files)
}
