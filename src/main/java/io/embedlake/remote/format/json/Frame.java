package io.embedlake.remote.format.json;

import io.embedlake.remote.format.BodySize;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/**
 * A request's JSON with gaps for its texts. It is cut once out of what Jackson writes for the request of two marks, so that the record
 * of the request is the only description of it, and a call costs no more than its texts. Immutable.
 */
public final class Frame implements BodySize {
    private static final String FIRST = "\u0001embedlake-1";
    private static final String SECOND = "\u0001embedlake-2";

    private final byte[] before;
    private final byte[] between;
    private final byte[] after;

    private Frame(String before, String between, String after) {
        this.before = before.getBytes(StandardCharsets.UTF_8);
        this.between = between.getBytes(StandardCharsets.UTF_8);
        this.after = after.getBytes(StandardCharsets.UTF_8);
    }

    /** The frame of requests that hold a list of texts. */
    public static Frame ofList(Function<List<String>, ?> request) {
        String json = Json.write(request.apply(List.of(FIRST, SECOND)));
        String first = Json.write(FIRST);
        String second = Json.write(SECOND);
        int one = json.indexOf(first);
        int two = json.indexOf(second);
        if (one < 0
                || two < one + first.length()
                || json.lastIndexOf(first) != one
                || json.lastIndexOf(second) != two) {
            throw new IllegalArgumentException("a request holds each of its texts once, in order");
        }
        return new Frame(
                json.substring(0, one),
                json.substring(one + first.length(), two),
                json.substring(two + second.length()));
    }

    /** The frame of requests that hold a single text. */
    public static Frame ofOne(Function<String, ?> request) {
        String json = Json.write(request.apply(FIRST));
        String first = Json.write(FIRST);
        int one = json.indexOf(first);
        if (one < 0 || json.lastIndexOf(first) != one) {
            throw new IllegalArgumentException("a request holds its text once");
        }
        return new Frame(json.substring(0, one), "", json.substring(one + first.length()));
    }

    @Override
    public long textBytes(String text) {
        return JsonText.bytes(text);
    }

    @Override
    public long bodyBytes(int texts, long textBytes) {
        return before.length + textBytes + (texts - 1L) * between.length + after.length;
    }

    /** The body of a call, in UTF-8. */
    public byte[] body(List<String> texts) {
        byte[] body = new byte
                [Math.toIntExact(bodyBytes(
                        texts.size(), texts.stream().mapToLong(JsonText::bytes).sum()))];
        int at = put(before, body, 0);
        for (int i = 0; i < texts.size(); i++) {
            at = JsonText.write(texts.get(i), body, i == 0 ? at : put(between, body, at));
        }
        put(after, body, at);
        return body;
    }

    private static int put(byte[] part, byte[] body, int at) {
        System.arraycopy(part, 0, body, at, part.length);
        return at + part.length;
    }
}
