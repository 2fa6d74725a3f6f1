package samplemind.client;

import io.grpc.CallOptions;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import samplemind.v1.AnalysisServiceGrpc;
import samplemind.v1.AnalyzeLiveRequest;
import samplemind.v1.AnalyzeLiveResponse;
import samplemind.v1.LiveAudio;
import samplemind.v1.LiveConfig;
import samplemind.v1.LiveFinish;

/** What is heard of sound while it is played; it goes on after a break with what the daemon has not heard. */
final class Playing implements Source<AnalyzeLiveResponse> {
    private final Line line;
    private final Tries tries;
    private final Tape tape;
    private final Thread player;
    private LiveConfig config; // with the token to go on by
    private Thread sender; // of the talk that is open; null where there is none
    private volatile Talk<AnalyzeLiveRequest, AnalyzeLiveResponse> talk;
    private volatile RuntimeException wrong; // why nothing more is sent
    private volatile boolean over;

    Playing(Line line, LiveConfig config, InputStream sound) {
        int frameBytes = Player.frameBytes(config);
        this.line = line;
        this.config = config;
        tries = line.tries();
        tape = new Tape(frameBytes, config.getSampleRateHz());
        player = begin("samplemind-player", new Player(sound, tape, frameBytes));
    }

    /** Anything but "started", which is for going on; the end is the last. */
    @Override
    public AnalyzeLiveResponse next() {
        while (!over) {
            try {
                AnalyzeLiveResponse update = talk().read();
                if (update == null) {
                    recover(new SampleMindException("UNAVAILABLE", "UNAVAILABLE", "The stream ended.", null));
                } else if (heed(update)) {
                    return update;
                }
            } catch (StatusRuntimeException error) {
                recover(Refusal.read(error));
            } catch (InterruptedException error) {
                close();
                throw SampleMindException.interrupted(error);
            }
        }
        return null;
    }

    @Override
    public void close() {
        over = true;
        Talk<AnalyzeLiveRequest, AnalyzeLiveResponse> open = talk;
        if (open != null) {
            open.close(); // first, or the end of the tape would be sent as that of the sound
        }
        tape.finish(null);
        player.interrupt();
    }

    private Talk<AnalyzeLiveRequest, AnalyzeLiveResponse> talk() throws InterruptedException {
        Talk<AnalyzeLiveRequest, AnalyzeLiveResponse> open = talk;
        if (open == null) {
            open = Talk.converse(line.open(AnalysisServiceGrpc.getAnalyzeLiveMethod(), CallOptions.DEFAULT, tries));
            talk = open;
            open.write(AnalyzeLiveRequest.newBuilder().setConfig(config).build());
            if (over) { // closed while it was opened
                open.close();
            }
        }
        return open;
    }

    /** Learns from an answer; whether it is for the caller. */
    private boolean heed(AnalyzeLiveResponse update) {
        tries.refill();
        if (update.hasStarted()) {
            var started = update.getStarted();
            config = config.toBuilder().setResumeToken(started.getResumeToken()).build();
            var open = talk;
            sender = begin("samplemind-sender", () -> send(open, started.getNextFrame()));
            return false;
        }
        if (update.hasEnd()) {
            close();
        }
        return update.getUpdateCase() != AnalyzeLiveResponse.UpdateCase.UPDATE_NOT_SET;
    }

    private void recover(SampleMindException refusal) {
        talk = null;
        if (sender != null) {
            sender.interrupt();
        }
        if (wrong != null) {
            close();
            throw wrong;
        }
        if (!over) {
            line.recover(refusal, tries);
        }
    }

    /** All that is played from a frame on. */
    private void send(Talk<AnalyzeLiveRequest, AnalyzeLiveResponse> to, long frame) {
        try {
            long next = frame;
            Tape.Piece piece;
            while ((piece = tape.next(next)) != null) {
                if (!to.write(audio(piece))) {
                    return;
                }
                next = tape.after(piece);
            }
            to.write(AnalyzeLiveRequest.newBuilder().setFinish(LiveFinish.getDefaultInstance()).build());
            to.finish();
        } catch (InterruptedException error) {
            // the talk broke: another one goes on
        } catch (RuntimeException error) {
            wrong = error;
            to.close();
        }
    }

    private static AnalyzeLiveRequest audio(Tape.Piece piece) {
        var audio = LiveAudio.newBuilder().setFrame(piece.frame()).setData(piece.data());
        return AnalyzeLiveRequest.newBuilder().setAudio(audio).build();
    }

    private static Thread begin(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
