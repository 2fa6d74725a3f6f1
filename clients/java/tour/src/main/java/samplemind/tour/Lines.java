package samplemind.tour;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints one JSON object a line, at once. */
final class Lines {
    private final Gson gson =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    /** A line of this step: what it says, as names and values in turn. */
    void say(String step, Object... said) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        for (int at = 0; at < said.length; at += 2) {
            line.put((String) said[at], said[at + 1]);
        }
        System.out.println(gson.toJson(line));
        System.out.flush();
    }
}
