package io.embedlake.fake.batch;

import io.embedlake.fake.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes the forms apart in which files are uploaded. Stateless. */
final class Multipart {
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";,]+)\"?");
    private static final Pattern NAME = Pattern.compile("(?i)content-disposition:[^\r\n]*[; ]name=\"?([^\";\r\n]+)\"?");
    private static final Pattern FILE = Pattern.compile("(?i)filename=\"?([^\";\r\n]+)\"?");
    private static final String BLANK_LINE = "\r\n\r\n";

    private Multipart() {}

    /**
     * A part of a form. Immutable by agreement.
     *
     * @param file the name of the file, where it is one
     */
    record Part(Optional<String> file, byte[] content) {
        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    /** The parts by name; none where the request is no form. */
    static Map<String, Part> parts(Request request) {
        Map<String, Part> parts = new TreeMap<>();
        Matcher boundary = BOUNDARY.matcher(request.header("content-type").orElse(""));
        if (!boundary.find()) {
            return parts;
        }
        // One byte, one character: nothing is lost on the way there and back.
        String body = new String(request.body(), StandardCharsets.ISO_8859_1);
        for (String part : body.split(Pattern.quote("--" + boundary.group(1)))) {
            int blank = part.indexOf(BLANK_LINE);
            if (blank < 0) {
                continue;
            }
            String headers = part.substring(0, blank);
            Matcher name = NAME.matcher(headers);
            if (name.find()) {
                Matcher file = FILE.matcher(headers);
                String content = part.substring(blank + BLANK_LINE.length(), Math.max(blank + 4, part.length() - 2));
                parts.put(
                        name.group(1),
                        new Part(
                                file.find() ? Optional.of(file.group(1)) : Optional.empty(),
                                content.getBytes(StandardCharsets.ISO_8859_1)));
            }
        }
        return parts;
    }
}
