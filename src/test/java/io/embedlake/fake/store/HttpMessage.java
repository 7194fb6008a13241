package io.embedlake.fake.store;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request or an answer of HTTP/1.1 as it came over the wire. Immutable.
 *
 * @param startLine its first line
 * @param headers the lines of its head
 * @param body its bytes, with the lengths of its chunks where it is chunked
 */
record HttpMessage(String startLine, List<String> headers, byte[] body) {
    private static final int LONGEST_HEAD = 64 << 10;

    HttpMessage {
        headers = List.copyOf(headers);
    }

    /** What comes of a message before its body. */
    record Head(String startLine, List<String> headers) {
        /** The next head of a connection; nothing at its end. */
        static Optional<Head> read(InputStream in) throws IOException {
            Optional<String> first = line(in);
            if (first.isEmpty()) {
                return Optional.empty();
            }
            List<String> headers = new ArrayList<>();
            for (String next = requiredLine(in); !next.isEmpty(); next = requiredLine(in)) {
                headers.add(next);
            }
            return Optional.of(new Head(first.get(), headers));
        }

        Optional<String> header(String name) {
            return headers.stream()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }

        Head without(String name) {
            return new Head(
                    startLine,
                    headers.stream()
                            .filter(line -> !line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                            .toList());
        }

        /** Reads the body that follows, as long as the head says. */
        HttpMessage withBody(InputStream in) throws IOException {
            byte[] body;
            if (header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
                body = chunks(in);
            } else {
                int length = header("Content-Length").map(Integer::parseInt).orElse(0);
                body = in.readNBytes(length);
                if (body.length < length) {
                    throw new EOFException("a body of " + length + " bytes ends after " + body.length);
                }
            }
            return new HttpMessage(startLine, headers, body);
        }

        HttpMessage withoutBody() {
            return new HttpMessage(startLine, headers, new byte[0]);
        }
    }

    Head head() {
        return new Head(startLine, headers);
    }

    void write(OutputStream out) throws IOException {
        write(out, body.length);
    }

    /** Writes the head and the first bytes of the body. */
    void write(OutputStream out, int bodyBytes) throws IOException {
        String head = startLine + "\r\n" + String.join("\r\n", headers) + (headers.isEmpty() ? "\r\n" : "\r\n\r\n");
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.write(body, 0, bodyBytes);
        out.flush();
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        while (true) {
            String size = requiredLine(in);
            write(raw, size);
            int length = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
            if (length == 0) {
                break;
            }
            raw.write(in.readNBytes(length));
            write(raw, requiredLine(in));
        }
        for (String trailer = requiredLine(in); !trailer.isEmpty(); trailer = requiredLine(in)) {
            write(raw, trailer);
        }
        write(raw, "");
        return raw.toByteArray();
    }

    private static void write(ByteArrayOutputStream raw, String line) throws IOException {
        raw.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String requiredLine(InputStream in) throws IOException {
        return line(in).orElseThrow(() -> new EOFException("the connection ended within a message"));
    }

    private static Optional<String> line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return line.isEmpty() ? Optional.empty() : Optional.of(line.toString());
            }
            if (line.length() == LONGEST_HEAD) {
                throw new IOException("a line of more than " + LONGEST_HEAD + " bytes");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return Optional.of(line.toString());
    }
}
