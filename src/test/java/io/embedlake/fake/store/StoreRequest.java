package io.embedlake.fake.store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A request to S3 as it is counted. Immutable.
 *
 * @param kind what it asks for
 * @param key the object, or the prefix of those that are listed; empty where it is none
 * @param isConditional whether an object is to be written only where there is none
 */
public record StoreRequest(Kind kind, String key, boolean isConditional) {
    private static final String LOG = "_delta_log";

    /** Kinds of requests, as they are paid for. */
    public enum Kind {
        HEAD,
        GET,
        LIST,
        PUT,
        COPY,
        MULTIPART,
        DELETE,
        OTHER
    }

    /** Of a request with the bucket in its path. */
    static StoreRequest of(HttpMessage request) {
        String[] line = request.startLine().split(" ");
        String[] target = line[1].split("\\?", 2);
        String query = target.length > 1 ? target[1] : "";
        String[] path = target[0].split("/", 3);
        String key = path.length > 2 ? decoded(path[2]) : "";
        Kind kind = kind(line[0], key, query, request.head());
        return new StoreRequest(
                kind,
                kind == Kind.LIST ? parameter(query, "prefix").orElse("") : key,
                request.head().header("If-None-Match").isPresent());
    }

    private static Kind kind(String method, String key, String query, HttpMessage.Head head) {
        boolean isUpload = parameter(query, "uploadId").isPresent()
                || parameter(query, "uploads").isPresent();
        return switch (method) {
            case "HEAD" -> Kind.HEAD;
            case "GET" -> key.isEmpty() ? Kind.LIST : Kind.GET;
            case "PUT" -> {
                if (isUpload) {
                    yield Kind.MULTIPART;
                }
                yield head.header("x-amz-copy-source").isPresent() ? Kind.COPY : Kind.PUT;
            }
            case "POST" -> {
                if (isUpload) {
                    yield Kind.MULTIPART;
                }
                yield parameter(query, "delete").isPresent() ? Kind.DELETE : Kind.OTHER;
            }
            case "DELETE" -> isUpload ? Kind.MULTIPART : Kind.DELETE;
            default -> Kind.OTHER;
        };
    }

    private static Optional<String> parameter(String query, String name) {
        return Arrays.stream(query.split("&"))
                .map(part -> part.split("=", 2))
                .filter(part -> part[0].equals(name))
                .map(part -> part.length > 1 ? decoded(part[1]) : "")
                .findFirst();
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The folder of the object, that of a log without what is in it; the file's name is left out. */
    public String folder() {
        int log = key.indexOf(LOG);
        if (log >= 0) {
            return key.substring(0, log + LOG.length());
        }
        int slash = key.lastIndexOf('/');
        return slash < 0 ? "" : key.substring(0, slash);
    }

    /** Whether it writes an object whose key begins so. */
    public boolean writes(String prefix) {
        return kind == Kind.PUT && key.startsWith(prefix);
    }
}
