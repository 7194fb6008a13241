package io.embedlake.local.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;

/** The three requests that a download needs. Thread-safe; repeats nothing. */
final class HubClient {
    private static final String LINKED_ETAG = "X-Linked-Etag";
    private static final Pattern ETAG = Pattern.compile("(?:W/)?\"?([A-Za-z0-9][A-Za-z0-9._=+-]{0,127})\"?");
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(?:\\d{1,18}|\\*)");
    private static final int RANGE_REFUSED = 416;

    private final HubHttp http;
    private final HubErrors errors;

    HubClient(HubHttp http, HubErrors errors) {
        this.http = http;
        this.errors = errors;
    }

    /**
     * A file's metadata on the hub. Immutable.
     *
     * @param etag names the content: its hash, on the hub itself
     * @param bytes its length, if the hub states it
     */
    record RemoteFile(String etag, OptionalLong bytes) {}

    /**
     * What the hub says of a model at a revision. Immutable.
     *
     * @param commit what the revision stands for
     * @param names of its files
     */
    record RemoteModel(String commit, List<String> names) {
        RemoteModel {
            names = List.copyOf(names);
        }
    }

    /** Takes what arrives of a file. */
    @FunctionalInterface
    interface Receiver {
        /** The bytes from this place of the file to its end. */
        void accept(long from, InputStream bytes) throws IOException;
    }

    /** The files of a model; empty when it is there but not the revision. */
    Optional<RemoteModel> list(HubModel model) throws IOException {
        HttpUrl address = http.address()
                .addPathSegments("api/models")
                .addPathSegments(model.id())
                .addPathSegment("revision")
                .addPathSegment(model.revisionOrMain())
                .build();
        try (Response answer = http.send(address, request -> request, response -> false)) {
            if ("RevisionNotFound".equals(answer.header("X-Error-Code"))) {
                return Optional.empty();
            }
            if (answer.code() != 200) {
                throw errors.refused(model, "the list of files", answer);
            }
            return Optional.of(listing(model, HubJson.read(answer.body().bytes())));
        }
    }

    /** The metadata of a file. */
    RemoteFile describe(HubModel model, String commit, String file) throws IOException {
        // What the hub says about a file beats what its storage says.
        try (Response answer = http.send(
                address(model, commit, file),
                Request.Builder::head,
                response -> response.header(LINKED_ETAG) != null)) {
            if (answer.code() >= 400) {
                throw errors.refused(model, file, answer);
            }
            Matcher etag = ETAG.matcher(answer.header(LINKED_ETAG, answer.header("ETag", "")));
            if (!etag.matches() || etag.group(1).toLowerCase(Locale.ROOT).endsWith(".incomplete")) {
                throw errors.notAHub(model, "no ETag for " + file);
            }
            String bytes = answer.isRedirect() ? answer.header("X-Linked-Size", "") : length(answer);
            return new RemoteFile(
                    etag.group(1),
                    bytes.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(bytes)) : OptionalLong.empty());
        }
    }

    /**
     * Downloads a file from some place to its end; from its start when the server does not support ranges.
     *
     * @return whether there was anything at that place
     */
    boolean download(HubModel model, String commit, String file, long from, Receiver receiver) throws IOException {
        try (Response answer = http.send(
                address(model, commit, file),
                request -> from > 0 ? request.header("Range", "bytes=" + from + "-") : request,
                response -> false)) {
            switch (answer.code()) {
                case 200 -> receiver.accept(0, answer.body().byteStream());
                case 206 -> receiver.accept(start(answer, from), answer.body().byteStream());
                case RANGE_REFUSED -> {
                    return false;
                }
                default -> throw errors.refused(model, file, answer);
            }
            return true;
        }
    }

    private HttpUrl address(HubModel model, String commit, String file) {
        return http.address()
                .addPathSegments(model.id())
                .addPathSegment("resolve")
                .addPathSegment(commit)
                .addPathSegments(file)
                .build();
    }

    private RemoteModel listing(HubModel model, JsonNode json) {
        String commit = json.path("sha").asText();
        boolean isPinned = model.pinnedCommit().map(commit::equals).orElse(true);
        if (!HubModel.isCommit(commit) || !isPinned || !json.path("siblings").isArray()) {
            throw errors.notAHub(model, "no commit with a list of files");
        }
        List<String> names = new ArrayList<>();
        json.path("siblings")
                .forEach(file -> names.add(
                        NeededFiles.requireSafe(model, file.path("rfilename").asText())));
        return new RemoteModel(commit, names);
    }

    private static String length(Response answer) {
        return answer.header("X-Linked-Size", answer.header("Content-Length", ""));
    }

    private static long start(Response answer, long asked) throws TransferException {
        Matcher range = RANGE.matcher(answer.header("Content-Range", ""));
        if (!range.matches() || Long.parseLong(range.group(1)) != asked) {
            throw new TransferException("a server sent another part of the file than it was asked for");
        }
        return asked;
    }
}
