BEGIN TRANSACTION;
CREATE TABLE analyzer_settings (name VARCHAR(64) NOT NULL PRIMARY KEY, settings TEXT NOT NULL);
CREATE TABLE answers (
    "user" VARCHAR(36) NOT NULL, request VARCHAR(36) NOT NULL, method VARCHAR(128) NOT NULL,
    answer BLOB NOT NULL, at BIGINT NOT NULL, PRIMARY KEY ("user", request));
CREATE TABLE api_keys (
    id VARCHAR(36) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, name VARCHAR(100) NOT NULL,
    prefix VARCHAR(16) NOT NULL, hash VARCHAR(64) NOT NULL, scope VARCHAR(16) NOT NULL,
    created_at BIGINT NOT NULL, expires_at BIGINT, last_used_at BIGINT, revoked_at BIGINT);
CREATE TABLE audios (
    id VARCHAR(36) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, name TEXT NOT NULL, state VARCHAR(16) NOT NULL,
    state_at BIGINT NOT NULL, reason VARCHAR(64) NOT NULL, message TEXT NOT NULL, size BIGINT NOT NULL,
    sha256 VARCHAR(64) NOT NULL, folder VARCHAR(36), path BLOB, mtime_ns BIGINT NOT NULL,
    device BIGINT NOT NULL, inode BIGINT NOT NULL, missing_at BIGINT, created_at BIGINT NOT NULL);
INSERT INTO "audios" VALUES('sent','ada','sent.wav','queued',1000000,'','',4140,'2205cc13793db75d4c992d904530576cfa6d7c7abbfb7653ead3618262a0487b',NULL,NULL,0,0,0,NULL,1000000);
INSERT INTO "audios" VALUES('dropped','ada','tr�.wav','failed',1000000,'UNDECODABLE','It is no sound.',9,'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd','folder',X'7472FF2E776176',1,2,3,NULL,1000000);
CREATE TABLE catalogue (
    sound INTEGER NOT NULL PRIMARY KEY, audio VARCHAR(36) NOT NULL, "user" VARCHAR(36) NOT NULL, name TEXT NOT NULL,
    created_at BIGINT NOT NULL, kind VARCHAR(16) NOT NULL, bpm REAL, "key" INTEGER, root INTEGER, loudness REAL,
    duration REAL, energy REAL, folder VARCHAR(36), state VARCHAR(16) NOT NULL, size BIGINT NOT NULL);
CREATE TABLE contents (
    sha256 VARCHAR(64) NOT NULL PRIMARY KEY, size BIGINT NOT NULL, media TEXT, created_at BIGINT NOT NULL);
INSERT INTO "contents" VALUES('2205cc13793db75d4c992d904530576cfa6d7c7abbfb7653ead3618262a0487b',4140,NULL,1000000);
INSERT INTO "contents" VALUES('dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',9,NULL,1000000);
CREATE TABLE corrections (
    audio VARCHAR(36) NOT NULL, name VARCHAR(64) NOT NULL, "user" VARCHAR(36) NOT NULL, value TEXT NOT NULL,
    at BIGINT NOT NULL, PRIMARY KEY (audio, name));
CREATE TABLE events (
    "user" VARCHAR(36) NOT NULL, sequence BIGINT NOT NULL, kind VARCHAR(32) NOT NULL, at BIGINT NOT NULL,
    audio VARCHAR(36) NOT NULL, job VARCHAR(36) NOT NULL, folder VARCHAR(36) NOT NULL, name TEXT NOT NULL,
    reason VARCHAR(64) NOT NULL, message TEXT NOT NULL, PRIMARY KEY ("user", sequence));
INSERT INTO "events" VALUES('ada',5,'audio.added',1000000,'sent','','','sent.wav','','');
INSERT INTO "events" VALUES('ada',6,'audio.queued',1000000,'sent','waits','','sent.wav','','');
INSERT INTO "events" VALUES('ada',7,'audio.added',1000000,'dropped','','folder','tr�.wav','','');
INSERT INTO "events" VALUES('ada',8,'audio.queued',1000000,'dropped','over','folder','tr�.wav','','');
INSERT INTO "events" VALUES('ada',9,'audio.failed',1000000,'dropped','over','folder','tr�.wav','UNDECODABLE','It is no sound.');
CREATE TABLE familiars (
    "user" VARCHAR(36) NOT NULL, place VARCHAR(64) NOT NULL, seen_at BIGINT NOT NULL, PRIMARY KEY ("user", place));
