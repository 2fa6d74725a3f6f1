package samplemind.client;

import java.util.HashSet;
import java.util.Set;
import samplemind.v1.AnalysisServiceGrpc;
import samplemind.v1.AnalyzeRequest;
import samplemind.v1.AnalyzeResponse;
import samplemind.v1.Descriptor;

/** What happens to a sound until it is analysed; asked again after a break, and each finding said once. */
final class Hearing implements Source<AnalyzeResponse> {
    private final Answers<AnalyzeRequest, AnalyzeResponse> answers;
    private final Set<String> found = new HashSet<>(); // one a descriptor: there are some hundred at most
    private double furthest; // of decoding, 0 to 1
    private boolean over;

    Hearing(Line line, String audioId) {
        var request = AnalyzeRequest.newBuilder().setAudioId(audioId).setRequestId(RequestId.fresh()).build();
        answers = new Answers<>(line, AnalysisServiceGrpc.getAnalyzeMethod(), () -> request, true);
    }

    @Override
    public AnalyzeResponse next() {
        AnalyzeResponse update = over ? null : answers.next();
        while (update != null && !isNews(update)) {
            update = answers.next();
        }
        return update;
    }

    @Override
    public void close() {
        answers.close();
    }

    private boolean isNews(AnalyzeResponse update) {
        switch (update.getUpdateCase()) {
            case FINDING:
                Descriptor finding = update.getFinding();
                boolean first = found.add(finding.getName() + " " + finding.getFingerprint());
                return first && progressed();
            case DECODING:
                double fraction = update.getDecoding().getFraction();
                if (fraction > furthest) {
                    furthest = fraction;
                    progressed();
                }
                return true;
            case RESULT:
                over = true;
                answers.close();
                return true;
            default:
                return update.getUpdateCase() != AnalyzeResponse.UpdateCase.UPDATE_NOT_SET;
        }
    }

    private boolean progressed() {
        answers.refill();
        return true;
    }
}
