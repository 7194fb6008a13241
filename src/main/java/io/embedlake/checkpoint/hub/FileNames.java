package io.embedlake.checkpoint.hub;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.util.regex.Pattern;

/** The names of files that a hub may give: those that stay in the model's folder on every system. Stateless. */
final class FileNames {
    /** No control characters, nothing that Windows reads as a separator or a drive. */
    private static final Pattern PART = Pattern.compile("[^/\\\\:\\x00-\\x1f]+");

    private FileNames() {}

    /** Refuses a name that leads anywhere else. */
    static String require(HubModel model, String name) {
        for (String part : name.split("/", -1)) {
            if (!PART.matcher(part).matches() || part.equals(".") || part.equals("..")) {
                throw new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot use the model " + model + ": the hub names a file " + name
                                + " (a name stays in the model's folder). Change the key model.");
            }
        }
        return name;
    }
}