CREATE TABLE flag_changes (
    id VARCHAR(36) NOT NULL PRIMARY KEY, flag VARCHAR(64) NOT NULL, at BIGINT NOT NULL, author VARCHAR(36) NOT NULL,
    "user" VARCHAR(36) NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL);
CREATE TABLE flag_overrides (
    flag VARCHAR(64) NOT NULL, "user" VARCHAR(36) NOT NULL, enabled BOOLEAN NOT NULL, PRIMARY KEY (flag, "user"));
CREATE TABLE flags (
    name VARCHAR(64) NOT NULL PRIMARY KEY, audience VARCHAR(16) NOT NULL, percent INTEGER NOT NULL);
CREATE TABLE folders (
    id VARCHAR(36) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, path BLOB NOT NULL, state VARCHAR(16) NOT NULL,
    recursive BOOLEAN NOT NULL, include TEXT NOT NULL, ignore TEXT NOT NULL, marker TEXT NOT NULL,
    created_at BIGINT NOT NULL, "write" TEXT NOT NULL DEFAULT '', written_at BIGINT);
INSERT INTO "folders" VALUES('folder','ada',X'2F736F756E6473FF','active',1,'[]','["*.tmp"]','1:2',1000000,'',NULL);
CREATE TABLE forgotten (
    folder VARCHAR(36) NOT NULL, path BLOB NOT NULL, size BIGINT NOT NULL, mtime_ns BIGINT NOT NULL,
    device BIGINT NOT NULL, inode BIGINT NOT NULL, PRIMARY KEY (folder, path));
CREATE TABLE jobs (
    id VARCHAR(36) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, audio VARCHAR(36) NOT NULL,
    open_audio VARCHAR(36), sha256 VARCHAR(64) NOT NULL, state VARCHAR(16) NOT NULL, lane VARCHAR(16) NOT NULL,
    attempts INTEGER NOT NULL, crashes INTEGER NOT NULL, everything BOOLEAN NOT NULL,
    reason VARCHAR(64) NOT NULL, message TEXT NOT NULL, created_at BIGINT NOT NULL, not_before BIGINT NOT NULL,
    started_at BIGINT, finished_at BIGINT, lease VARCHAR(36), lease_expires_at BIGINT, turn BIGINT NOT NULL DEFAULT 0);
INSERT INTO "jobs" VALUES('waits','ada','sent','sent','2205cc13793db75d4c992d904530576cfa6d7c7abbfb7653ead3618262a0487b','queued','batch',0,0,0,'','',1000000,1000000,NULL,NULL,NULL,NULL,1);
INSERT INTO "jobs" VALUES('over','ada','dropped',NULL,'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd','failed','batch',1,0,0,'UNDECODABLE','It is no sound.',1000000,1000000,1000000,1000000,NULL,NULL,0);
CREATE TABLE labels (word INTEGER NOT NULL, sound INTEGER NOT NULL, PRIMARY KEY (word, sound)) WITHOUT ROWID;
CREATE TABLE one_time_codes (
    hash VARCHAR(64) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT);
CREATE TABLE plugin_settings (name VARCHAR(64) NOT NULL PRIMARY KEY, enabled BOOLEAN NOT NULL);
CREATE TABLE print_twins (
    serial BIGINT NOT NULL, other BIGINT NOT NULL, PRIMARY KEY (serial, other)) WITHOUT ROWID;
CREATE TABLE print_words (
    word BIGINT NOT NULL, serial BIGINT NOT NULL, PRIMARY KEY (word, serial)) WITHOUT ROWID;
CREATE TABLE prints (
    serial INTEGER NOT NULL PRIMARY KEY, sha256 VARCHAR(64) NOT NULL, audio VARCHAR(64) NOT NULL, print BLOB,
    seconds REAL NOT NULL);
