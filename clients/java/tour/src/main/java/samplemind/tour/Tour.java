package samplemind.tour;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import samplemind.client.Page;
import samplemind.client.SampleMind;
import samplemind.client.SampleMindException;
import samplemind.client.Uploaded;
import samplemind.v1.Analysis;
import samplemind.v1.AnalyzeResponse;
import samplemind.v1.Audio;
import samplemind.v1.AudioServiceListRequest;
import samplemind.v1.Found;
import samplemind.v1.Query;
import samplemind.v1.QueryRequest;
import samplemind.v1.Range;

/** All that the client does, in turn: java -jar tour.jar SERVER EMAIL PASSWORD FILE.wav. */
public final class Tour {
    private static final String NO_SOUND = "00000000-0000-4000-8000-000000000000";

    private final SampleMind client;
    private final Lines lines = new Lines();

    private Tour(SampleMind client) {
        this.client = client;
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 4) {
            System.err.println("usage: java -jar tour.jar SERVER EMAIL PASSWORD FILE.wav");
            System.exit(2);
        }
        try (var client = SampleMind.connect(arguments[0])) {
            new Tour(client).take(arguments[1], arguments[2], Path.of(arguments[3]));
        } catch (SampleMindException error) {
            System.err.println(error.code() + " " + error.reason() + ": " + error.getMessage());
            System.exit(1);
        } catch (IOException error) {
            System.err.println(error.getMessage());
            System.exit(1);
        }
    }

    private void take(String email, String password, Path file) throws IOException, InterruptedException {
        signIn(email, password);
        Audio sound = bring(file);
        double bpm = analyze(sound.getId());
        follow(sound.getId());
        list();
        search(sound.getName(), bpm);
        new LiveTour(client, lines).play(file);
        lookForWhatIsNotThere();
        outliveATokenAndARestart();
        signOut();
    }

    private void signIn(String email, String password) {
        try {
            client.auth().login(email, password + "x");
        } catch (SampleMindException error) {
            lines.say("refused", "code", error.code(), "reason", error.reason());
        }
        client.auth().login(email, password);
        var me = client.auth().me();
        lines.say("login", "email", me.getUser().getEmail(), "scope", me.getScope().name());
    }

    private Audio bring(Path file) throws IOException {
        Uploaded first = client.sounds().upload(file);
        Audio sound = first.audio();
        lines.say(
                "upload",
                "id", sound.getId(),
                "name", sound.getName(),
                "size_bytes", sound.getSizeBytes(),
                "sha256", sound.getSha256(),
                "sent_bytes", first.sentBytes());
        Uploaded again = client.sounds().upload(file);
        lines.say("again", "id", again.audio().getId(), "sent_bytes", again.sentBytes());
        return sound;
    }

    private double analyze(String id) {
        var kinds = new LinkedHashSet<String>();
        Analysis result = Analysis.getDefaultInstance();
        try (var updates = client.analyze(id)) {
            for (AnalyzeResponse update : updates) {
                kinds.add(kind(update));
                if (update.hasResult()) {
                    result = update.getResult();
                }
            }
        }
        var found = new Findings(result.getDescriptorsList());
        var tempo = found.get("tempo.bpm");
        lines.say(
                "analyze",
                "updates", kinds,
                "state", result.getAudio().getState().name(),
                "bpm", Findings.plain(tempo.getValue()),
                "unit", tempo.getUnit(),
                "confidence", Findings.confidence(tempo),
                "key", Findings.plain(found.get("key.key").getValue()));
        return tempo.getValue().getNumber();
    }

    private static String kind(AnalyzeResponse update) {
        return update.getUpdateCase().name().toLowerCase();
    }

    private void follow(String id) {
        var kinds = new ArrayList<String>();
        try (var events = client.events("0")) {
            for (var event : events) {
                if (!event.getAudioId().equals(id)) {
                    continue;
                }
                kinds.add(event.getKind());
                if (event.getKind().equals("audio.completed")) {
                    lines.say("events", "kinds", kinds, "cursor", event.getCursor());
                    return;
                }
            }
        }
    }

    private void list() {
        var ids = new ArrayList<String>();
        int pages = 0;
        var one = AudioServiceListRequest.newBuilder().setPageSize(1).build();
        for (Page<Audio> page : client.sounds().list(one)) {
            page.values().forEach(sound -> ids.add(sound.getId()));
            pages++;
        }
        lines.say("list", "ids", ids, "pages", pages);
    }

    private void search(String name, double bpm) {
        var query = Query.newBuilder().setText(name.split("[^\\p{L}\\p{N}]+")[0]);
        if (bpm > 0) { // else it is not known
            query.setBpm(Range.newBuilder().setLow(bpm - 1).setHigh(bpm + 1));
        }
        var ids = new ArrayList<String>();
        long total = 0;
        for (Page<Found> page : client.query(QueryRequest.newBuilder().setQuery(query).build())) {
            page.values().forEach(found -> ids.add(found.getAudio().getId()));
            total = page.total();
        }
        lines.say("search", "ids", ids, "total", total);
    }

    private void lookForWhatIsNotThere() {
        try {
            client.sounds().get(NO_SOUND);
        } catch (SampleMindException error) {
            lines.say("missing", "code", error.code(), "reason", error.reason());
        }
        try {
            client.sounds().list(AudioServiceListRequest.newBuilder().setPageSize(-1).build()).iterator().next();
        } catch (SampleMindException error) {
            lines.say("wrong", "code", error.code(), "reason", error.reason(), "fields", error.fields().keySet());
        }
    }

    private void outliveATokenAndARestart() throws InterruptedException {
        Instant end = client.auth().tokens().orElseThrow().expiresAt();
        long left = Math.max(0, Duration.between(Instant.now(), end).toMillis());
        lines.say("wait", "seconds", left / 1e3);
        Thread.sleep(left);
        String email = client.auth().me().getUser().getEmail();
        lines.say("renewed", "email", email, "renewals", client.auth().renewals());
    }

    private void signOut() {
        String last = client.auth().tokens().orElseThrow().access();
        client.auth().logout();
        lines.say("logout");
        client.auth().useToken(last);
        try {
            client.auth().me();
        } catch (SampleMindException error) {
            lines.say("ended", "code", error.code(), "reason", error.reason());
        }
    }
}