CREATE TABLE refresh_tokens (
    hash VARCHAR(64) NOT NULL PRIMARY KEY, session VARCHAR(36) NOT NULL, issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL, spent_at BIGINT);
CREATE TABLE results (
    sha256 VARCHAR(64) NOT NULL, analyzer VARCHAR(64) NOT NULL, version INTEGER NOT NULL,
    fingerprint VARCHAR(32) NOT NULL, descriptors TEXT NOT NULL, created_at BIGINT NOT NULL, lists TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (sha256, analyzer));
INSERT INTO "results" VALUES('2205cc13793db75d4c992d904530576cfa6d7c7abbfb7653ead3618262a0487b','level',1,'f','[]',1000000,'{}');
CREATE TABLE "schema_migration" ("id" INTEGER NOT NULL PRIMARY KEY, "name" VARCHAR(255) NOT NULL, "applied" DATETIME NOT NULL);
INSERT INTO "schema_migration" VALUES(1,'0001_first','2026-11-25 16:30:43.644507');
INSERT INTO "schema_migration" VALUES(2,'0002_limits_and_flags','2026-11-25 16:30:43.689128');
INSERT INTO "schema_migration" VALUES(3,'0003_lists_apart','2026-11-25 16:30:43.712534');
INSERT INTO "schema_migration" VALUES(4,'0004_turns','2026-11-25 16:30:43.863687');
INSERT INTO "schema_migration" VALUES(5,'0005_catalogue','2026-11-25 16:30:43.920399');
INSERT INTO "schema_migration" VALUES(6,'0006_vectors','2026-11-25 16:30:43.966320');
INSERT INTO "schema_migration" VALUES(7,'0007_corrections','2026-11-25 16:30:44.073479');
INSERT INTO "schema_migration" VALUES(8,'0008_writes','2026-11-25 16:30:44.141304');
INSERT INTO "schema_migration" VALUES(9,'0009_sessions','2026-11-25 16:30:44.164530');
CREATE TABLE sessions (
    id VARCHAR(36) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, created_at BIGINT NOT NULL, revoked_at BIGINT, last_used_at BIGINT, place VARCHAR(64), agent VARCHAR(200));
CREATE TABLE spendings (
    purse VARCHAR(96) NOT NULL, slot BIGINT NOT NULL, spent BIGINT NOT NULL, expires_at BIGINT NOT NULL,
    PRIMARY KEY (purse, slot));
CREATE TABLE uploads (
    id VARCHAR(36) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, name TEXT NOT NULL, size BIGINT NOT NULL,
    sha256 VARCHAR(64) NOT NULL, audio VARCHAR(36), created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL);
CREATE TABLE users (
    id VARCHAR(36) NOT NULL PRIMARY KEY, email VARCHAR(254) NOT NULL, password TEXT, role VARCHAR(16) NOT NULL,
    marks TEXT NOT NULL, created_at BIGINT NOT NULL, disabled BOOLEAN NOT NULL,
    session_version INTEGER NOT NULL, event_sequence BIGINT NOT NULL);
INSERT INTO "users" VALUES('ada','ada@example.org',NULL,'owner','[]',1000000,0,0,9);
INSERT INTO "users" VALUES('bob','bob@example.org',NULL,'member','["beta"]',1000000,0,3,0);
CREATE TABLE vectors (
    serial INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, sha256 VARCHAR(64) NOT NULL, fingerprint VARCHAR(32) NOT NULL,
    edges VARCHAR(64) NOT NULL, numbers BLOB, bands BLOB, keys BLOB, tuning REAL, bpm REAL, loudness REAL,
    kind VARCHAR(16) NOT NULL);
CREATE TABLE words (
    id INTEGER NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, aspect VARCHAR(16) NOT NULL, word TEXT NOT NULL);
CREATE TABLE write_files (
    "write" VARCHAR(36) NOT NULL, place INTEGER NOT NULL, audio VARCHAR(36) NOT NULL, folder VARCHAR(36) NOT NULL,
    path BLOB NOT NULL, new_path BLOB NOT NULL, tags TEXT NOT NULL, "values" TEXT NOT NULL,
    sidecar BLOB NOT NULL, old_sidecar BLOB NOT NULL, sha256 VARCHAR(64) NOT NULL, size BIGINT NOT NULL,
    mtime_ns BIGINT NOT NULL, inode BIGINT NOT NULL, new_sha256 VARCHAR(64) NOT NULL, new_size BIGINT NOT NULL,
    new_mtime_ns BIGINT NOT NULL, new_inode BIGINT NOT NULL, state VARCHAR(16) NOT NULL, reason VARCHAR(64) NOT NULL,
    message TEXT NOT NULL, sidecar_sha256 VARCHAR(64) NOT NULL, made TEXT NOT NULL, kept BIGINT NOT NULL,
    PRIMARY KEY ("write", place));
CREATE TABLE writes (
    id VARCHAR(36) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, plan TEXT NOT NULL,
    expires_at BIGINT NOT NULL, applied BOOLEAN NOT NULL);
CREATE UNIQUE INDEX "schema_migration_name" ON "schema_migration" ("name");
CREATE UNIQUE INDEX users_email ON users (email);
CREATE INDEX sessions_user ON sessions ("user");
CREATE INDEX refresh_tokens_session ON refresh_tokens (session);
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);
CREATE INDEX api_keys_user ON api_keys ("user");
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);
CREATE INDEX audios_sha256 ON audios (sha256);
CREATE UNIQUE INDEX audios_folder_path ON audios (folder, path);
CREATE INDEX audios_user_created_at_id ON audios ("user", created_at, id);
CREATE INDEX audios_user_name_id ON audios ("user", name, id);
CREATE INDEX audios_user_size_id ON audios ("user", size, id);
CREATE INDEX audios_user_state_at_id ON audios ("user", state_at, id);
CREATE INDEX audios_user_state_created_at_id ON audios ("user", state, created_at, id);
CREATE INDEX audios_user_sha256 ON audios ("user", sha256);
CREATE INDEX jobs_audio ON jobs (audio);
CREATE UNIQUE INDEX jobs_open_audio ON jobs (open_audio);
CREATE INDEX jobs_sha256 ON jobs (sha256);
CREATE INDEX jobs_state_lane_not_before ON jobs (state, lane, not_before);
CREATE INDEX events_at ON events (at);
CREATE INDEX uploads_user ON uploads ("user");
CREATE INDEX uploads_expires_at ON uploads (expires_at);
CREATE UNIQUE INDEX folders_user_path ON folders ("user", path);
CREATE INDEX answers_at ON answers (at);
CREATE INDEX spendings_expires_at ON spendings (expires_at);
CREATE INDEX flag_changes_flag_at_id ON flag_changes (flag, at, id);
CREATE INDEX jobs_state_lane_turn_not_before ON jobs (state, lane, turn, not_before);
CREATE INDEX jobs_user_state_lane_turn ON jobs ("user", state, lane, turn);
CREATE UNIQUE INDEX catalogue_audio ON catalogue (audio);
CREATE INDEX catalogue_user_name_sound ON catalogue ("user", name, sound);
CREATE INDEX catalogue_user_bpm_sound ON catalogue ("user", bpm, sound);
CREATE INDEX catalogue_whole ON catalogue (
    "user", created_at, sound, kind, bpm, "key", root, loudness, duration, energy, folder, state, size, audio);
CREATE UNIQUE INDEX words_user_aspect_word ON words ("user", aspect, word);
CREATE INDEX labels_sound_word ON labels (sound, word)
;
CREATE UNIQUE INDEX vectors_sha256 ON vectors (sha256)
;
CREATE INDEX writes_expires_at ON writes (expires_at);
CREATE INDEX write_files_state ON write_files (state);
CREATE UNIQUE INDEX prints_sha256 ON prints (sha256);
CREATE INDEX prints_audio ON prints (audio);
CREATE INDEX print_words_serial ON print_words (serial);
CREATE INDEX print_twins_other ON print_twins (other);
DELETE FROM "sqlite_sequence";
COMMIT;
